/** One notice at a time, shown until it is dismissed or old, and said once as a status message. */

import { DeskView } from "./desk-view.js";
import { setText } from "./dom.js";

const SHOWN_MS = 20_000;

export class ConsoleNotice extends DeskView {
  #timer = null;

  connected() {
    this.on(this.desk, "notice", (event) => this.#show(event.detail));
    this.on(this.part("dismiss"), "click", () => this.dismiss());
    // Whoever is reading it keeps it.
    for (const type of ["mouseenter", "focusin"]) this.on(this, type, () => this.#stay());
    for (const type of ["mouseleave", "focusout"]) this.on(this, type, () => this.#leaveLater());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stay();
  }

  /** Returns whether there was one. */
  dismiss() {
    const shown = !this.hidden;
    this.hidden = true;
    this.#stay();
    return shown;
  }

  #show({ text, urgent }) {
    const voice = this.console.querySelector("[data-notice-voice]");
    this.classList.toggle("toast-urgent", urgent);
    setText(this.part("text"), text);
    this.hidden = false;
    // Emptied first, so that the same sentence a second time is said a second time.
    voice.textContent = "";
    requestAnimationFrame(() => setText(voice, text));
    this.#leaveLater();
  }

  #stay() {
    clearTimeout(this.#timer);
  }

  #leaveLater() {
    this.#stay();
    this.#timer = setTimeout(() => this.dismiss(), SHOWN_MS);
  }
}
