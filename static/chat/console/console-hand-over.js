/** Asks once more before all conversations are handed over at the end of the shift. */

import { hasDraft } from "./centre.js";
import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { say, sayCount } from "./texts.js";

export class ConsoleHandOver extends DeskView {
  #dialog = null;
  #asked = false;

  connected() {
    this.#dialog = this.querySelector("dialog");
    this.on(this.part("cancel"), "click", () => this.#dialog.close());
    this.on(this.desk, "notice", ({ detail }) => this.#dialog.open && this.#problem(detail.text));
    this.on(this.querySelector("form"), "submit", (event) => {
      event.preventDefault();
      if (this.desk.handingOver) return;
      this.#asked = this.desk.handOver();
      if (!this.#asked) this.#problem(say("no_connection"));
    });
  }

  show() {
    if (this.#dialog.open) return;
    const { mine } = this.desk;
    this.#asked = false;
    this.#problem("");
    this.part("draft").hidden = !mine.some((card) => hasDraft(this.desk, card.conversation));
    const about = mine.length ? sayCount("hand_over_about", mine.length) : say("hand_over_none");
    setText(this.part("about"), about);
    this.#dialog.showModal();
  }

  draw() {
    if (!this.#dialog?.open) return;
    const { handingOver, presence, mine } = this.desk;
    const submit = this.querySelector("[type=submit]");
    setAttribute(submit, "aria-busy", handingOver ? "true" : null);
    if (this.#asked && !handingOver && presence === "away" && !mine.length) this.#dialog.close();
  }

  #problem(sentence) {
    setText(this.part("problem"), sentence);
  }
}
