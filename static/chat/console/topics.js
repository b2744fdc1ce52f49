/** The choice of a topic: the same one beside the conversation and when closing it. */

import { element } from "./dom.js";

export function fillTopics(select, topics) {
  for (const { slug, name } of topics) select.append(element("option", { value: slug }, name));
}

/** What was chosen before, the topic the conversation has, or the one that is suggested. */
export function chosenTopic(desk, id) {
  return desk.stash.topic(id) || desk.cardOf(id)?.topic || desk.suggestions.topic(id);
}
