/** Brings texts to the portal: repeated until acknowledged, in the order they were written. */

import { cleaned, textLength } from "../widget/protocol.js";

const REPEAT_MS = 5_000;
const HOLD_S = 5;
const MAY_BE_REPEATED = new Set(["too_fast", "failed"]);

export class Sender {
  #sentAt = new Map();
  #holds = new Map(); // conversation → moment before which nothing goes out
  #options;
  failed = new Map(); // ref → what the portal said about it

  /** `send(type, fields)` returns whether there is a connection. */
  constructor({ outbox, send, limit, clock }) {
    this.#options = { outbox, send, limit, clock };
  }

  /** Keeps and sends a text; returns "empty" or "long" when it may not go, else null. */
  write(conversation, text, now) {
    const clean = cleaned(text);
    if (!clean) return "empty";
    if (textLength(clean) > this.#options.limit) return "long";
    this.#send(this.#options.outbox.put(clean, { conversation }, now));
    return null;
  }

  /** Keeps and sends a link card; it stands in line with the texts. */
  card(conversation, product, card, now) {
    this.#send(this.#options.outbox.put(card.title, { conversation, product, card }, now));
  }

  /** Sends again what is not acknowledged and not refused. */
  repeat() {
    const { outbox, clock } = this.#options;
    for (const entry of outbox.entries) {
      const quietMs = clock() - (this.#sentAt.get(entry.ref) ?? -Infinity);
      if (quietMs >= REPEAT_MS && !this.failed.has(entry.ref)) this.#send(entry);
    }
  }

  /** A new connection: everything may be sent at once. */
  disconnected() {
    this.#sentAt.clear();
  }

  /** The portal has it. Returns what was kept of it, undefined when it was not ours. */
  stored(ref) {
    this.failed.delete(ref);
    this.#sentAt.delete(ref);
    return this.#options.outbox.drop(ref);
  }

  /** The portal did not take it: later again, or the person decides. */
  refused({ ref, conversation, code, text, retry_after_s: wait = HOLD_S }) {
    if (!MAY_BE_REPEATED.has(code)) this.failed.set(ref, text);
    else this.#holds.set(conversation, this.#options.clock() + 1000 * wait);
  }

  /** Tries a refused text once more, with the same ref. */
  retry(ref) {
    this.failed.delete(ref);
    const entry = this.#options.outbox.get(ref);
    if (entry) this.#send(entry);
  }

  /** Gives a refused text back to the person. */
  takeBack(ref) {
    const entry = this.stored(ref);
    return entry && !entry.product ? entry.text : "";
  }

  #send({ ref, conversation, text, product }) {
    const { send, clock } = this.#options;
    if (clock() < (this.#holds.get(conversation) ?? 0)) return;
    const sent = product
      ? send("card", { conversation, ref, product })
      : send("send", { conversation, ref, text });
    if (sent) this.#sentAt.set(ref, clock());
  }
}
