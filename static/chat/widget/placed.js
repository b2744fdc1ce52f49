/** When a place in the queue is said aloud: at once, then only when it changed, with a pause between. */

const PAUSE_MS = 30_000;

export class Placed {
  #speak;
  #said = 0;
  #saidAt = -Infinity;
  #queue = null;
  #timer = 0;

  /** `speak(text)` says it. */
  constructor(speak) {
    this.#speak = speak;
  }

  /** `queue` is {place, sentences}, or null when nobody waits. The range alone is not said again. */
  now(queue) {
    this.#queue = queue;
    clearTimeout(this.#timer);
    if (!queue) this.#said = 0;
    if (!queue || queue.place === this.#said) return;
    const leftMs = this.#saidAt + PAUSE_MS - Date.now();
    if (leftMs > 0) this.#timer = setTimeout(() => this.now(this.#queue), leftMs);
    else this.#say();
  }

  #say() {
    this.#said = this.#queue.place;
    this.#saidAt = Date.now();
    this.#speak(this.#queue.sentences.join(" "));
  }
}
