/**
 * What a citizen sees who waits: place and range, and what may be done meanwhile. Fetched when the
 * first `queue` frame comes; then it brings its own copy of what it imports.
 */

import { adopt } from "./adopt.js";
import { h, say } from "./dom.js";
import { Placed } from "./placed.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
.queue { display: grid; gap: .75em; font-size: .875em; line-height: 1.4 }
.place { font-size: 1.1429em; font-weight: 600; text-wrap: balance; font-variant-numeric: tabular-nums }
.queue > :not(.place) { border-top: 1px solid var(--line); padding-top: .75em }
.queue a { display: inline-block; padding-block: .5em }
.queue .links li:first-child { border: 0 }
.queue .links a { display: block }
.queue .button { margin-top: .5em; padding-block: .25em; min-height: 2.75em }`);

/** By the part of the panel that they fill. */
const lines = new WeakMap();

/** Brings the panel in step with a `queue`; null when nobody waits (any more). */
export function show({ frame, words, on, queue }) {
  const { queue: part } = frame.parts;
  adopt(sheet, part);
  if (!lines.has(part)) lines.set(part, new Line({ frame, words, on, part }));
  lines.get(part).show(queue);
}

class Line {
  #frame;
  #words;
  #on;
  #part;
  #place = h("p", { class: "place" });
  #placed;

  constructor({ frame, words, on, part }) {
    this.#frame = frame;
    this.#words = words;
    this.#on = on;
    this.#part = part;
    this.#placed = new Placed((text) => frame.isOpen && frame.speak(text));
  }

  show(queue) {
    this.#placed.now(queue);
    if (!queue) {
      this.#frame.keepFocus(() => this.#part.replaceChildren());
      return;
    }
    say(this.#place, queue.sentences.join(" "));
    if (this.#place.isConnected) return;
    this.#part.replaceChildren(this.#place, ...this.#offers(queue));
    this.#frame.log.grown();
  }

  /** Only the first frames carry them; a conversation that came back to the queue has the place. */
  #offers({ texts, ask, products }) {
    if (!texts) return [];
    const offers = [h("p", {}, texts.stay)];
    if (products.length) offers.push(this.#products(texts.products, products));
    offers.push(this.#ask(texts, ask));
    return offers;
  }

  #products(text, products) {
    const links = products.map(({ title, url }) => h("li", {}, this.#link(title, url)));
    return h("div", {}, h("p", {}, text), h("ul", { class: "links" }, ...links));
  }

  /** On a page of the portal the chat goes along; another site would lose it, so it stays open. */
  #link(title, url) {
    const { href } = new URL(url, import.meta.url);
    return href.startsWith(`${location.origin}/`)
      ? h("a", { href }, title)
      : this.#away(title, href);
  }

  #away(title, href) {
    const away = { href, target: "_blank", rel: "noopener noreferrer" };
    return h("a", away, title, h("span", { class: "unseen" }, ` ${this.#words.t("new_window")}`));
  }

  /** Who left the question need not wait any more; only the person knows, so the person ends it. */
  #ask(texts, url) {
    const end = { class: "button quiet", type: "button", click: this.#on.askEnd };
    const text = h("p", {}, texts.asked);
    const used = h("div", { hidden: true }, text, h("button", end, this.#words.t("end_label")));
    const sent = () => {
      used.hidden = false;
      used.scrollIntoView({ block: "nearest" });
    };
    const link = this.#away(texts.ask, new URL(url, import.meta.url).href);
    link.addEventListener("click", sent);
    return h("div", {}, link, used);
  }
}
