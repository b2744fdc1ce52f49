/** What the portal suggests for the last question of a conversation. */

export class Suggestions {
  #desk;
  #send;
  #asked = new Map(); // conversation → the seq that was asked about
  #found = new Map();
  #topics = new Map();

  constructor({ desk, send }) {
    this.#desk = desk;
    this.#send = send;
  }

  /** Asks, when the citizen wrote something newer than what was asked about. */
  ask(id) {
    const talk = this.#desk.talks.get(id);
    if (!talk?.loaded || !this.#desk.isMine(id)) return;
    const seq = talk.messages.findLast(isQuestion)?.seq ?? 0;
    if (seq <= (this.#asked.get(id) ?? 0)) return;
    if (this.#send("suggest", { conversation: id })) this.#asked.set(id, seq);
  }

  take({ conversation, best }) {
    this.#found.set(conversation, best);
    const [first] = this.of(conversation);
    // What the conversation is about is said first; "and what does it cost" says less.
    if (first?.topic && !this.#topics.has(conversation))
      this.#topics.set(conversation, first.topic);
  }

  /** Best first: `{answer}` or `{product}` with `key`, `title` and `topic`. */
  of(id) {
    const lang = this.#desk.lang;
    return (this.#found.get(id) ?? []).map((key) => this.#known(key, lang)).filter(Boolean);
  }

  /** The topic that the first suggestion belongs to, or "". The agent decides. */
  topic(id) {
    return this.#topics.get(id) ?? "";
  }

  /** A new connection: what was not answered is asked again. */
  disconnected() {
    this.#asked.clear();
  }

  forget(id) {
    for (const kept of [this.#asked, this.#found, this.#topics]) kept.delete(id);
  }

  #known(key, lang) {
    const { knowledge } = this.#desk;
    if (key.startsWith("/")) {
      const answer = knowledge.answer(key.slice(1));
      return answer && { key, answer, title: answer.title, topic: answer.topic };
    }
    const product = knowledge.product(key);
    return product && { key, product, title: product.card[lang].title, topic: product.topic };
  }
}

function isQuestion({ kind, author }) {
  return kind === "text" && author === "citizen";
}
