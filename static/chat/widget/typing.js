/** Who is typing: ours is told now and then, theirs is shown for a while. */

const TOLD_EVERY_MS = 3_000;
const SHOWN_MS = 6_000;

export class Typing {
  #ended;
  #timer = 0;
  #toldAt = 0;
  isShown = false;

  /** `ended()` is called when the other side typed no more for a while. */
  constructor(ended) {
    this.#ended = ended;
  }

  /** Calls `transmit` unless that was done just before. */
  tell(transmit) {
    if (Date.now() - this.#toldAt >= TOLD_EVERY_MS && transmit()) this.#toldAt = Date.now();
  }

  show() {
    this.hide();
    this.isShown = true;
    this.#timer = setTimeout(() => {
      this.hide();
      this.#ended();
    }, SHOWN_MS);
  }

  hide() {
    clearTimeout(this.#timer);
    this.isShown = false;
  }
}
