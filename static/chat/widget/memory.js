/** What this browser remembers of a conversation, from the first message on. */

import { newToken } from "./protocol.js";

export class Memory {
  #storage;

  constructor(storage) {
    this.#storage = storage;
  }

  /** The secret that opens the conversation, or null. */
  get token() {
    return this.#storage.get("token") || null;
  }

  makeToken() {
    const token = newToken();
    this.#storage.set("token", token);
    return token;
  }

  /** An ended conversation that was read to its end: the next page need not fetch it. */
  get isOver() {
    return this.#storage.get("over") !== null;
  }

  /** `until` is the moment up to which it may be continued, or null. */
  setOver(until) {
    if (this.#storage.get("over") !== (until ?? "never"))
      this.#storage.set("over", until ?? "never");
  }

  setRunning() {
    if (this.isOver) this.#storage.remove("over");
  }

  /** True when what is remembered has ended and cannot be continued (any more). */
  get isStale() {
    return this.isOver && !(Date.parse(this.#storage.get("over")) > Date.now());
  }

  forget() {
    for (const key of ["token", "over", "open"]) this.#storage.remove(key);
  }
}
