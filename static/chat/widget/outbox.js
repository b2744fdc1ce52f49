/**
 * Texts that are written but not acknowledged. Each lives under a key of its own, so that two tabs
 * never overwrite each other's, and stays until `drop`.
 */

import { uuid } from "./protocol.js";

export class Outbox {
  #entries = new Map();
  #storage;
  #prefix;

  /** `storage` is a SafeStorage; entries are kept there as `<prefix><ref>`. */
  constructor(storage, prefix = "out.") {
    this.#storage = storage;
    this.#prefix = prefix;
    this.refresh();
  }

  /** Keeps `text` for sending and returns its entry: `{ref, text, at, turn, …extra}`. */
  put(text, extra = {}, now = Date.now()) {
    const last = this.entries.at(-1);
    // Two texts in one millisecond keep order.
    const turn = Math.max(now, (last?.turn ?? 0) + 1);
    const entry = { ...extra, ref: uuid(), text, at: new Date(now).toISOString(), turn };
    this.#entries.set(entry.ref, entry);
    this.#storage.set(this.#prefix + entry.ref, JSON.stringify(entry));
    return entry;
  }

  get(ref) {
    return this.#entries.get(ref);
  }

  /** Forgets an entry that was acknowledged or refused. Returns it, or undefined. */
  drop(ref) {
    const entry = this.#entries.get(ref);
    this.#entries.delete(ref);
    if (entry) this.#storage.remove(this.#prefix + ref);
    return entry;
  }

  /**
   * Takes in what another tab wrote. What another tab dropped stays here until this tab hears of
   * it itself: repeating is harmless, a text that vanishes for a moment is not.
   */
  refresh() {
    for (const key of this.#storage.keys(this.#prefix)) {
      const entry = read(this.#storage.get(key));
      if (entry && this.#prefix + entry.ref === key) this.#entries.set(entry.ref, entry);
    }
  }

  /** Everything unsent, oldest first. */
  get entries() {
    return [...this.#entries.values()].sort((a, b) => a.turn - b.turn || (a.ref < b.ref ? -1 : 1));
  }
}

function read(value) {
  try {
    const entry = JSON.parse(value);
    return typeof entry.ref === "string" && typeof entry.text === "string" ? entry : null;
  } catch {
    return null;
  }
}
