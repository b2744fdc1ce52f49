/* The open conversations, one card each, by the rules of docs/chat-protocol.md. */

const GONE = new Set(["closed", "abandoned"]);

export class Cards {
  #byId = new Map();

  /** Takes the whole set; returns the cards that are no longer in it. */
  replace(cards) {
    const before = this.#byId;
    this.#byId = new Map(cards.map((card) => [card.conversation, newest(before, card)]));
    return [...before.values()].filter((card) => !this.#byId.has(card.conversation));
  }

  /** Takes one card; returns the one it replaced, undefined when there was none. */
  put(card) {
    const before = this.#byId.get(card.conversation);
    if (before && before.seq > card.seq) return before;
    if (GONE.has(card.state)) this.#byId.delete(card.conversation);
    else this.#byId.set(card.conversation, card);
    return before;
  }

  remove(id) {
    this.#byId.delete(id);
  }

  get(id) {
    return this.#byId.get(id);
  }

  /** In order of the first moment each one queued. */
  waiting() {
    return this.#where((card) => card.state === "waiting", "queued_at");
  }

  /** In the order they were taken, so that a list never jumps under the hand. */
  of(agent) {
    return this.#where((card) => card.state === "active" && card.agent === agent, "joined_at");
  }

  ofColleagues(agent) {
    return this.#where((card) => card.state === "active" && card.agent !== agent, "joined_at");
  }

  #where(test, moment) {
    const order = (one, other) =>
      Date.parse(one[moment]) - Date.parse(other[moment]) ||
      (one.conversation < other.conversation ? -1 : 1);
    return [...this.#byId.values()].filter(test).sort(order);
  }
}

function newest(before, card) {
  const known = before.get(card.conversation);
  return known && known.seq > card.seq ? known : card;
}
