/** What an agent typed and the portal does not have yet. */

import { Outbox } from "../widget/outbox.js";
import { SafeStorage } from "../widget/storage.js";

const TYPED = ["draft.", "topic.", "note.", "pass."];

/**
 * Lies in this browser under the agent's own id, so that it survives a reload, a dead server and a
 * logout, and no colleague at the same machine meets it.
 */
export class Stash {
  #storage;

  constructor(agent, area) {
    const prefix = `hasselt-console.${agent}.`;
    this.#storage = area === undefined ? new SafeStorage(prefix) : new SafeStorage(prefix, area);
    this.outbox = new Outbox(this.#storage);
    this.noteOutbox = new Outbox(this.#storage, "note-out.");
  }

  draft(conversation) {
    return this.#storage.get(`draft.${conversation}`) ?? "";
  }

  keepDraft(conversation, text) {
    this.#keep(`draft.${conversation}`, text);
  }

  /** The topic chosen so far; the portal hears it when the conversation closes. */
  topic(conversation) {
    return this.#storage.get(`topic.${conversation}`) ?? "";
  }

  keepTopic(conversation, slug) {
    this.#keep(`topic.${conversation}`, slug);
  }

  /** The note being written. */
  note(conversation) {
    return this.#storage.get(`note.${conversation}`) ?? "";
  }

  keepNote(conversation, text) {
    this.#keep(`note.${conversation}`, text);
  }

  /** The question that is being passed on, with all that was filled in; null when there is none. */
  passing(conversation) {
    try {
      return JSON.parse(this.#storage.get(`pass.${conversation}`) ?? "null");
    } catch {
      return null;
    }
  }

  keepPassing(conversation, fields) {
    this.#keep(`pass.${conversation}`, fields ? JSON.stringify(fields) : "");
  }

  /** Texts of one conversation on their way, oldest first. */
  unsent(conversation) {
    return this.outbox.entries.filter((entry) => entry.conversation === conversation);
  }

  /** Forgets all that was kept for a conversation that is over. */
  forget(conversation) {
    this.keepDraft(conversation, "");
    this.keepTopic(conversation, "");
    this.keepNote(conversation, "");
    this.keepPassing(conversation, null);
    for (const { ref } of this.unsent(conversation)) this.outbox.drop(ref);
  }

  /** Forgets conversations that are over; returns the texts that could not be sent any more. */
  keepOnly(conversations) {
    const lost = this.outbox.entries.filter((entry) => !conversations.has(entry.conversation));
    const typed = TYPED.flatMap((kind) =>
      this.#storage.keys(kind).map((key) => key.slice(kind.length)),
    );
    const over = [...typed, ...lost.map((entry) => entry.conversation)];
    for (const id of over) if (!conversations.has(id)) this.forget(id);
    return lost.map(({ text }) => text);
  }

  /** Takes in what another tab wrote; returns whether it was about this agent. */
  hear(event) {
    if (event.key !== null && this.#storage.keyOf(event) === null) return false;
    this.outbox.refresh();
    this.noteOutbox.refresh();
    return true;
  }

  #keep(key, value) {
    if (value) this.#storage.set(key, value);
    else this.#storage.remove(key);
  }
}
