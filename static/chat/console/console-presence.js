/** Available or away; the portal's answer decides what is shown. */

import { DeskView } from "./desk-view.js";
import { setAttribute } from "./dom.js";

export class ConsolePresence extends DeskView {
  connected() {
    this.on(this, "click", (event) => {
      const button = event.target.closest("button");
      if (button) this.console.run(button.dataset.state);
    });
  }

  draw() {
    const { presence, presenceAsked, isOnline } = this.desk;
    for (const button of this.querySelectorAll("button")) {
      const pressed = isOnline && button.dataset.state === presence;
      setAttribute(button, "aria-pressed", String(pressed));
      setAttribute(button, "aria-busy", button.dataset.state === presenceAsked ? "true" : null);
      setAttribute(button, "aria-disabled", isOnline ? null : "true");
    }
  }
}
