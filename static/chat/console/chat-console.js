/** The whole console: makes the desk, runs the commands of keys and buttons, minds focus and title. */

import { Connection } from "../widget/connection.js";
import { commandsOf } from "./commands.js";
import { Desk } from "./desk.js";
import { setAttribute } from "./dom.js";
import { watchDoor } from "./door.js";
import { sendFile } from "./file-door.js";
import { loadKnowledge } from "./knowledge-door.js";
import { passedOnDoor } from "./passed-on-door.js";
import { commandOf } from "./shortcuts.js";
import { Stash } from "./stash.js";
import { say } from "./texts.js";

const PING_MS = 15_000; // docs/chat-protocol.md: an agent unheard for 45 s counts as gone
const NARROW = "(max-width: 44.99rem)";

export class ChatConsole extends HTMLElement {
  static bootstrap = null;
  #undo = null;
  #clock = null;
  #connection = null;

  connectedCallback() {
    const { me, lang, limits, files, topics, socket, knowledge, passing } = ChatConsole.bootstrap;
    this.#undo = new AbortController();
    Object.assign(this, { limits, topics, passing });
    const connect = (handlers) => {
      this.#connection = new Connection({
        url: address(socket),
        pingEveryMs: PING_MS,
        ...handlers,
      });
      return this.#connection;
    };
    this.desk = new Desk({
      me,
      lang,
      stash: new Stash(me.id),
      connect,
      files: { limits: files, post: sendFile },
      load: loadKnowledge(knowledge),
      passing: passedOnDoor(passing.suggest),
      limit: limits.text,
    });
    this.commands = commandsOf(this);
    this.#listen();
    watchDoor(this.desk, this.#undo.signal);
    this.desk.open(idInAddress());
    this.desk.start();
    this.#clock = setInterval(() => this.desk.tick(), 1_000);
  }

  disconnectedCallback() {
    clearInterval(this.#clock);
    this.#connection.dispose();
    this.#undo.abort();
  }

  /** Runs a command by name; an unknown one does nothing. Returns whether it was known. */
  run(name, argument) {
    if (!Object.hasOwn(this.commands, name)) return false;
    this.commands[name](argument);
    return true;
  }

  get isNarrow() {
    return matchMedia(NARROW).matches;
  }

  /** Folds the details out or in; only matters where they have no column of their own. */
  foldContext(open) {
    this.classList.toggle("context-open", open);
    setAttribute(this.querySelector(".context-toggle"), "aria-expanded", String(open));
  }

  get contextIsOpen() {
    return this.classList.contains("context-open");
  }

  #listen() {
    const { signal } = this.#undo;
    const on = (target, type, react) => target.addEventListener(type, react, { signal });
    on(document, "keydown", (event) => this.#key(event));
    on(this, "click", (event) => this.#click(event));
    on(window, "storage", (event) => this.desk.storageChanged(event));
    on(window, "hashchange", () => this.desk.open(idInAddress()));
    on(this.desk, "open", () => this.#opened());
    on(this.desk, "change", () => this.#draw());
    for (const event of ["claimed", "let-go"]) {
      // After the page has drawn what the portal answered.
      on(this.desk, event, () => requestAnimationFrame(() => this.run(event)));
    }
  }

  #key(event) {
    if (this.querySelector("dialog[open]")) return;
    const typing = event.target.matches?.(
      "textarea, select, input:not([type=radio], [type=checkbox])",
    );
    const { singleKeys } = this.querySelector("console-keys");
    const command = commandOf(event, { typing, singleKeys });
    if (!command || (command === "back" && this.querySelector(":popover-open"))) return;
    if (this.run(command) && command !== "back") event.preventDefault();
  }

  #click(event) {
    const button = event.target.closest("[data-do]");
    if (button && button.getAttribute("aria-disabled") !== "true") this.run(button.dataset.do);
  }

  #opened() {
    const id = this.desk.openId;
    this.dataset.view = id ? "talk" : "list";
    this.foldContext(false);
    if (id !== idInAddress()) history.replaceState(null, "", id ? `#${id}` : location.pathname);
  }

  #draw() {
    const { attention, refused } = this.desk;
    const title = attention ? `(${attention}) ${say("title")}` : say("title");
    if (document.title !== title) document.title = title;
    const notice = this.querySelector("[data-refused]");
    if (refused && notice.hidden) this.#showRefused(notice);
  }

  /* The visitors' words leave the screen; what the agent typed stays in the browser. */
  #showRefused(notice) {
    this.querySelector("dialog[open]")?.close();
    this.querySelector("console-notice").dismiss();
    this.querySelector("main").hidden = true;
    notice.hidden = false;
    notice.focus();
  }
}

function address(path) {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}

function idInAddress() {
  const id = location.hash.slice(1);
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : null;
}
