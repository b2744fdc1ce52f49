/** How a visitor is called on the screen, and how long one waited. */

import { length } from "./moments.js";
import { say } from "./texts.js";

export function visitorName(card) {
  return card?.name || say("visitor", { number: card?.number ?? "" });
}

/** How long the visitor waited for an agent, in words. */
export function waited(card) {
  const words = { hour: say("hour_unit"), minute: say("minute_unit"), second: say("second_unit") };
  return length(Date.parse(card.joined_at ?? card.queued_at) - Date.parse(card.queued_at), words);
}
