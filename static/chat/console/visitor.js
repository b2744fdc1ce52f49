/** How a visitor is called on the screen. */

import { say } from "./texts.js";

export function visitorName(card) {
  return card?.name || say("visitor", { number: card?.number ?? "" });
}
