/** The options of a listbox that a text field steers: which is chosen, and how that is said. */

import { element, follow, setAttribute, setText } from "./dom.js";

export class ListChoice {
  #field;
  #list;
  #items = [];
  #at = -1;

  /** `keyOf(item)`, `draw(node, item)` and `onPick(item)` say what an option is, shows and does. */
  constructor({ field, list, keyOf, draw, onPick }) {
    this.#field = field;
    this.#list = list;
    Object.assign(this, { keyOf, drawOption: draw, onPick });
    // Before the field loses the focus to it.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => this.#click(target));
  }

  get chosen() {
    return this.#items[this.#at] ?? null;
  }

  get count() {
    return this.#items.length;
  }

  /** Shows `items`, with the one at `at` chosen; -1 for none. */
  show(items, at = 0) {
    this.#items = items;
    this.#at = Math.min(at, items.length - 1);
    follow(this.#list, items, {
      key: this.keyOf,
      make: () => element("li", { role: "option", class: "option" }),
      update: (node, item) => {
        if (node.item !== item) this.drawOption(node, item);
        node.item = item;
      },
    });
    [...this.#list.children].forEach((node, n) => {
      node.id = `${this.#list.id}-${n}`;
    });
    this.#mark();
  }

  /** The next or the one before, around the end. */
  step(by) {
    const count = this.#items.length;
    if (!count) return;
    this.#at = this.#at < 0 ? (by > 0 ? 0 : count - 1) : (this.#at + by + count) % count;
    this.#mark();
  }

  #mark() {
    [...this.#list.children].forEach((node, n) => {
      setAttribute(node, "aria-selected", String(n === this.#at));
      if (n === this.#at) node.scrollIntoView({ block: "nearest" });
    });
    const id = this.#at < 0 ? null : `${this.#list.id}-${this.#at}`;
    setAttribute(this.#field, "aria-activedescendant", id);
  }

  #click(target) {
    const item = target.closest("[role=option]")?.item;
    if (item) this.onPick(item);
  }
}

/** Fills an option: a title, and beside or below it what it is about. */
export function drawTitled(node, { title, about, hint = "" }) {
  if (!node.firstChild) {
    node.append(
      element("span", { class: "option-title" }),
      element("span", { class: "option-hint" }),
      element("span", { class: "option-about" }),
    );
  }
  setText(node.querySelector(".option-title"), title);
  setText(node.querySelector(".option-hint"), hint);
  setText(node.querySelector(".option-about"), about);
}
