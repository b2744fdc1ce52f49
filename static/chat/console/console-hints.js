/** Above the answer: what fits the last question. An answer goes into the field, a page as a card. */

import { answerText } from "./answering.js";
import { DeskView } from "./desk-view.js";
import { element, follow, icon, setAttribute, setText } from "./dom.js";
import { sentPages } from "./sent-pages.js";
import { say } from "./texts.js";

const SAME_PRESS_MS = 300; // a key that is held down repeats

export class ConsoleHints extends DeskView {
  #armed = null;
  #pressedAt = -Infinity;

  connected() {
    this.on(this, "click", ({ target }) => {
      const key = target.closest("[data-hint]")?.dataset.hint;
      if (key) this.#press(key);
    });
    this.on(this, "focusout", () => this.#arm(null));
  }

  draw() {
    const { desk } = this;
    const id = desk.openId;
    if (!id) return;
    desk.suggestions.ask(id);
    const sent = sentPages(desk, id);
    follow(this.part("list"), desk.suggestions.of(id), {
      key: ({ key }) => key,
      make: newHint,
      update: (node, hint) => this.#update(node, hint, sent),
    });
    const isEmpty = !this.part("list").children.length;
    this.part("empty").hidden = !isEmpty;
    this.part("alt").hidden = isEmpty;
    [...this.part("list").children].forEach((node, at) => {
      setText(node.kbd, this.#keyOf(node, at));
    });
  }

  /** The suggestion in this place (from 0), as a click on it. */
  choose(place) {
    const node = this.part("list").children[place];
    if (node) this.#press(node.dataset.hint);
  }

  /* A page goes out at the second press, or at Enter: the first one shows what would be sent. */
  #press(key) {
    const { desk, console: page } = this;
    if (desk.clock() - this.#pressedAt < SAME_PRESS_MS) return;
    this.#pressedAt = desk.clock();
    const hint = desk.suggestions.of(desk.openId).find((one) => one.key === key);
    if (!hint || !desk.isMine(desk.openId)) return;
    const reply = page.querySelector("console-reply");
    if (hint.answer) reply.insert(answerText(desk, desk.openId, hint.answer));
    else if (this.#armed === key) {
      desk.sendCard(desk.openId, hint.product.slug);
      this.#arm(null);
      reply.focusAnswer();
    } else {
      this.#arm(key);
      this.querySelector(`[data-hint="${key}"]`).focus();
    }
  }

  #arm(key) {
    if (this.#armed === key) return;
    this.#armed = key;
    this.draw();
  }

  #keyOf(node, at) {
    return node.dataset.hint === this.#armed ? say("hint_enter") : String(at + 1);
  }

  #update(node, { key, answer, product, title }, sent) {
    const armed = key === this.#armed;
    const wasSent = Boolean(product) && sent.has(product.card.nl.url);
    node.classList.toggle("hint-armed", armed);
    setText(node.words, product?.short[this.desk.lang] ?? title);
    node.check.toggleAttribute("hidden", !wasSent);
    const words = answer
      ? "hint_answer"
      : armed
        ? "hint_armed"
        : wasSent
          ? "hint_again"
          : "hint_card";
    setAttribute(node, "aria-label", say(words, { title }));
    setAttribute(node, "title", title);
  }
}

function newHint({ key, answer }) {
  const title = element("span", { class: "hint-title" });
  const kbd = element("kbd", { "aria-hidden": "true" });
  const check = icon("check");
  const mark = icon(answer ? "message-circle" : "external-link");
  const node = element("button", { type: "button", class: "hint", "data-hint": key });
  node.append(mark, title, check, kbd);
  return Object.assign(node, { words: title, kbd, check });
}
