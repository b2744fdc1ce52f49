/** Says at all times whether the portal can be reached. */

import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { say } from "./texts.js";

export class ConsoleLink extends DeskView {
  draw() {
    const state = this.desk.link === "idle" ? "connecting" : this.desk.link;
    setAttribute(this, "data-state", state);
    setText(this.part("text"), say(`link_${this.#lost(state) ? "waiting" : state}`));
  }

  /** Trying again after a loss is still "lost" to a person; no flicker between the two. */
  #lost(state) {
    return state === "connecting" && this.desk.loaded;
  }
}
