/** The choice of a topic: the same one beside the conversation and when closing it. */

import { element } from "./dom.js";

export function fillTopics(select, topics) {
  for (const { slug, name } of topics) select.append(element("option", { value: slug }, name));
}

/** What was chosen before, or the topic the conversation already has. */
export function chosenTopic(desk, id) {
  return desk.stash.topic(id) || desk.cardOf(id)?.topic || "";
}
