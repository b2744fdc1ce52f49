/** The small signs to the other side: that the agent types, and how far the agent has read. */

const TYPING_EVERY_MS = 3_000;

export class Signals {
  #typedAt = new Map();
  #options;

  constructor({ desk, send, clock }) {
    this.#options = { desk, send, clock };
  }

  /** The agent types; said at most once in three seconds, never what. */
  typed(id) {
    const { desk, send, clock } = this.#options;
    const quietMs = clock() - (this.#typedAt.get(id) ?? -Infinity);
    if (quietMs < TYPING_EVERY_MS || !desk.isMine(id)) return;
    this.#typedAt.set(id, clock());
    send("typing", { conversation: id });
  }

  /** The agent saw everything of a conversation. */
  seen(id) {
    const { desk, send } = this.#options;
    const talk = desk.talks.get(id);
    const seq = talk?.ledger.gaplessSeq ?? 0;
    if (!seq || !desk.isMine(id)) return;
    if (talk.ledger.see(seq)) desk.changed();
    if (seq <= talk.readSent || seq <= (talk.head?.read.agent ?? 0)) return;
    if (send("read", { conversation: id, seq })) talk.readSent = seq;
  }
}
