/** A desk of one agent with a connection that the test holds the other end of. */

import { Desk } from "../../static/chat/console/desk.js";
import { Stash } from "../../static/chat/console/stash.js";
import { FakeArea } from "./fakes.js";

export const ME = { id: "me", name: "Bieke" };
export const LIMITS = { max_bytes: 1_000, types: ["image/png", "application/pdf"] };
export const NOW = Date.parse("2026-06-30T12:00:00.000Z");

export class FakePortal {
  sent = [];
  notices = [];
  news = [];
  state = "idle";
  now = NOW;
  posted = []; // files: {conversation, ref, blob, signal, onPercent, answer(frame)}

  known = null; // what the console learns by heart: {etag, answers, products}

  constructor(area = new FakeArea()) {
    this.area = area;
    this.desk = new Desk({
      me: ME,
      lang: "nl",
      stash: new Stash(ME.id, area),
      clock: () => this.now,
      connect: (handlers) => this.#connection(handlers),
      files: { limits: LIMITS, post: (file) => this.#post(file) },
      load: async (etag) => (this.known && etag !== this.known.etag ? this.known : null),
    });
    this.desk.addEventListener("notice", (event) => this.notices.push(event.detail.text));
    this.desk.addEventListener("news", (event) => this.news.push(event.detail));
  }

  #connection(handlers) {
    this.handlers = handlers;
    const portal = this;
    return {
      get state() {
        return portal.state;
      },
      start: () => this.#become("connecting"),
      stop: () => this.#become("idle"),
      restart: () => this.lose(),
      settled: () => this.#become("online"),
      send: (type, fields) =>
        this.state === "online" && Boolean(this.sent.push({ type, ...fields })),
    };
  }

  #post(file) {
    return new Promise((answer) => this.posted.push({ ...file, answer }));
  }

  #become(state) {
    this.state = state;
    this.handlers.onState(state);
  }

  /** Connects: hello, and the welcome with these cards. Returns the hello. */
  welcome(cards = [], presence = "available") {
    this.#become("connecting");
    const hello = JSON.parse(this.handlers.opener());
    const now = new Date(this.now).toISOString();
    this.say({ type: "welcome", v: 1, me: { ...ME, presence }, cards, now });
    return hello;
  }

  lose() {
    this.#become("waiting");
  }

  say(frame) {
    this.handlers.onFrame(frame);
  }

  /** Frames of one type that were sent since the last look. */
  take(type) {
    const found = this.sent.filter((frame) => frame.type === type);
    this.sent = this.sent.filter((frame) => frame.type !== type);
    return found;
  }

  pass(ms) {
    this.now += ms;
    this.desk.tick();
  }
}

export const card = (conversation, fields = {}) => ({
  conversation,
  seq: 1,
  state: "waiting",
  agent: null,
  agent_name: "",
  name: "",
  number: 7,
  first_words: "hallo",
  lang: "nl",
  page: "",
  queued_at: "2026-06-30T11:59:00.000Z",
  joined_at: null,
  opened_at: "2026-06-30T11:59:00.000Z",
  first_answered_at: null,
  topic: "",
  ...fields,
});

export const mine = (conversation, fields = {}) =>
  card(conversation, {
    state: "active",
    agent: ME.id,
    agent_name: ME.name,
    joined_at: "2026-06-30T12:00:00.000Z",
    seq: 2,
    ...fields,
  });

export const text = (seq, fields = {}) => ({
  seq,
  kind: "text",
  author: "citizen",
  name: "",
  text: `text ${seq}`,
  at: "2026-06-30T12:00:00.000Z",
  ref: `ref-${seq}`,
  reason: "",
  ...fields,
});

export const head = (conversation, seq, fields = {}) => ({
  conversation,
  seq,
  state: "active",
  agent: ME.name,
  read: { citizen: 0, agent: 0 },
  silence_ends_at: null,
  continue_until: null,
  ...fields,
});
