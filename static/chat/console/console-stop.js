/** Asks what citizens read and until when, then closes the chat for now. */

import { AskingDialog } from "./asking-dialog.js";
import { setAttribute } from "./dom.js";
import { say } from "./texts.js";

export class ConsoleStop extends AskingDialog {
  #asked = false;

  show() {
    this.#asked = false;
    this.problem("");
    this.dialog.showModal();
    this.part("text").select();
  }

  draw() {
    if (!this.dialog?.open) return;
    // Closed, by our own word or another's.
    if (this.desk.rush?.stop || !this.desk.rush?.may_switch) this.dialog.close();
    this.drawBusy(this.#asked);
    if (this.#asked && !this.desk.isOnline) this.refused(say("no_connection"));
  }

  submit() {
    const text = this.part("text").value.trim();
    const minutes = Number(this.part("until").value) || null;
    if (!text) {
      this.problem(say("stop_text_needed"));
      this.part("text").focus();
      return;
    }
    const fields = { text, text_en: this.part("text-en").value.trim(), minutes };
    this.#asked = this.desk.switchRush("stop_chat", fields);
    this.problem(this.#asked ? "" : say("no_connection"));
    this.draw();
  }

  refused(sentence) {
    this.#asked = false;
    this.problem(sentence);
  }

  problem(sentence) {
    super.problem(sentence);
    setAttribute(this.part("text"), "aria-invalid", sentence ? "true" : null);
  }
}
