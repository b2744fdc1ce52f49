/** One citizen's conversation: what was said, what is still to be sent, and who is there. */

import { Clock } from "./clock.js";
import { Connection } from "./connection.js";
import { Ledger } from "./ledger.js";
import { Memory } from "./memory.js";
import { Outbox } from "./outbox.js";
import { Polling, postFrames } from "./polling.js";
import { frame, VERSION } from "./protocol.js";
import { Sender } from "./sender.js";
import { Typing } from "./typing.js";

const TICK_MS = 5_000;
const ASK_WITHIN_MS = 20_000;
/** What no repetition changes; the texts stay here. */
const FINAL = new Set(["wrong_version", "wrong_origin"]);

export class Conversation {
  #memory;
  #origin;
  #about;
  #tell;
  #sender;
  #token = null;
  #wish = null;
  #askedAt = 0;
  #ticker = 0;
  clock = new Clock();
  ledger = new Ledger("citizen");
  /** The newest frame `queue`, with what earlier ones offered; null while nobody waits. */
  queue = null;
  /** True once the history is here (or there is none): what comes now is new. */
  ready = false;
  typing = new Typing(() => this.#tell.changed());

  /**
   * @param {object} options
   *   storage (SafeStorage), url, about() → {lang, page}, connect(options) → Connection, and
   *   tell: {changed(), failed(error), returned(text), heard(frame)}: a text that could not be sent
   *   comes back; what is about the chat itself is for others.
   */
  constructor({ storage, url, about, tell, connect = (options) => new Connection(options) }) {
    this.#memory = new Memory(storage);
    this.#origin = new URL(url.replace(/^ws/, "http")).origin;
    this.#about = about;
    this.#tell = tell;
    this.outbox = new Outbox(storage);
    this.connection = connect({
      url,
      opener: () => this.#opener(),
      onFrame: (received) => this.#receive(received),
      onState: (state) => this.#turned(state),
      poll: (options) => new Polling({ ...options, url: this.#framesUrl }),
    });
    this.#sender = new Sender(this.outbox, (...sent) => this.connection.send(...sent));
  }

  /** none, starting, waiting, active, closed or abandoned. */
  get phase() {
    if (!this.#token) return "none";
    return this.ledger.head?.state ?? "starting";
  }

  get isOver() {
    return this.phase === "closed" || this.phase === "abandoned";
  }

  get canContinue() {
    return this.isOver && Date.parse(this.ledger.head.continue_until) > this.clock.now;
  }

  /** Texts of this conversation that are not acknowledged yet. */
  get unsent() {
    return this.outbox.entries.filter((entry) => entry.token === this.#token);
  }

  /** Picks up what the browser remembers. An ended one that cannot go on is forgotten. */
  resume() {
    this.#token = this.#memory.token;
    if (this.#memory.isStale) this.forget();
    else this.#reset(this.#token);
    this.#tell.changed();
  }

  /**
   * Sends `text`; the first one starts the conversation. Two tabs that start within the same
   * instant make two conversations, of which the last stays; one person cannot do that by hand.
   */
  post(text) {
    this.#token ??= this.#memory.token;
    const start = this.#token ? null : this.#about();
    this.#token ??= this.#memory.makeToken();
    this.outbox.put(text, { token: this.#token, start });
    this.#run();
    this.#sender.flush(this.unsent);
    this.#tell.changed();
  }

  /** Asks for "extend", "end" or "continue", over as many connections as the answer takes. */
  want(wish) {
    if (wish === this.#wish) return;
    this.#wish = wish;
    this.#run();
    this.connection.send(wish);
    this.#tell.changed();
  }

  types() {
    this.typing.tell(() => this.connection.send("typing"));
  }

  /** A message that came as the answer to a request, such as a file that was stored. */
  took(message) {
    this.#receive({ messages: [message] });
  }

  /** What opens the conversation over HTTP, for requests to the portal alone. */
  get authorization() {
    return `Bearer ${this.#token}`;
  }

  /** `fetch` of a path of the portal, in the name of this conversation. */
  fetch(path, options = {}) {
    const headers = { ...options.headers, Authorization: this.authorization };
    return fetch(this.#origin + path, { credentials: "omit", ...options, headers });
  }

  /**
   * Asks `frames` (objects) over HTTP, also after the end. Resolves to the answer frames, of which
   * the first is the `welcome`; rejects when the portal did not answer or has no time now.
   */
  async ask(frames) {
    const texts = [this.#hello(), ...frames.map((one) => JSON.stringify(one))];
    const signal = AbortSignal.timeout(ASK_WITHIN_MS);
    const answer = await postFrames(this.#framesUrl, texts, signal);
    if (answer.waitMs) throw new Error("too fast");
    for (const { head, messages } of answer.frames) this.#receive({ head, messages });
    return answer.frames;
  }

  /** The person has seen all messages up to `seq`. */
  read(seq) {
    if (this.ledger.see(seq)) this.connection.send("read", { seq });
    this.#rememberEnd();
  }

  /** Lets go of the conversation on this device; its texts stay with the city. */
  forget() {
    for (const entry of this.unsent) this.outbox.drop(entry.ref);
    this.#memory.forget();
    this.#reset(null);
  }

  leave() {
    this.connection.dispose();
    this.#stopTicking();
  }

  /** Follows what another tab did: started, went on with, or let go of a conversation. */
  follow(key) {
    const { token } = this.#memory;
    if (token !== this.#token) this.#reset(token);
    else if (key?.startsWith("out.")) this.#takeOver();
    else if (key === "over" && !this.#memory.isOver && this.isOver) this.#run();
    this.#tell.changed();
  }

  /** What another tab wrote, unless the portal told of it first: then it would stand here twice. */
  #takeOver() {
    this.outbox.refresh();
    this.#dropStored([...this.ledger.messages, ...this.ledger.ahead]);
  }

  #dropStored(messages) {
    for (const { ref } of messages) if (ref) this.#sender.drop(ref);
  }

  #reset(token) {
    this.connection.stop();
    this.#stopTicking();
    this.#token = token;
    this.#wish = null;
    this.ledger = new Ledger("citizen");
    this.outbox.refresh();
    this.ready = !token;
    if (token) this.#run();
  }

  #run() {
    this.connection.start();
    this.#ticker ||= setInterval(() => this.#catchUp(), TICK_MS);
  }

  #stopTicking() {
    clearInterval(this.#ticker);
    this.#ticker = 0;
    this.typing.hide();
  }

  get #framesUrl() {
    return `${this.#origin}/chat/frames.json`;
  }

  #turned(state) {
    // What was under way on the connection before is sent again.
    if (state === "connecting") this.#sender.again();
    this.#tell.changed();
  }

  #opener() {
    const entry = this.unsent.find((one) => one.start);
    if (!entry || this.ledger.head) return this.#hello();
    const { ref, text, start } = entry;
    return frame("start", { v: VERSION, token: this.#token, ref, text, ...start });
  }

  #hello() {
    return frame("hello", { v: VERSION, token: this.#token, after: this.ledger.gaplessSeq });
  }

  #isFulfilled(wish) {
    if (wish === "extend") return !this.ledger.head?.silence_ends_at;
    return (wish === "end") === this.isOver;
  }

  #receive(received) {
    const { type, head, message, messages = message ? [message] : [] } = received;
    if (type === "error") this.#refused(received);
    if (type === "typing") this.typing.show();
    this.#tell.heard?.(received);
    if (type === "message" || received.now) this.clock.set(received.now ?? message.at);
    if (type === "ack") {
      this.clock.set(received.at);
      const own = this.#sender.acknowledged(received);
      if (own) messages.push(own);
    }
    this.ledger.takeHead(head);
    if (type === "queue") this.queue = { ...this.queue, ...received };
    if (this.phase !== "waiting") this.queue = null;
    if (this.ledger.add(messages).some((fresh) => fresh.author === "agent")) this.typing.hide();
    this.#dropStored(messages);
    if (this.#isFulfilled(this.#wish)) this.#wish = null;
    if (type === "welcome") this.#welcomed();
    if (received.more) this.#askedAt = 0;
    if (head && !this.ledger.hasGap) this.ready = true;
    this.#catchUp();
    this.#closeWhenOver();
    this.#tell.changed();
  }

  #welcomed() {
    this.connection.settled();
    this.#askedAt = 0;
    const { seen, head } = this.ledger;
    if (seen > (head.read?.citizen ?? 0)) this.connection.send("read", { seq: seen });
    if (this.#wish) this.connection.send(this.#wish);
  }

  #catchUp() {
    this.#sender.flush(this.unsent);
    if (!this.ledger.hasGap || Date.now() - this.#askedAt < 1_000) return;
    if (this.connection.send("after", { after: this.ledger.gaplessSeq })) {
      this.#askedAt = Date.now();
    }
  }

  /** An ended conversation needs no socket; what was still to be sent goes back to the person. */
  #closeWhenOver() {
    if (!this.isOver) {
      this.#memory.setRunning();
    } else if (!this.ledger.hasGap && this.connection.state === "online" && !this.#wish) {
      this.#giveAllBack();
      this.connection.stop();
      this.#stopTicking();
      this.#rememberEnd();
    }
  }

  /** Once read, an ended conversation need not be fetched again by the next page. */
  #rememberEnd() {
    if (!this.isOver || this.ledger.unread || this.connection.state !== "idle") return;
    this.#memory.setOver(this.ledger.head.continue_until);
  }

  #refused(error) {
    const { code, ref, retry_after_s: waitS = 5 } = error;
    const opening = this.connection.state !== "online";
    if (code === "already_started") return;
    if (FINAL.has(code)) this.connection.stop();
    else if (code === "too_fast") this.#sender.pause(waitS * 1000);
    else if (code !== "failed" && opening) this.#letGo();
    else if (code === "frame_too_big") this.#giveBack();
    else if (code !== "failed" && ref) this.#giveBack(ref);
    else if (code !== "failed") this.#wish = null;
    if (opening && this.#token) this.connection.restart();
    this.#tell.failed(error);
  }

  /** The portal does not know, or does not take, this conversation. */
  #letGo() {
    this.#giveAllBack();
    this.forget();
  }

  /** Each comes to stand before the one that was given back earlier. */
  #giveAllBack() {
    for (const entry of this.unsent.reverse()) this.#giveBack(entry.ref);
  }

  #giveBack(ref) {
    const entry = this.#sender.drop(ref);
    if (entry) this.#tell.returned(entry.text);
  }
}
