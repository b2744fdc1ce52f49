/** The overview of shortcuts, and the switch of the only one that is a single key. */

import { DeskView } from "./desk-view.js";
import { preferences } from "./preferences.js";

const KEY = "single-keys";

export class ConsoleKeys extends DeskView {
  #dialog = null;
  singleKeys = true;

  connected() {
    this.#dialog = this.querySelector("dialog");
    this.singleKeys = preferences.get(KEY) !== "off";
    const box = this.part("single-keys");
    box.checked = this.singleKeys;
    this.on(box, "change", () => {
      this.singleKeys = box.checked;
      preferences.set(KEY, box.checked ? "on" : "off");
    });
  }

  show() {
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}
