/**
 * The one tag of the chat: draws the launcher, and fetches the panel when somebody wants to chat or
 * a conversation runs. It sets no cookie, stores nothing and opens no socket.
 */
(() => {
  // A module that brings us in is no current script.
  const isOurs = ({ src }) => /\/widget\.js(\?|$)/.test(src);
  const script = document.currentScript ?? [...document.scripts].find(isOurs);
  // An old browser keeps the page as it is, with its link to the plain chat.
  if (!script || !document.adoptedStyleSheets) return;
  const { origin } = new URL(script.src);
  const { lang: asked, side, bottom } = script.dataset;
  const lang = /^en/i.test(asked || document.documentElement.lang) ? "en" : "nl";
  const IDLE = { open: false, unread: 0, note: "" };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host { all: initial !important; position: fixed !important; z-index: 2147483000 !important; direction: ltr !important;
  font: 400 max(1rem, 16px)/1.4 Figtree, system-ui, sans-serif !important; color: #17252a !important;
  --edge: min(1.5em, 4vw); --left: auto; --right: var(--edge); --bottom: var(--edge) }
:host([hidden]), [hidden] { display: none !important }
.dock { position: fixed; inset: auto var(--right) var(--bottom) var(--left); max-width: calc(100vw - 2 * var(--edge));
  display: grid; grid-template-columns: minmax(0, 1fr); justify-items: end; gap: .5em }
.launcher { display: flex; align-items: center; gap: .75em; min-height: 3.5em; max-width: 24em; border: 0;
  border-radius: 2em; padding: .5em 1.5em .5em 1.25em; background: #0b5557; color: #fff; font: inherit;
  text-align: start; overflow-wrap: anywhere; cursor: pointer; box-shadow: 0 12px 40px -12px rgb(7 59 61 / .5), 0 0 0 1.5px #fff }
.launcher:hover { background: #073b3d }
.dock :focus-visible { outline: 3px solid #a8481f; outline-offset: 3px; box-shadow: 0 0 0 3px #fff }
svg { width: 1.5em; height: 1.5em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75;
  stroke-linecap: round; stroke-linejoin: round }
b { display: block; font-weight: 600; font-size: 1.0625em }
.state { display: flex; gap: .5em; align-items: baseline; font-weight: 500; font-size: .85em }
.dot { flex: none; width: .6em; height: .6em; border-radius: 50%; background: #6fe0a0 }
.dot.busy, .unread { background: #ffd166; color: #17252a }
.dot.closed { background: none; box-shadow: inset 0 0 0 2px #fff }
.unread { border-radius: 2em; padding: 0 .75em; font-weight: 600 }
.failed { background: #fff; border: 1px solid; border-radius: .75em; padding: .75em 1em; max-width: 20em }
.failed a { color: #0b5557; display: inline-block; padding-block: .75em }
@media (forced-colors: active) { .launcher, .dot { border: 1px solid } }
@media print { :host { display: none !important } }`);

  class HasseltChat extends HTMLElement {
    #root = this.attachShadow({ mode: "open" });
    #parts = {};
    #status = null;
    #told = IDLE;
    #waitS = 15;
    #loading = null;
    #panel = null;
    #undo = null;
    #timer = 0;

    connectedCallback() {
      if (!this.#parts.dock) this.#draw();
      this.#undo = new AbortController();
      const { signal } = this.#undo;
      document.addEventListener("visibilitychange", () => this.#check(), { signal });
      addEventListener("storage", () => this.#resume(), { signal });
      document.addEventListener("click", (event) => this.#follow(event), { signal });
      this.#check();
    }

    disconnectedCallback() {
      this.#undo.abort();
      clearTimeout(this.#timer);
      this.#panel?.leave();
      this.#panel = this.#loading = null;
      this.#told = IDLE;
    }

    /** Opens the panel, as a press on the launcher does. */
    async open() {
      try {
        await this.#load();
        this.#panel?.open();
      } catch {
        this.#parts.failed.hidden = false;
      }
    }

    /** A link of the page to the plain chat opens the panel instead. */
    #follow(event) {
      if (!this.#status || !event.target.closest("[data-chat-open]")) return;
      event.preventDefault();
      this.open();
    }

    #make(tag, name, ...inside) {
      const element = document.createElement(tag);
      element.className = name;
      element.append(...inside);
      this.#parts[name] = element;
      return element;
    }

    #draw() {
      const svg = (tag, name, value) => {
        const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
        element.setAttribute(name, value);
        return element;
      };
      const icon = svg("svg", "viewBox", "0 0 24 24");
      icon.append(svg("path", "d", "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5"));
      const line = ["dot", "sentence", "unread"].map((name) => this.#make("span", name));
      const words = [this.#make("b", "title"), this.#make("span", "state", ...line)];
      const launcher = this.#make("button", "launcher", icon, this.#make("span", "", ...words));
      const failed = this.#make("p", "failed");
      const dock = this.#make("div", "dock", failed, launcher);
      dock.lang = lang;
      dock.hidden = failed.hidden = true;
      failed.role = "alert";
      icon.ariaHidden = "true";
      launcher.addEventListener("click", () => this.open());
      this.#root.adoptedStyleSheets = [sheet];
      this.#root.append(dock);
      this.#stand();
    }

    /** Where the page wants it: beside or above what it has in that corner itself. */
    #stand() {
      const set = (name, value) => this.style.setProperty(`--${name}`, value);
      if (side === "left") {
        set("left", "var(--edge)");
        set("right", "auto");
      }
      if (bottom > 0) set("bottom", `min(${Number(bottom)}px, 40vh)`);
    }

    async #check() {
      clearTimeout(this.#timer);
      if (document.hidden) return;
      try {
        const address = `${origin}/chat/status.json?lang=${lang}`;
        // What is kept may be some seconds old, and the next question comes only in half a minute.
        const answer = await fetch(address, { cache: "no-cache", credentials: "omit" });
        this.#show(await answer.json());
        this.#waitS = this.#status.check_again_s;
      } catch {
        // The portal is away for a moment: what we said last stays until it answers again. Who never
        // heard it may stand on a page that it does not serve, and asks less and less.
        if (!this.#status) this.#waitS = Math.min(2 * this.#waitS, 900);
      }
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#check(), 1000 * this.#waitS);
    }

    #show(status) {
      const { dock, title, failed } = this.#parts;
      const link = this.#make("a", "plain", status.texts.plain);
      link.href = `${origin}${lang === "en" ? "/en" : ""}/chat/`;
      failed.replaceChildren(status.texts.failed, " ", link);
      title.textContent = status.texts.title;
      dock.hidden = false;
      this.#status = status;
      this.#panel?.setStatus(status);
      this.#tell();
      this.#resume();
    }

    /** What the panel says of itself. */
    #tell(told = this.#told) {
      const { launcher, unread, sentence, dot, failed } = this.#parts;
      const { texts } = this.#status;
      const isBack = launcher.hidden && !told.open;
      this.#told = told;
      launcher.hidden = told.open;
      launcher.ariaExpanded = String(told.open);
      const some = texts.new_many.replace("{count}", told.unread);
      unread.textContent = told.unread === 1 ? texts.new_one : some;
      unread.hidden = !told.unread;
      dot.className = `dot ${this.#status.state}`;
      sentence.textContent = told.note || this.#status.sentence;
      sentence.hidden = dot.hidden = told.unread > 0;
      failed.hidden ||= told.open;
      if (isBack) launcher.focus();
    }

    async #load() {
      const { href } = new URL("__PANEL_URL__", origin);
      const tell = (told) => this.#tell(told);
      const start = { root: this.#root, origin, lang, status: this.#status, tell };
      this.#loading ??= import(href).then((module) => module.mount(start));
      const loading = this.#loading;
      try {
        const panel = await loading;
        if (loading === this.#loading) this.#panel = panel;
        // The launcher left the page meanwhile.
        else panel.leave();
      } catch (error) {
        this.#loading = null;
        throw error;
      }
    }

    /** A conversation that is not over goes on by itself on the next page and in the next tab. */
    #resume() {
      try {
        if (!localStorage["hasselt-chat.token"] || localStorage["hasselt-chat.over"]) return;
        if (this.#status) this.#load().catch(() => {});
      } catch {
        // Storage is blocked, so nothing is remembered.
      }
    }
  }

  if (!customElements.get("hasselt-chat")) customElements.define("hasselt-chat", HasseltChat);
  const place = () => {
    if (document.querySelector("hasselt-chat")) return;
    document.body.append(document.createElement("hasselt-chat"));
  };
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
