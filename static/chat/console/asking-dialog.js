/** What the dialogs share that ask before something is done: they wait for the portal, and close. */

import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";

export class AskingDialog extends DeskView {
  connected() {
    this.dialog = this.querySelector("dialog");
    this.on(this.part("cancel"), "click", () => this.dialog.close());
    // A notice would stand behind the dialog.
    this.on(this.desk, "notice", ({ detail }) => this.dialog.open && this.refused(detail.text));
    this.on(this.querySelector("form"), "submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  /** The person agreed. */
  submit() {}

  /** The portal did not. */
  refused(sentence) {
    this.problem(sentence);
  }

  problem(sentence) {
    setText(this.part("problem"), sentence);
  }

  drawBusy(busy) {
    setAttribute(this.querySelector("[type=submit]"), "aria-busy", busy ? "true" : null);
  }
}
