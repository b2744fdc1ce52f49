/** Asks once more before all conversations are handed over at the end of the shift. */

import { AskingDialog } from "./asking-dialog.js";
import { hasDraft } from "./centre.js";
import { setText } from "./dom.js";
import { say, sayCount } from "./texts.js";

export class ConsoleHandOver extends AskingDialog {
  #asked = false;

  show() {
    if (this.dialog.open) return;
    const { mine } = this.desk;
    this.#asked = false;
    this.problem("");
    this.part("draft").hidden = !mine.some((card) => hasDraft(this.desk, card.conversation));
    const about = mine.length ? sayCount("hand_over_about", mine.length) : say("hand_over_none");
    setText(this.part("about"), about);
    this.dialog.showModal();
  }

  draw() {
    if (!this.dialog?.open) return;
    const { handingOver, presence, mine } = this.desk;
    this.drawBusy(handingOver);
    if (this.#asked && !handingOver && presence === "away" && !mine.length) this.dialog.close();
  }

  submit() {
    if (this.desk.handingOver) return;
    this.#asked = this.desk.handOver();
    if (!this.#asked) this.problem(say("no_connection"));
  }
}
