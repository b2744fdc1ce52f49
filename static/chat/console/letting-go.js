/** What the dialogs share that end an agent's part in one conversation. */

import { AskingDialog } from "./asking-dialog.js";
import { setAttribute, setText } from "./dom.js";
import { say } from "./texts.js";
import { visitorName } from "./visitor.js";

export class LettingGo extends AskingDialog {
  id = null;
  #asked = false;

  /** Asks about conversation `id`. */
  show(id) {
    this.id = id;
    this.#asked = false;
    this.problem("");
    const name = visitorName(this.desk.cardOf(id));
    setText(this.part("about"), say(this.aboutKey, { name }));
    this.opened?.();
    this.dialog.showModal();
  }

  draw() {
    if (!this.dialog?.open) return;
    const busy = this.desk.busy.has(this.id);
    this.drawBusy(busy);
    setAttribute(this.querySelector("[type=submit]"), "aria-disabled", busy ? "true" : null);
    // Over, by our own word or another's: nothing is left to ask.
    if (!this.desk.isMine(this.id)) this.dialog.close();
    else if (this.#asked && !busy && !this.desk.isOnline) this.problem(say("no_connection"));
  }

  submit() {
    if (this.desk.busy.has(this.id)) return;
    if (!this.desk.isOnline) {
      this.problem(say("no_connection"));
      return;
    }
    this.#asked = this.act();
  }
}
