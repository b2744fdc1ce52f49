/**
 * The life of one WebSocket: opened when wanted, checked by pings, opened again when lost, and at
 * once when the computer wakes up or the network returns. Where none opens, polling takes its
 * place, and now and then a socket is tried again beside it.
 */

import { nextDelay } from "./backoff.js";
import { frame, parse } from "./protocol.js";

/** For the handshake, and again for the answer to the opener. */
const OPEN_WITHIN_MS = 10_000;
const PROBE_MS = 4_000;
/** So many sockets in a row that never got as far as a welcome: they are blocked here. */
const BLOCKED_AFTER = 2;
const FIRST_SPARE_MS = 15_000;
const SPARE_CAP_MS = 300_000;

export class Connection {
  #options;
  #socket = null;
  #spare = null;
  #wanted = false;
  #polls = false;
  #attempt = 0;
  #unsettled = 0;
  #spares = 0;
  #heardAt = 0;
  #timers = {};
  #undo = new AbortController();
  state = "idle";

  /**
   * @param {object} options
   *   url, opener() → first frame as text, onFrame(object), onState(state), and optionally
   *   poll({opener, isHidden, random}), which gives a stand-in where sockets are blocked.
   *   States: idle (not wanted), connecting, online (after `settled()`), waiting, offline.
   *   For tests: open(url) → WebSocket, world (an EventTarget), random, isOnline(), isHidden().
   */
  constructor(options) {
    this.#options = {
      pingEveryMs: 20_000,
      deadAfterMs: 30_000,
      open: (url) => new WebSocket(url),
      world: globalThis,
      isOnline: () => globalThis.navigator?.onLine !== false,
      isHidden: () => globalThis.document?.hidden === true,
      random: Math.random,
      ...options,
    };
    const { world } = this.#options;
    const listen = (target, type, react) =>
      target?.addEventListener(type, react, { signal: this.#undo.signal });
    listen(world, "online", () => this.nudge());
    listen(world, "offline", () => this.#lost());
    listen(world, "pageshow", () => this.nudge());
    // An open socket keeps a page out of the back/forward cache, and is dead when it returns.
    listen(world, "pagehide", () => this.#drop());
    listen(world.document, "visibilitychange", () => this.#options.isHidden() || this.nudge());
  }

  /** True when messages come by polling: a few seconds late. */
  get isPolling() {
    return this.#polls && this.state === "online";
  }

  start() {
    this.#wanted = true;
    if (!this.#socket) this.#connect();
  }

  /** Closes; nothing is tried again until `start`. */
  stop() {
    this.#wanted = false;
    this.#attempt = 0;
    if (!this.#polls) this.#unsettled = 0;
    this.#drop();
    this.#become("idle");
  }

  /** Stops for good and lets go of the page's events. */
  dispose() {
    this.stop();
    this.#undo.abort();
  }

  /** The other side accepted the opener: texts may be sent, and the next loss retries quickly. */
  settled() {
    this.#attempt = 0;
    this.#become("online");
    this.#listenOn();
    if (this.#polls) this.#trySpareLater();
    else this.#unsettled = this.#spares = 0;
  }

  /** Sends a frame; returns false when there is no open, accepted connection. */
  send(type, fields) {
    if (this.state !== "online") return false;
    this.#socket.send(frame(type, fields));
    return true;
  }

  /** Opens the connection anew, for example when the answer to the opener stays away. */
  restart() {
    if (this.#wanted) this.#lost();
  }

  /** Something woke us: connect now, or make sure that the socket we have still lives. */
  nudge() {
    if (!this.#wanted) return;
    if (!this.#socket) {
      this.#attempt = 0;
      this.#connect();
    } else if (this.#socket.readyState === 1 && Date.now() - this.#heardAt > PROBE_MS) {
      this.#socket.send(frame("ping"));
      this.#deadIn(PROBE_MS);
      if (this.#polls) this.#trySpare();
    }
  }

  #connect() {
    this.#clear();
    if (!this.#options.isOnline()) {
      this.#become("offline");
      return;
    }
    this.#become("connecting");
    try {
      const { open, poll, url } = this.#options;
      this.#polls = Boolean(poll) && this.#unsettled >= BLOCKED_AFTER;
      if (!this.#polls) this.#unsettled += 1;
      this.#use(this.#polls ? poll(this.#options) : open(url));
    } catch {
      // A host page's policy may forbid the address.
      this.#lost();
    }
  }

  #use(socket) {
    this.#socket = socket;
    const mine = (react) => (event) => socket === this.#socket && react(event);
    socket.onopen = mine(() => this.#opened());
    socket.onmessage = mine((event) => this.#heard(event.data));
    socket.onclose = mine(() => this.#lost());
    this.#deadIn(OPEN_WITHIN_MS);
  }

  #trySpareLater() {
    const ms = Math.min(SPARE_CAP_MS, FIRST_SPARE_MS * 2 ** this.#spares);
    this.#spares += 1;
    this.#after("spare", ms, () => this.#trySpare());
  }

  /** Beside the polling, which goes on until the socket has opened. */
  #trySpare() {
    this.#spare?.close();
    this.#trySpareLater();
    try {
      this.#spare = this.#options.open(this.#options.url);
    } catch {
      return;
    }
    const socket = this.#spare;
    socket.onopen = () => {
      this.#spare = null;
      this.#drop();
      this.#become("connecting");
      this.#polls = false;
      this.#use(socket);
      this.#opened();
    };
  }

  #opened() {
    this.#listenOn();
    this.#socket.send(this.#options.opener());
    this.#timers.ping = setInterval(
      () => this.#socket.send(frame("ping")),
      this.#options.pingEveryMs,
    );
  }

  #heard(data) {
    this.#listenOn();
    const received = parse(data);
    if (received && received.type !== "pong") this.#options.onFrame(received);
  }

  #listenOn() {
    this.#heardAt = Date.now();
    const ms = this.state === "online" ? this.#options.deadAfterMs : OPEN_WITHIN_MS;
    this.#deadIn(ms);
  }

  /** Polling itself knows when an answer stays away. */
  #deadIn(ms) {
    if (this.#polls) return;
    this.#after("dead", ms, () => {
      // One that hangs counts for two that are refused: waiting for a second is too long.
      this.#unsettled *= 2;
      this.#lost();
    });
  }

  #lost() {
    this.#drop();
    if (!this.#wanted) return;
    if (!this.#options.isOnline()) {
      // The `online` event takes it from here.
      this.#become("offline");
      return;
    }
    // Polling that never worked is no better than a socket: they take turns.
    if (this.#polls && this.#attempt) this.#unsettled = BLOCKED_AFTER - 1;
    this.#become("waiting");
    this.#after("retry", this.#retryMs, () => this.#connect());
    this.#attempt += 1;
  }

  get #retryMs() {
    const { poll, random } = this.#options;
    const isBlocked = poll && !this.#polls && this.#unsettled >= BLOCKED_AFTER;
    return isBlocked ? 0 : nextDelay(this.#attempt, random);
  }

  #drop() {
    this.#clear();
    const socket = this.#socket;
    this.#spare?.close();
    this.#socket = this.#spare = null;
    if (this.state === "online") this.#become("waiting");
    socket?.close();
  }

  #after(name, ms, act) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(act, ms);
  }

  #clear() {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#timers = {};
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.#options.onState(state);
  }
}
