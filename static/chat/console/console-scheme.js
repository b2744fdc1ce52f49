/** Dark, light, or as the computer says; remembered in this browser. */

import { DeskView } from "./desk-view.js";
import { preferences } from "./preferences.js";

const KEY = "scheme";

export class ConsoleScheme extends DeskView {
  connected() {
    this.on(this, "change", (event) => this.#choose(event.target.value));
    this.on(window, "storage", (event) => {
      if (preferences.keyOf(event) === KEY && event.newValue) this.#wear(event.newValue);
    });
    this.#wear(document.documentElement.dataset.scheme);
  }

  #choose(scheme) {
    this.#wear(scheme);
    preferences.set(KEY, scheme);
  }

  #wear(scheme) {
    document.documentElement.dataset.scheme = scheme;
    const radio = this.querySelector(`input[value="${CSS.escape(scheme)}"]`);
    if (radio) radio.checked = true;
  }
}
