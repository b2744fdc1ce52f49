/** Says news outside the open conversation, joined when several come at once. */

import { DeskView } from "./desk-view.js";
import { element } from "./dom.js";

const JOIN_MS = 1_000;
const KEPT = 5;

export class ConsoleVoice extends DeskView {
  #news = [];
  #timer = null;

  connected() {
    this.on(this.desk, "news", (event) => this.#hear(event.detail));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  #hear(text) {
    this.#news.push(text);
    if (this.#news.length === 1) this.#timer = setTimeout(() => this.#say(), JOIN_MS);
  }

  #say() {
    this.append(element("p", {}, this.#news.join(" ")));
    this.#news = [];
    while (this.children.length > KEPT) this.firstElementChild.remove();
  }
}
