/** The opened chat: brings the conversation to the screen and what the person does back to it. */

import { Conversation } from "./conversation.js";
import { Frame } from "./frame.js";
import { listening } from "./listening.js";
import { SafeStorage } from "./storage.js";
import { View } from "./view.js";
import { Words } from "./words.js";

const FULL_SCREEN = "(max-width: 480px), (max-height: 480px)";
const MAX_PAGE = 500;
/** A browser or proxy may have kept the answer to a request for so long. */
const KEPT_MS = 10_000;
/** No person asks for these, so nobody need hear that they cannot be fetched. */
const UNASKED = ["content", "after"];
const LATER = ["files", "retry", "drop", "download", ...UNASKED];

/**
 * Builds the panel in the shadow root of the launcher.
 * `tell({open, unread, note})` keeps the launcher in step.
 */
export async function mount({ root, origin, lang, status, tell }) {
  const answer = await fetch(`${origin}/chat/panel.json?lang=${lang}`, { credentials: "omit" });
  if (!answer.ok) throw new Error(`panel.json: ${answer.status}`);
  return new Panel({ root, origin, lang, status, tell, settings: await answer.json() });
}

class Panel {
  #status;
  #pushed;
  #pushedAt = 0;
  #listening;
  #tell;
  #words;
  #storage = new SafeStorage("hasselt-chat.");
  #tabMemory = new SafeStorage("hasselt-chat.", tabArea());
  #conversation;
  #makeExchange;
  #exchange = null;
  #frame;
  #view;
  #isEnding = false;
  #unread = 0;
  #undo = new AbortController();

  constructor({ root, origin, lang, status, tell, settings }) {
    this.#status = status;
    this.#tell = tell;
    this.#words = new Words(settings.texts, lang);
    const url = `${origin.replace(/^http/, "ws")}/ws/chat/`;
    const heard = (frame) => this.#hear(frame);
    this.#listening = listening({ url, lang, heard });
    this.#conversation = new Conversation({
      storage: this.#storage,
      url,
      about: () => ({ lang, page: pageAddress(origin) }),
      tell: {
        heard,
        changed: () => this.#render(),
        failed: (error) => this.#failed(error),
        returned: (text) => this.#frame.compose.putBack(text),
      },
    });
    this.#makeExchange = (Exchange) =>
      new Exchange({
        root,
        conversation: this.#conversation,
        words: this.#words,
        origin,
        memory: this.#tabMemory,
        limits: settings.files,
        tell: {
          changed: () => this.#render(),
          problem: (text) => this.#frame.showProblem(text),
          speak: (text) => this.#frame.speak(text),
        },
      });
    const on = { ...this.#reactions(), ...this.#laterReactions() };
    this.#frame = new Frame({
      root,
      words: this.#words,
      settings,
      storage: this.#storage,
      at: (url) => new URL(url, origin).href,
      now: () => this.#conversation.clock.now,
      on,
    });
    const again = () => this.#render();
    this.#view = new View({ frame: this.#frame, words: this.#words, on, again });
    this.#listen();
    this.#conversation.resume();
    if (!this.#talks) this.#tabMemory.remove("files");
    // Files that were not sent before the page was loaded again: the person is told.
    else if (this.#tabMemory.get("files")) on.files([]);
    // There it would hide the page just opened.
    const isFull = matchMedia(FULL_SCREEN).matches;
    if (this.#storage.get("open") && this.#talks && !isFull) this.#show();
  }

  /** Opens by the person's wish: the focus goes in. */
  open() {
    this.#show();
    this.#frame.focusIn();
    // What comes later is spoken by the notice itself.
    this.#frame.speak(this.#status.announcement);
  }

  setStatus(status) {
    if (Date.now() < this.#pushedAt + KEPT_MS) Object.assign(status, this.#pushed);
    this.#status = status;
    this.#listenIn();
    this.#render();
  }

  /** What a socket brings of the chat itself; the launcher has the same object. */
  #hear({ type, ...pushed }) {
    if (type !== "status") return;
    this.#pushed = pushed;
    this.#pushedAt = Date.now();
    this.setStatus(this.#status);
  }

  #listenIn() {
    if (this.#frame.isOpen && !this.#talks) this.#listening.start();
  }

  /** The launcher left the page. */
  leave() {
    this.#undo.abort();
    this.#listening.dispose();
    this.#conversation.leave();
    this.#frame.remove();
  }

  get #talks() {
    return this.#conversation.phase !== "none";
  }

  get #isAsked() {
    return Boolean(this.#conversation.ledger.head?.silence_ends_at);
  }

  #reactions() {
    const conversation = this.#conversation;
    return {
      send: (text) => {
        if (!this.#frame.problemPasses) this.#frame.showProblem("");
        conversation.post(text);
        this.#storage.set("open", "1");
      },
      typed: () => {
        if (this.#isAsked) conversation.want("extend");
        conversation.types();
      },
      /** Enter in an empty field answers "are you still there?", if that is asked. */
      confirm: () => {
        const isAsked = this.#isAsked;
        if (isAsked) conversation.want("extend");
        return isAsked;
      },
      extend: () => conversation.want("extend"),
      seen: () => this.#markRead(),
      fold: () => this.#fold(),
      escape: () => (this.#isEnding ? this.#askEnd(false) : this.#fold()),
      askEnd: () => this.#askEnd(true),
      keep: () => this.#askEnd(false),
      end: () => {
        this.#isEnding = false;
        conversation.want("end");
        // What can be done then comes below the messages.
        this.#frame.log.toEnd();
      },
      goOn: () => {
        this.#frame.showProblem("");
        conversation.want("continue");
      },
      startNew: () => {
        this.#frame.showProblem("");
        conversation.forget();
        this.#exchange?.uploads.clear();
        this.#listenIn();
        this.#render();
      },
      uploads: () => this.#exchange?.uploads.entries ?? [],
    };
  }

  /** What few need is fetched when it is needed. */
  #laterReactions() {
    const later = async (name, given) => {
      try {
        const { Exchange } = await import("./exchange.js");
        if (!this.#exchange) {
          this.#exchange = this.#makeExchange(Exchange);
          this.#render();
        }
        return await this.#exchange[name](...given);
      } catch {
        if (!UNASKED.includes(name)) this.#frame.showProblem(this.#words.t("try_again"));
      }
    };
    return Object.fromEntries(LATER.map((name) => [name, (...given) => later(name, given)]));
  }

  #listen() {
    const { signal } = this.#undo;
    const follow = (event) => {
      const key = this.#storage.keyOf(event);
      if (event.key === null || /^(token|over|out\.)/.test(key)) this.#conversation.follow(key);
    };
    const resize = () => this.#frame.fitScreen(matchMedia(FULL_SCREEN).matches);
    addEventListener("storage", follow, { signal });
    addEventListener("resize", resize, { signal });
    globalThis.visualViewport?.addEventListener("resize", resize, { signal });
    document.addEventListener("visibilitychange", () => this.#markRead(), { signal });
  }

  #show() {
    this.#frame.setOpen(true);
    this.#frame.fitScreen(matchMedia(FULL_SCREEN).matches);
    if (this.#talks) this.#storage.set("open", "1");
    this.#listenIn();
    this.#render();
    this.#markRead();
  }

  #fold() {
    this.#isEnding = false;
    this.#frame.setOpen(false);
    if (this.#storage.get("open")) this.#storage.remove("open");
    this.#render();
  }

  #askEnd(isEnding) {
    this.#isEnding = isEnding;
    this.#render();
    this.#frame.focusIn();
  }

  #markRead() {
    const { ledger } = this.#conversation;
    if (!this.#frame.isOpen || document.hidden || !ledger.unread || !this.#frame.log.atEnd) return;
    this.#conversation.read(ledger.gaplessSeq);
    this.#render();
  }

  #failed({ code, ref, text }) {
    const passes = code === "too_fast" || code === "failed";
    if (passes || (this.#talks && !ref)) this.#frame.showProblem(text, passes);
    else this.#frame.compose.showError(text);
    this.#render();
  }

  #render() {
    const conversation = this.#conversation;
    if (conversation.isOver) this.#isEnding = false;
    for (const { kind, ref } of conversation.ledger.messages)
      if (kind === "file") this.#exchange?.stored(ref);
    this.#view.render(conversation, this.#status, this.#isEnding);
    const { unread, messages } = conversation.ledger;
    const open = this.#frame.isOpen;
    if (!open || this.#talks) this.#listening.stop();
    if (!open && conversation.ready && unread > this.#unread) {
      this.#frame.speak(this.#words.t("new_from", { name: this.#words.author(messages.at(-1)) }));
    }
    this.#unread = unread;
    this.#tell({ open, unread: open ? 0 : unread, note: this.#view.note(conversation) });
    // What fits without scrolling is seen without a scroll event.
    this.#markRead();
  }
}

/** What the browser keeps for this tab alone; reading it throws when storage is blocked. */
function tabArea() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/** Where the citizen is, without what stands behind the question mark. */
function pageAddress(origin) {
  const { origin: here, pathname } = location;
  return (here === origin ? pathname : here + pathname).slice(0, MAX_PAGE);
}
