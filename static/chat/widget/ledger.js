/** The numbered messages of one conversation, as far as this client knows them. */

/** What a person said; the other kinds happened. */
const SAID = new Set(["text", "file", "card"]);

export class Ledger {
  #bySeq = new Map();
  #gapless = 0;
  #seen = 0;
  #me;
  head = null;

  /** `me` is the author whose own texts never count as unread: "citizen" or "agent". */
  constructor(me) {
    this.#me = me;
  }

  /** Takes messages in any order, any number of times. Returns those that became readable. */
  add(messages) {
    for (const message of messages) {
      if (message.seq > this.#gapless && !this.#bySeq.has(message.seq)) {
        this.#bySeq.set(message.seq, message);
      }
    }
    const fresh = [];
    while (this.#bySeq.has(this.#gapless + 1)) {
      this.#gapless += 1;
      fresh.push(this.#bySeq.get(this.#gapless));
    }
    return fresh;
  }

  /** Keeps the newest head: the higher `seq`, with equal `seq` the one that came last. */
  takeHead(head) {
    if (!head || (this.head && head.seq < this.head.seq)) return false;
    this.head = head;
    return true;
  }

  /** The last number before the first hole; what `hello` and `after` ask from. */
  get gaplessSeq() {
    return this.#gapless;
  }

  /** True when a message is known to exist that is not here yet: ask `after` the gapless one. */
  get hasGap() {
    return this.#bySeq.size > this.#gapless || (this.head?.seq ?? 0) > this.#gapless;
  }

  /** Readable messages in order; what lies behind a hole waits, so that nothing is reordered. */
  get messages() {
    return Array.from({ length: this.#gapless }, (_, index) => this.#bySeq.get(index + 1));
  }

  /** Own texts and files that are stored but lie behind a hole; they stay on screen meanwhile. */
  get ahead() {
    return [...this.#bySeq.values()]
      .filter((message) => message.seq > this.#gapless && message.author === this.#me)
      .filter((message) => SAID.has(message.kind))
      .sort((one, other) => one.seq - other.seq);
  }

  get(seq) {
    return seq <= this.#gapless ? this.#bySeq.get(seq) : undefined;
  }

  /** Notes that the person saw everything up to `seq`. Returns true when that is news. */
  see(seq) {
    if (seq <= this.seen) return false;
    this.#seen = seq;
    return true;
  }

  /** How far the person has read, here or in another tab. */
  get seen() {
    return Math.max(this.#seen, this.head?.read?.[this.#me] ?? 0);
  }

  /** How far the other side (`author`) has read. */
  readBy(author) {
    return this.head?.read?.[author] ?? 0;
  }

  /** Number of readable texts and files by others that the person has not seen. */
  get unread() {
    let count = 0;
    for (let seq = this.seen + 1; seq <= this.#gapless; seq += 1) {
      const { kind, author } = this.#bySeq.get(seq);
      if (SAID.has(kind) && author !== this.#me) count += 1;
    }
    return count;
  }
}
