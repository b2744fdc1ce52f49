/**
 * The desk of one agent: what is open, what is on the screen, and the verbs of the work. Knows no
 * element of the page. Announces `change` (something to draw), `tick` (a second passed), `notice`
 * (to tell the person), `news` (to tell by voice only) and `alert` (to tell whose eyes are elsewhere).
 */

import { frame, VERSION } from "../widget/protocol.js";
import { Cards } from "./cards.js";
import { Files } from "./files.js";
import { Knowledge } from "./knowledge.js";
import { Notes } from "./notes.js";
import { PassedOn } from "./passed-on.js";
import { receive } from "./receive.js";
import { Sender } from "./sender.js";
import { Signals } from "./signals.js";
import { Suggestions } from "./suggestions.js";
import { Talk } from "./talk.js";
import { say } from "./texts.js";
import { visitorName } from "./visitor.js";

const ANSWER_WITHIN_S = 10;
const WATCH_IN_HELLO = 100; // a frame is at most 8 KiB; the rest is watched one by one

export class Desk extends EventTarget {
  #connection;
  #changing = false;
  #unansweredS = 0;
  talks = new Map();
  cards = new Cards();
  busy = new Map(); // conversation → "claim", "close", "return" or "transfer" until it is answered
  openId = null;
  presence = null;
  cap = null;
  wrapUpUntil = null; // moment until which no chat comes by itself
  letLie = ""; // why the portal made this agent away: "agent_unanswering" or "agent_gone"
  colleagues = []; // who is there
  handingOver = false;
  rush = null;
  loaded = false;
  clockOffset = 0;

  /**
   * `connect(handlers)` makes the Connection; `me` is `{id, name}`; `limit` the longest text; `files`
   * what `Files` needs; `load` what `Knowledge` needs; `passing` what `PassedOn` needs.
   */
  constructor({
    me,
    lang,
    stash,
    connect,
    files,
    load = async () => null,
    passing = null,
    limit = 2000,
    clock = Date.now,
  }) {
    super();
    Object.assign(this, { me, lang, stash, clock });
    this.#connection = connect({
      opener: () => this.#hello(),
      onFrame: (received) => receive(this, received),
      onState: (state) => this.#linkBecame(state),
    });
    const send = (type, fields) => this.#connection.send(type, fields);
    this.sender = new Sender({ outbox: stash.outbox, send, limit, clock });
    this.signals = new Signals({ desk: this, send, clock });
    this.files = new Files({ desk: this, ...files });
    this.knowledge = new Knowledge({ desk: this, load });
    this.suggestions = new Suggestions({ desk: this, send });
    this.notes = new Notes({ desk: this, send, limit });
    this.passedOn = new PassedOn({ desk: this, door: passing });
  }

  start() {
    this.#connection.start();
  }

  /** What a second brings: late answers, repeated texts, running ages. */
  tick() {
    if (this.isOnline) {
      for (const talk of this.talks.values()) this.fillGap(talk);
      this.sender.repeat();
      this.notes.repeat();
      this.knowledge.refresh(this.clock());
      this.passedOn.refresh();
    }
    this.#unansweredS = this.link === "connecting" ? this.#unansweredS + 1 : 0;
    if (this.#unansweredS > ANSWER_WITHIN_S) this.#connection.restart();
    this.dispatchEvent(new Event("tick"));
  }

  // --- Questions -------------------------------------------------------------------------------

  get link() {
    return this.refused ? "refused" : this.#connection.state;
  }

  get isOnline() {
    return this.link === "online";
  }

  /** The portal's time, as far as we know it. */
  get now() {
    return this.clock() + this.clockOffset;
  }

  get waiting() {
    return this.cards.waiting();
  }

  get mine() {
    return this.cards.of(this.me.id);
  }

  get ofColleagues() {
    return this.cards.ofColleagues(this.me.id);
  }

  get openTalk() {
    return this.talks.get(this.openId) ?? null;
  }

  /** The card of a conversation; the last one known when it has left the lists. */
  cardOf(id) {
    return this.cards.get(id) ?? this.talks.get(id)?.card;
  }

  isMine(id) {
    const card = this.cards.get(id);
    return card?.state === "active" && card.agent === this.me.id;
  }

  /** Whether time to round off runs. */
  get roundsOff() {
    return this.presence === "available" && Date.parse(this.wrapUpUntil) > this.now;
  }

  unread(id) {
    return this.talks.get(id)?.ledger.unread ?? 0;
  }

  /** How many conversations want this agent's eye: those that wait, and own ones with news. */
  get attention() {
    return this.waiting.length + this.mine.filter((card) => this.unread(card.conversation)).length;
  }

  // --- Verbs -----------------------------------------------------------------------------------

  /** Shows a conversation, or none. */
  open(id) {
    if (id === this.openId) return;
    const left = this.openId;
    this.openId = id;
    if (left && !this.isMine(left)) this.leave(left);
    if (id) this.watch(id);
    this.dispatchEvent(new Event("open"));
    this.changed();
  }

  claim(id) {
    this.#command(id, "claim", { conversation: id });
  }

  claimLongest() {
    const [first] = this.waiting;
    if (first) this.claim(first.conversation);
  }

  giveBack(id) {
    this.#command(id, "return", { conversation: id });
  }

  /** Ends it; `reason` is "abuse" or empty. */
  close(id, topic, reason = "") {
    this.notes.save(id); // what is being written is kept for colleagues
    this.#command(id, "close", { conversation: id, topic, ...(reason ? { reason } : {}) });
  }

  /** Passes it on to the colleague with id `to`. */
  transfer(id, to, note) {
    this.#command(id, "transfer", { conversation: id, to, note });
  }

  /** Passes all on at the end of the shift; returns whether it was said. */
  handOver() {
    this.handingOver = this.#connection.send("hand_over", {});
    this.changed();
    return this.handingOver;
  }

  /** The agent has rounded off the last chat. */
  ready() {
    if (this.roundsOff) this.#connection.send("ready", {});
  }

  setPresence(state) {
    if (!this.#connection.send("presence", { state })) return;
    this.presenceAsked = state;
    this.changed();
  }

  /** A supervisor's switch for everybody: the type and fields of a frame. Whether it was sent. */
  switchRush(type, fields) {
    return this.#connection.send(type, fields);
  }

  /** Sends a text; returns why not: "empty", "long", or null when it is on its way. */
  write(id, text) {
    const problem = this.sender.write(id, text, this.now);
    if (problem) return problem;
    this.stash.keepDraft(id, "");
    this.changed();
    return null;
  }

  /** Says a text beside the one that is being written; returns as `write` does. */
  sayToo(id, text) {
    const problem = this.sender.write(id, text, this.now);
    this.changed();
    return problem;
  }

  /** Sends the card of a product, in the language of the citizen. */
  sendCard(id, slug) {
    const card = this.knowledge.product(slug)?.card[this.cardOf(id)?.lang ?? "nl"];
    if (!card) return;
    this.sender.card(id, slug, card, this.now);
    this.changed();
  }

  /** Tries a refused text or file once more. */
  retry(ref) {
    if (!this.files.retry(ref)) this.sender.retry(ref);
    this.changed();
  }

  /** Takes a refused text out of the conversation and returns it. */
  takeBack(ref) {
    const text = this.sender.takeBack(ref);
    this.changed();
    return text;
  }

  // --- What frames and other tabs bring ----------------------------------------------------------

  settled() {
    this.#connection.settled();
  }

  /** The portal does not know this person (any more). */
  refuse() {
    this.refused = true;
    this.#connection.stop();
    this.changed();
  }

  /** Asks for a conversation's messages, and from then on for its news. */
  watch(id) {
    const talk = this.talks.get(id) ?? new Talk(id);
    this.talks.set(id, talk);
    talk.card = this.cards.get(id) ?? talk.card;
    if (talk.watched || talk.gone) return;
    const after = talk.ledger.gaplessSeq;
    talk.watched = this.#connection.send("watch", { conversation: id, after });
  }

  /** Lets go of a conversation that is not shown; what was typed goes when it is over. */
  leave(id) {
    const talk = this.talks.get(id);
    if (talk?.watched) this.#connection.send("unwatch", { conversation: id });
    if (this.loaded && !this.cards.get(id)) this.forget(id);
    this.talks.delete(id);
  }

  /** Forgets what was kept for a conversation that is over. */
  forget(id) {
    this.stash.forget(id);
    this.notes.forget(id);
    this.suggestions.forget(id);
    this.passedOn.forget(id);
    for (const name of this.files.forget(id)) {
      this.notify(say("file_lost", { name }), { urgent: true });
    }
  }

  fillGap(talk) {
    if (talk.shouldAsk(this.clock())) this.askRest(talk);
  }

  askRest(talk) {
    this.#connection.send("after", { conversation: talk.id, after: talk.ledger.gaplessSeq });
  }

  storageChanged(event) {
    if (this.stash.hear(event)) this.changed();
  }

  notify(text, { urgent = false } = {}) {
    this.dispatchEvent(new CustomEvent("notice", { detail: { text, urgent } }));
  }

  tell(text) {
    this.dispatchEvent(new CustomEvent("news", { detail: text }));
  }

  /** `kind` is "waiting", "assigned" or "message"; `mark` tells it from an earlier one of the kind. */
  alert(kind, card, mark) {
    const detail = { kind, id: card.conversation, name: visitorName(card), mark };
    this.dispatchEvent(new CustomEvent("alert", { detail }));
  }

  /** One `change` for all that happens in one go. */
  changed() {
    if (this.#changing) return;
    this.#changing = true;
    queueMicrotask(() => {
      this.#changing = false;
      this.dispatchEvent(new Event("change"));
    });
  }

  #hello() {
    const watch = [];
    for (const talk of this.talks.values()) {
      talk.disconnected();
      if (talk.gone || watch.length === WATCH_IN_HELLO) continue;
      watch.push({ conversation: talk.id, after: talk.ledger.gaplessSeq });
      talk.watched = true;
    }
    return frame("hello", { v: VERSION, watch, lang: this.lang });
  }

  #linkBecame(state) {
    if (state !== "online") {
      this.busy.clear();
      this.sender.disconnected();
      this.notes.disconnected();
      this.suggestions.disconnected();
      this.presenceAsked = null;
      this.handingOver = false;
    }
    this.dispatchEvent(new CustomEvent("link", { detail: state }));
    this.changed();
  }

  #command(id, type, fields) {
    if (this.busy.has(id) || !this.#connection.send(type, fields)) return;
    this.busy.set(id, type);
    this.changed();
  }
}
