/** What stands in place of the field: closed, ended, or the question whether to end. */

import { h, say } from "./dom.js";
import { icon } from "./icon.js";

/** The chat is closed: when it opens again, and every other way to get an answer. */
export class Closed {
  #sentence = h("p", { class: "strong" });
  element;

  constructor(words, { phone, ask, products, at }) {
    const ways = h("ul", { class: "ways" });
    const way = (name, href, text) =>
      ways.append(h("li", {}, h("a", { class: "way", href }, icon(name), text)));
    if (phone?.label) way("phone", phone.href, words.t("call", { number: phone.label }));
    way("mail", at(ask), words.t("ask"));
    this.element = h("div", { class: "shut" }, this.#sentence, words.t("closed_help"), ways);
    if (!products.length) return;
    const links = products.map(({ title, url }) => h("li", {}, h("a", { href: at(url) }, title)));
    this.element.append(h("h3", {}, words.t("products")), h("ul", { class: "links" }, ...links));
  }

  show(isShown, sentence) {
    this.element.hidden = !isShown;
    say(this.#sentence, sentence);
  }
}

/** A question or fact with at most two buttons. */
export class Choice {
  #text = h("p", { class: "strong" });
  #more = h("p");
  #first;
  element;

  /** `first` and `second` are `[text, act]`. */
  constructor(first, second) {
    this.#first = h("button", { class: "button", type: "button", click: first[1] }, first[0]);
    const quiet = { class: "button quiet", type: "button", click: second[1] };
    const buttons = h("div", { class: "buttons" }, this.#first, h("button", quiet, second[0]));
    this.element = h("div", { class: "choice" }, this.#text, this.#more, buttons);
    this.element.hidden = true;
  }

  /** Without `hasFirst` the second button stands alone. */
  show(isShown, { text = "", more = "", hasFirst = true } = {}) {
    this.element.hidden = !isShown;
    say(this.#text, text);
    say(this.#more, more);
    this.#more.hidden = !more;
    this.#first.hidden = !hasFirst;
  }
}
