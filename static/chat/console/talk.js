/** One conversation on this screen: its messages, and what this console did about them. */

import { Ledger } from "../widget/ledger.js";

const TYPING_SHOWN_MS = 6_000;
const ASK_AGAIN_MS = 3_000;

/** Whether a message is what a person said; the others happened. */
export function isSaid({ kind }) {
  return kind === "text" || kind === "file" || kind === "card";
}

export class Talk {
  #typingUntil = 0;
  #askedAt = -Infinity;

  constructor(id) {
    this.id = id;
    this.ledger = new Ledger("agent");
    this.watched = false; // on the present connection
    this.loaded = false; // history is here, so what comes now is new
    this.gone = false; // the portal no longer shows it to this agent
    this.readSent = 0;
  }

  get head() {
    return this.ledger.head;
  }

  get messages() {
    return this.ledger.messages;
  }

  /** Takes messages; returns those that became readable. */
  take(messages) {
    const fresh = this.ledger.add(messages);
    if (fresh.some((message) => message.author === "citizen")) this.#typingUntil = 0;
    if (!this.ledger.hasGap) this.#askedAt = -Infinity;
    return fresh;
  }

  /** Whether to ask for what is missing now; asks again only when an answer stayed out. */
  shouldAsk(now) {
    if (!this.watched || !this.ledger.hasGap || now - this.#askedAt < ASK_AGAIN_MS) return false;
    this.#askedAt = now;
    return true;
  }

  /** A new connection: nothing is watched or asked yet. */
  disconnected() {
    this.watched = false;
    this.readSent = 0;
    this.#askedAt = -Infinity;
    this.#typingUntil = 0;
  }

  types(now) {
    this.#typingUntil = now + TYPING_SHOWN_MS;
  }

  isTyping(now) {
    return now < this.#typingUntil;
  }

  /** The last text or file by a person, for the list. */
  get lastSaid() {
    return this.messages.findLast(isSaid) ?? null;
  }

  /** How it ended, or null while it is open. */
  get ending() {
    const last = this.messages.findLast((message) => !isSaid(message));
    return last && ["closed", "abandoned"].includes(last.kind) ? last : null;
  }
}
