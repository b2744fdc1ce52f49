/** One list of conversations: those that wait, the agent's own, or (supervisor) of colleagues. */

import { newRow, updateRow } from "./card-row.js";
import { DeskView } from "./desk-view.js";
import { follow, setAttribute, setText } from "./dom.js";
import { age } from "./moments.js";
import { say } from "./texts.js";

export class ConsoleCards extends DeskView {
  #of = this.getAttribute("of");

  connected() {
    this.on(this, "click", (event) => this.#click(event));
    this.on(this.desk, "tick", () => this.draw());
  }

  /** Brings the focus to a conversation's line; returns whether it is here. */
  focusCard(id) {
    const row = this.querySelector(`[data-key="${CSS.escape(id ?? "")}"] button.card-open`);
    row?.focus();
    return Boolean(row);
  }

  focusFirst() {
    (this.querySelector("button.card-open") ?? this.querySelector(".cards-title")).focus();
  }

  draw() {
    const cards = this.#cards();
    follow(this.part("list"), cards, {
      key: (card) => card.conversation,
      make: () => newRow(this.#of, { opens: this.#opens }),
      update: (row, card) => updateRow(row, card, this.desk),
    });
    if (this.part("loading")) this.part("loading").hidden = this.desk.loaded;
    if (this.part("empty")) this.part("empty").hidden = !this.desk.loaded || cards.length > 0;
    if (this.#of === "colleagues") this.hidden = !cards.length;
    // Lines without a button: the keyboard needs the list itself to scroll it.
    if (!this.#opens) setAttribute(this.part("list"), "tabindex", "0");
    setText(this.part("note"), this.#note(cards));
  }

  #cards() {
    const { waiting, mine, ofColleagues } = this.desk;
    return { waiting, mine, colleagues: ofColleagues }[this.#of];
  }

  /* Of a colleague's conversation an agent sees that it runs; only a supervisor reads along. */
  get #opens() {
    return this.#of !== "colleagues" || this.desk.me.reads_all === true;
  }

  #note(cards) {
    if (!cards.length) return "";
    if (this.#of !== "waiting") return String(cards.length);
    return say("longest", { age: age(this.desk.now - Date.parse(cards[0].queued_at)) });
  }

  #click(event) {
    const row = event.target.closest("li");
    if (!row) return;
    if (event.target.closest(".card-take")) this.console.run("claim", row.dataset.key);
    else if (event.target.closest("button.card-open")) this.console.run("open", row.dataset.key);
  }
}
