/** What the agent does now, and how many chats of how many; the portal's answer decides. */

import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { say } from "./texts.js";

const COMMANDS = { available: "available", busy: "busy", on_phone: "on-phone", away: "away" };

export class ConsolePresence extends DeskView {
  connected() {
    for (const button of this.querySelectorAll("button")) button.title = button.textContent.trim();
    this.on(this, "click", (event) => {
      const button = event.target.closest("button");
      if (button) this.console.run(COMMANDS[button.dataset.state]);
    });
  }

  draw() {
    const { presence, presenceAsked, isOnline, mine, cap } = this.desk;
    for (const button of this.querySelectorAll("button")) {
      const pressed = isOnline && button.dataset.state === presence;
      setAttribute(button, "aria-pressed", String(pressed));
      setAttribute(button, "aria-busy", button.dataset.state === presenceAsked ? "true" : null);
      setAttribute(button, "aria-disabled", isOnline ? null : "true");
    }
    const known = isOnline && cap !== null;
    setText(this.part("load"), known ? say("load", { open: mine.length, cap }) : "");
    this.part("load").classList.toggle("presence-full", known && mine.length >= cap);
  }
}
