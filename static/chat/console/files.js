/**
 * Files that this agent sends. Each conversation has a line of its own, in which one follows the
 * other; they live as long as the page, also while another conversation is on the screen.
 */

import { SafeStorage } from "../widget/storage.js";
import { Uploads } from "../widget/uploads.js";
import { receive } from "./receive.js";
import { say } from "./texts.js";

export class Files {
  #lines = new Map();
  #desk;
  #post;

  /**
   * `limits` is {max_bytes, types}, or null when the city takes no files. `post({conversation, ref,
   * blob, signal, onPercent})` resolves to the answer frame, or null when there was none.
   */
  constructor({ desk, limits, post }) {
    this.#desk = desk;
    this.#post = post;
    this.limits = limits;
  }

  /** Whether a file of this type and size may be sent; its content is the portal's to judge. */
  accepts({ type, size }) {
    return size > 0 && size <= this.limits.max_bytes && this.limits.types.includes(type);
  }

  add(conversation, blob) {
    if (!this.#lines.has(conversation)) this.#lines.set(conversation, this.#newLine(conversation));
    this.#lines.get(conversation).add(blob);
  }

  /** Files on their way, oldest first: the entries of Uploads. */
  unsent(conversation) {
    return this.#lines.get(conversation)?.entries ?? [];
  }

  /** Whether leaving the page would stop one. */
  get areUnderWay() {
    return [...this.#lines.values()].some(({ entries }) => entries.some(({ error }) => !error));
  }

  /** Returns whether `ref` was a file. */
  retry(ref) {
    const line = this.#lineOf(ref);
    line?.retry(ref);
    return Boolean(line);
  }

  /** Not wanted any more, or stored already. */
  drop(ref) {
    this.#lineOf(ref)?.drop(ref);
  }

  /** Stops and forgets all of a conversation; returns the names of what was not sent. */
  forget(conversation) {
    const names = this.unsent(conversation).map(({ file }) => file.name);
    this.#lines.get(conversation)?.clear();
    this.#lines.delete(conversation);
    return names;
  }

  #lineOf(ref) {
    return [...this.#lines.values()].find(({ entries }) =>
      entries.some((entry) => entry.ref === ref),
    );
  }

  #newLine(conversation) {
    const desk = this.#desk;
    const changed = () => desk.changed();
    return new Uploads({
      memory: new SafeStorage("", null), // a content cannot outlive the page, so no name does
      post: (entry, signal) => {
        const { ref, blob } = entry;
        const onPercent = (percent) => {
          entry.percent = percent;
          changed();
        };
        return this.#post({ conversation, ref, blob, signal, onPercent });
      },
      tell: {
        changed,
        took: (message) => receive(desk, { type: "message", conversation, message }),
        sent: () => {}, // its mark in the log says so
        failed: ({ file, error }) => {
          const words = say("file_failed", { name: file.name, reason: error });
          // The open conversation shows it at the file itself.
          if (desk.openId === conversation) desk.tell(words);
          else desk.notify(words, { urgent: true });
        },
      },
    });
  }
}
