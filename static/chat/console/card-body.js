/** A link card in the log: the page it leads to, with title and summary as one link. */

import { element, icon } from "./dom.js";

export function newCard({ card }, view) {
  const attributes = { class: "link-card", href: card.url, target: "_blank", rel: "noopener" };
  const title = element("strong", { class: "link-card-title" }, card.title);
  const words = element("span", { class: "link-card-words" }, title, " ", card.summary);
  const link = element("a", attributes, words, icon("external-link"));
  return element("div", { class: "msg-text msg-card", lang: view.lang }, link);
}
