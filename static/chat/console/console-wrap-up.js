/** The time to round off after a chat runs here, and can be ended. */

import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { age } from "./moments.js";
import { say } from "./texts.js";

export class ConsoleWrapUp extends DeskView {
  connected() {
    this.on(this.desk, "tick", () => this.draw());
  }

  draw() {
    const { desk } = this;
    this.hidden = !desk.isOnline || !desk.roundsOff;
    if (this.hidden) return;
    const left = Math.ceil((Date.parse(desk.wrapUpUntil) - desk.now) / 1000) * 1000;
    setText(this.part("text"), say("rounding_off", { left: age(left) }));
    setAttribute(this.querySelector("button"), "aria-disabled", null);
  }
}
