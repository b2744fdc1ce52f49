/** Files on their way to the portal: one after the other, and repeated while the page lives. */

import { nextDelay } from "./backoff.js";
import { uuid } from "./protocol.js";

const MOST_REFUSALS = 5;
const MAY_PASS = new Set(["failed", "too_fast", "file_unscanned"]);

export class Uploads {
  #entries = new Map();
  #memory;
  #owner;
  #post;
  #tell;
  #isBusy = false;

  /**
   * `memory` is a SafeStorage of this tab, in which names outlive a reload (their content cannot).
   * `owner()` tells conversations apart where there may be another: a file is for one of them.
   * `post(entry, signal)` resolves to the answer frame, or null when there was none; it keeps
   * `entry.percent`. `tell` is {changed(), took(message), sent(entry), failed(entry)}.
   */
  constructor({ memory, owner = () => "", post, tell }) {
    this.#memory = memory;
    this.#owner = owner;
    this.#post = post;
    this.#tell = tell;
    for (const entry of JSON.parse(memory.get("files") ?? "[]")) {
      this.#entries.set(entry.ref, { ...entry, isLost: true });
    }
  }

  /** `{ref, at, file: {name, type, size}, blob, percent, error, mayPass, isLost}`, oldest first. */
  get entries() {
    return [...this.#entries.values()];
  }

  add(blob) {
    const { name, type, size } = blob;
    const entry = { ref: uuid(), at: new Date().toISOString(), file: { name, type, size }, blob };
    entry.owner = this.#owner();
    this.#entries.set(entry.ref, entry);
    this.#changed();
    this.#run();
  }

  retry(ref) {
    this.#entries.get(ref).error = "";
    this.#changed();
    this.#run();
  }

  /** The portal has it, as the answer says or the conversation, whichever is first. */
  stored(ref) {
    const entry = this.#entries.get(ref);
    this.drop(ref);
    if (entry && !entry.isLost) this.#tell.sent(entry);
  }

  /** Not to be sent any more. */
  drop(ref) {
    const entry = this.#entries.get(ref);
    if (!entry) return;
    this.#entries.delete(ref);
    this.#changed();
    entry.stop?.abort();
  }

  clear() {
    for (const { ref } of this.entries) this.drop(ref);
  }

  async #run() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let entry = this.#next; entry; entry = this.#next) await this.#bring(entry);
    this.#isBusy = false;
  }

  get #next() {
    return this.entries.find(({ blob, error }) => blob && !error);
  }

  /** Until the file is stored, refused, or not wanted any more. */
  async #bring(entry) {
    let refusals = 0;
    for (let attempt = 0; this.#isWanted(entry) && !entry.error; attempt += 1) {
      entry.stop = new AbortController();
      entry.percent = 0;
      this.#tell.changed();
      const answer = await this.#post(entry, entry.stop.signal);
      if (!this.#isWanted(entry)) return;
      if (answer?.type === "ack") {
        this.#tell.took(answer.message);
        this.stored(entry.ref);
        return;
      }
      refusals += answer ? 1 : 0;
      entry.mayPass = MAY_PASS.has(answer?.code);
      if (answer && (!entry.mayPass || refusals === MOST_REFUSALS)) {
        entry.error = answer.text || " ";
        this.#tell.changed();
        this.#tell.failed(entry);
        return;
      }
      entry.percent = null;
      this.#tell.changed();
      await pause(answer?.retry_after_s * 1000 || nextDelay(attempt), entry.stop.signal);
    }
  }

  #isWanted({ ref, owner }) {
    if (owner !== this.#owner()) this.drop(ref);
    return this.#entries.has(ref);
  }

  #changed() {
    const names = this.entries.map(({ ref, at, file }) => ({ ref, at, file }));
    if (names.length) this.#memory.set("files", JSON.stringify(names));
    else this.#memory.remove("files");
    this.#tell.changed();
  }
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener("abort", resolve);
  });
}
