/**
 * The one tag of the chat: draws the launcher, and fetches the panel when somebody wants to chat or
 * a conversation runs. It sets no cookie, stores nothing and opens no socket.
 */
(() => {
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const panelUrl = new URL("__PANEL_URL__", origin).href;
  const lang = /^en/i.test(script.dataset.lang || document.documentElement.lang) ? "en" : "nl";

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
:host { all: initial; font: 400 max(1rem, 16px)/1.4 Figtree, system-ui, sans-serif; color: #17252a }
[hidden] { display: none !important }
.dock { position: fixed; z-index: 2147483000; inset: auto 1.5em 1.5em auto; max-width: calc(100vw - 1.5em);
  display: grid; justify-items: end; gap: .5em }
.launcher { display: flex; align-items: center; gap: .75em; min-height: 3.5em; max-width: 24em; border: 0;
  border-radius: 2em; padding: .6em 1.5em .6em 1.2em; background: #0b5557; color: #fff; font: inherit;
  text-align: start; cursor: pointer; box-shadow: 0 12px 40px -12px rgb(7 59 61 / .5), 0 0 0 1.5px #fff }
.launcher:hover { background: #073b3d }
.launcher:focus-visible, .failed a:focus-visible { outline: 3px solid #a8481f; outline-offset: 3px;
  box-shadow: 0 0 0 3px #fff }
svg { width: 1.6em; height: 1.6em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75;
  stroke-linecap: round; stroke-linejoin: round }
b { display: block; font-weight: 600; font-size: 1.0625em; line-height: 1.2 }
.line { display: flex; gap: .45em; align-items: baseline; font-weight: 500; font-size: .85em; line-height: 1.3;
  margin-top: .15em }
.dot { flex: none; width: .6em; height: .6em; border-radius: 50%; background: #6fe0a0 }
.busy { background: #ffd166 } .closed { background: none; box-shadow: inset 0 0 0 2px #fff }
.unread { background: #ffd166; color: #17252a; border-radius: 2em; padding: 0 .6em; font-weight: 600 }
.failed { background: #fff; border: 1px solid #7a7468; border-radius: 10px; padding: .75em 1em; max-width: 20em }
.failed a { color: #0b5557; display: inline-block; padding-block: .6em }
@media (max-width: 480px) { .dock { inset: auto .75em .75em auto } }
@media (forced-colors: active) { .launcher, .dot { border: 1px solid; forced-color-adjust: auto } }
@media print { .dock { display: none } }`);

  class HasseltChat extends HTMLElement {
    #root = this.attachShadow({ mode: "open" });
    #parts = {};
    #status = null;
    #panel = null;
    #undo = null;
    #timer = 0;

    connectedCallback() {
      if (!this.#parts.dock) this.#draw();
      this.#undo = new AbortController();
      const { signal } = this.#undo;
      document.addEventListener("visibilitychange", () => document.hidden || this.#check(), {
        signal,
      });
      this.#check();
    }

    disconnectedCallback() {
      this.#undo.abort();
      clearTimeout(this.#timer);
      this.#panel?.then(
        (panel) => panel.leave(),
        () => {},
      );
      this.#panel = null;
    }

    /** Opens the panel, as a press on the launcher does. */
    async open() {
      if (!this.#status) return;
      try {
        (await this.#load()).open();
      } catch {
        this.#panel = null;
        this.#parts.failed.hidden = false;
      }
    }

    #draw() {
      this.#root.adoptedStyleSheets = [sheet];
      const make = (tag, name, ...inside) => {
        const element = document.createElement(tag);
        element.className = name;
        element.append(...inside);
        this.#parts[name] = element;
        return element;
      };
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5");
      svg.setAttribute("viewBox", "0 0 24 24");
      svg.setAttribute("aria-hidden", "true");
      svg.append(path);
      const state = make(
        "span",
        "line",
        make("i", "dot"),
        make("span", "sentence"),
        make("span", "unread"),
      );
      make(
        "div",
        "dock",
        make("p", "failed"),
        make("button", "launcher", svg, make("span", "words", make("b", "title"), state)),
      );
      const { dock, launcher, failed } = this.#parts;
      dock.lang = lang;
      dock.hidden = failed.hidden = true;
      failed.setAttribute("role", "alert");
      launcher.type = "button";
      launcher.setAttribute("aria-expanded", "false");
      launcher.addEventListener("click", () => this.open());
      this.#root.append(dock);
    }

    async #check() {
      clearTimeout(this.#timer);
      if (document.hidden) return;
      try {
        const answer = await fetch(`${origin}/chat/status.json?lang=${lang}`, {
          credentials: "omit",
        });
        if (!answer.ok) throw new Error(answer.status);
        this.#show(await answer.json());
      } catch {
        // The portal is away for a moment: what we said last stays until it answers again.
      }
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#check(), 1000 * (this.#status?.check_again_s ?? 15));
    }

    #show(status) {
      const first = !this.#status;
      this.#status = status;
      const { dock, title, dot, sentence, failed } = this.#parts;
      title.textContent = status.texts.title;
      sentence.textContent = status.sentence;
      dot.classList.remove("busy", "closed");
      if (status.state !== "open") dot.classList.add(status.state);
      dock.hidden = false;
      if (first) {
        const link = document.createElement("a");
        link.href = `${origin}${lang === "en" ? "/en" : ""}/chat/`;
        link.textContent = status.texts.plain;
        failed.append(status.texts.failed, " ", link);
        if (this.#runs()) this.#load().catch(() => (this.#panel = null));
      }
      this.#panel?.then(
        (panel) => panel.setStatus(status),
        () => {},
      );
      this.#tell({ unread: 0, open: false, note: "", ...this.#told });
    }

    #told = {};

    /** What the panel says of itself: `{open, unread, note}`. */
    #tell(told) {
      this.#told = told;
      const { launcher, unread, sentence, dot, failed } = this.#parts;
      const { texts } = this.#status;
      const back = launcher.hidden && !told.open;
      launcher.hidden = told.open;
      launcher.setAttribute("aria-expanded", told.open);
      unread.hidden = !told.unread;
      unread.textContent =
        told.unread === 1 ? texts.new_one : texts.new_many.replace("{count}", told.unread);
      sentence.textContent = told.note || this.#status.sentence;
      sentence.hidden = dot.hidden = told.unread > 0;
      if (told.open) failed.hidden = true;
      if (back) launcher.focus();
    }

    #load() {
      this.#panel ??= import(panelUrl).then((module) =>
        module.mount({
          root: this.#root,
          origin,
          lang,
          status: this.#status,
          tell: (told) => this.#tell(told),
        }),
      );
      return this.#panel;
    }

    /** A conversation that is not over goes on by itself on the next page. */
    #runs() {
      try {
        return localStorage["hasselt-chat.token"] && !localStorage["hasselt-chat.over"];
      } catch {
        return false;
      }
    }
  }

  if (!customElements.get("hasselt-chat")) customElements.define("hasselt-chat", HasseltChat);
  const place = () =>
    document.querySelector("hasselt-chat") ??
    document.body.append(document.createElement("hasselt-chat"));
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
