/** What the browser keeps for us, or memory when it refuses (blocked, full, private). */

export class SafeStorage {
  #memory = new Map();
  #prefix;
  #area;

  constructor(prefix, area = globalArea()) {
    this.#prefix = prefix;
    this.#area = area;
  }

  get(key) {
    if (this.#memory.has(key)) return this.#memory.get(key);
    try {
      return this.#area.getItem(this.#prefix + key);
    } catch {
      return null;
    }
  }

  set(key, value) {
    try {
      this.#area.setItem(this.#prefix + key, value);
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, value);
    }
  }

  remove(key) {
    this.#memory.delete(key);
    try {
      this.#area.removeItem(this.#prefix + key);
    } catch {
      // Nothing was kept there.
    }
  }

  /** All keys that start with `start`, without our own prefix. */
  keys(start) {
    const found = new Set(this.#memory.keys());
    try {
      for (const key of Object.keys(this.#area)) {
        if (key.startsWith(this.#prefix)) found.add(key.slice(this.#prefix.length));
      }
    } catch {
      // Memory is all there is.
    }
    return [...found].filter((key) => key.startsWith(start));
  }

  /** The key that a `storage` event is about, without prefix; null when it is not ours. */
  keyOf(event) {
    return event.key?.startsWith(this.#prefix) ? event.key.slice(this.#prefix.length) : null;
  }
}

function globalArea() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    // Reading the property itself throws when storage is blocked.
    return null;
  }
}
