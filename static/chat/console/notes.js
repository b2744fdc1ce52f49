/** Notes about conversations, for colleagues only: those that are there, and those on their way. */

import { say } from "./texts.js";

const REPEAT_MS = 5_000;
const MAY_BE_REPEATED = new Set(["too_fast", "failed"]);

export class Notes {
  #desk;
  #send;
  #limit;
  #lists = new Map();
  #sentAt = new Map();
  #problems = new Map();

  constructor({ desk, send, limit }) {
    this.#desk = desk;
    this.#send = send;
    this.#limit = limit;
  }

  /** Oldest first; those on their way at the end, with `pending`. */
  of(id) {
    const stored = [...(this.#lists.get(id)?.values() ?? [])];
    const pending = this.#entriesOf(id)
      .filter(({ ref }) => !this.#lists.get(id)?.has(ref))
      .map(({ ref, text, at }) => ({ id: ref, text, at, name: "", own: true, pending: true }));
    return [...stored, ...pending];
  }

  /** What the portal said about a note that it refused, or "". */
  problem(id) {
    return this.#problems.get(id) ?? "";
  }

  draft(id) {
    return this.#desk.stash.note(id);
  }

  keepDraft(id, text) {
    this.#desk.stash.keepNote(id, text);
    this.#problems.delete(id);
  }

  /** Sends what is being written; returns why not: "empty", "long", or null when it is on its way. */
  save(id) {
    const text = this.draft(id).trim();
    if (!text) return "empty";
    if ([...text].length > this.#limit) return "long";
    this.#sendOut(this.#outbox.put(text, { conversation: id }, this.#desk.now));
    this.keepDraft(id, "");
    this.#desk.changed();
    return null;
  }

  /** The whole list of a conversation that came on the screen. */
  take({ conversation, notes }) {
    this.#lists.set(conversation, new Map(notes.map((note) => [note.id, note])));
    for (const { id } of notes) this.#outbox.drop(id);
  }

  /** One new note, own or of a colleague. */
  takeOne({ conversation, note }) {
    if (!this.#lists.has(conversation)) this.#lists.set(conversation, new Map());
    this.#lists.get(conversation).set(note.id, note);
    this.#outbox.drop(note.id);
  }

  /** Returns whether `ref` was a note. One that is refused comes back to where it was written. */
  refused({ ref, code, text: reason }) {
    const entry = this.#outbox.get(ref);
    if (!entry) return false;
    if (MAY_BE_REPEATED.has(code)) return true;
    this.#outbox.drop(ref);
    const { conversation, text } = entry;
    this.keepDraft(conversation, [text, this.draft(conversation)].filter(Boolean).join("\n"));
    this.#problems.set(conversation, reason);
    if (this.#desk.openId !== conversation) {
      this.#desk.notify(say("note_refused", { text, reason }), { urgent: true });
    }
    return true;
  }

  /** Sends again what has no answer. */
  repeat() {
    for (const entry of this.#outbox.entries) {
      const quietMs = this.#desk.clock() - (this.#sentAt.get(entry.ref) ?? -Infinity);
      if (quietMs >= REPEAT_MS) this.#sendOut(entry);
    }
  }

  disconnected() {
    this.#sentAt.clear();
  }

  forget(id) {
    this.#lists.delete(id);
    this.#problems.delete(id);
  }

  get #outbox() {
    return this.#desk.stash.noteOutbox;
  }

  #entriesOf(id) {
    return this.#outbox.entries.filter(({ conversation }) => conversation === id);
  }

  #sendOut({ ref, conversation, text }) {
    if (this.#send("note", { conversation, ref, text })) {
      this.#sentAt.set(ref, this.#desk.clock());
    }
  }
}
