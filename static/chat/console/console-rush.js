/** The supervisor's switch in the bar: the telephone first, for how long; and the chat closed. */

import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { restWords } from "./rush-words.js";

const USUAL_MINUTES = 60;

export class ConsoleRush extends DeskView {
  connected() {
    this.menu = this.querySelector("[popover]");
    this.on(this.part("toggle"), "click", () => this.#switch(!this.desk.rush?.phone_first));
    this.on(this.part("resume"), "click", () => this.#choose("resume_chat"));
    this.on(this.part("stop"), "click", () => this.menu.hidePopover());
    for (const button of this.querySelectorAll("[data-minutes]")) {
      const minutes = Number(button.dataset.minutes);
      this.on(button, "click", () => this.#choose("phone_first", { on: true, minutes }));
    }
  }

  /** For the key: opens the menu with the focus in it; nothing for who may not switch. */
  open() {
    if (this.hidden) return;
    this.menu.showPopover();
    this.menu.querySelector("button").focus();
  }

  draw() {
    const { rush, isOnline, lang } = this.desk;
    this.hidden = !rush?.may_switch;
    if (this.hidden) return;
    const toggle = this.part("toggle");
    setAttribute(toggle, "aria-pressed", String(Boolean(rush.phone_first)));
    for (const button of this.querySelectorAll("button")) {
      setAttribute(button, "aria-disabled", isOnline ? null : "true");
    }
    this.part("stop").hidden = Boolean(rush.stop);
    this.part("resume").hidden = !rush.stop;
    const rests = this.part("rests");
    setText(rests, restWords(rush, lang));
    rests.hidden = !rests.textContent;
  }

  #choose(type, fields) {
    this.menu.hidePopover();
    this.part("more").focus();
    this.console.run("rush", { type, fields });
  }

  #switch(on) {
    const fields = on ? { on, minutes: USUAL_MINUTES } : { on };
    this.console.run("rush", { type: "phone_first", fields });
  }
}
