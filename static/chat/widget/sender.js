/**
 * Brings unsent texts to the portal one by one: the next one follows the acknowledgement of the one
 * before, so their order is certain, and each is repeated until it is answered.
 */

const REPEAT_MS = 5_000;

export class Sender {
  #outbox;
  #transmit;
  #ref = null;
  #at = 0;
  #pausedUntil = 0;

  /** `transmit(type, fields)` sends a frame and returns whether it went out. */
  constructor(outbox, transmit) {
    this.#outbox = outbox;
    this.#transmit = transmit;
  }

  /** Sends the oldest of `entries`, unless it is still within its time to be answered. */
  flush(entries) {
    const [entry] = entries;
    const now = Date.now();
    if (!entry || now < this.#pausedUntil) return;
    if (entry.ref === this.#ref && now - this.#at < REPEAT_MS) return;
    if (!this.#transmit("send", { ref: entry.ref, text: entry.text })) return;
    this.#ref = entry.ref;
    this.#at = now;
  }

  /** The message that an acknowledgement makes of a text; undefined when it is not ours. */
  acknowledged({ ref, seq, at, text }) {
    const entry = this.drop(ref);
    const own = { seq, at, ref, kind: "text", author: "citizen", name: "", reason: null };
    // The portal names the text when it stored another one than we sent.
    return entry && { ...own, text: text ?? entry.text };
  }

  /** Stops sending `ref` (without one: the text under way). Returns its entry, or undefined. */
  drop(ref = this.#ref) {
    if (ref === this.#ref) this.#ref = null;
    return this.#outbox.drop(ref);
  }

  /** A new connection: what was under way is sent again. */
  again() {
    this.#ref = null;
  }

  pause(ms) {
    this.#pausedUntil = Date.now() + ms;
    this.#ref = null;
  }
}
