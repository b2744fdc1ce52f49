/** What the two dialogs share that end an agent's part: they ask, wait for the portal, and close. */

import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { say } from "./texts.js";
import { visitorName } from "./visitor.js";

export class LettingGo extends DeskView {
  id = null;
  #asked = false;

  connected() {
    this.dialog = this.querySelector("dialog");
    this.form = this.querySelector("form");
    this.on(this.part("cancel"), "click", () => this.dialog.close());
    // A notice would stand behind the dialog.
    this.on(this.desk, "notice", ({ detail }) => this.dialog.open && this.problem(detail.text));
    this.on(this.form, "submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

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
    const submit = this.form.querySelector("[type=submit]");
    setAttribute(submit, "aria-busy", busy ? "true" : null);
    setAttribute(submit, "aria-disabled", busy ? "true" : null);
    // Over, by our own word or another's: nothing is left to ask.
    if (!this.desk.isMine(this.id)) this.dialog.close();
    else if (this.#asked && !busy && !this.desk.isOnline) this.problem(say("no_connection"));
  }

  problem(sentence) {
    setText(this.part("problem"), sentence);
  }

  #submit() {
    if (this.desk.busy.has(this.id)) return;
    if (!this.desk.isOnline) {
      this.problem(say("no_connection"));
      return;
    }
    this.#asked = this.act();
  }
}
