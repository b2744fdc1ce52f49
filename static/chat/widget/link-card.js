/** A link card in the log: one link that says the title and the summary of a page of the city. */

import { adopt } from "./adopt.js";
import { h } from "./dom.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
.card { padding: 0; white-space: normal; background: #fff; border: 1px solid var(--line); border-inline-start: 3px solid var(--accent) }
.card a { display: block; padding: .625em .875em; text-decoration: none; color: var(--ink) }
.card strong { display: block; color: var(--green); text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: 1px }
.card a:hover strong { text-decoration-thickness: 2px }`);

/** Puts the link in the place of the words that `bubble` holds. */
export function draw(bubble, { title, summary, url }) {
  adopt(sheet, bubble);
  const link = h("a", { href: url }, h("strong", {}, title), " ", summary);
  // Elsewhere the page with the chat would go; here the chat comes along.
  if (!url.startsWith(`${location.origin}/`)) {
    const hint = bubble.querySelector("a .unseen");
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    if (hint) link.append(hint);
  }
  bubble.classList.add("card");
  bubble.replaceChildren(link);
}
