/** The parts of the opened panel: where they stand, and how the person moves among them. */

import { Compose } from "./compose.js";
import { h, say } from "./dom.js";
import { icon } from "./icon.js";
import { Log } from "./log.js";
import { Choice, Closed } from "./outcome.js";
import { sheet } from "./sheet.js";

const LIVE_AFTER_MS = 150;
const STOPS = "a[href], button, textarea, input, summary, .scroller";

export class Frame {
  #root;
  #on;
  #askStill;
  #asked = [];
  #silence = null;
  #liveTimer = 0;
  #isFull = false;
  isOpen = false;
  problemPasses = false;
  /** Elements by their class name. */
  parts = {};

  constructor({ root, words, settings, storage, at, now, on }) {
    this.#root = root;
    this.#on = on;
    const t = (key) => words.t(key);
    const speak = (text) => this.speak(text);
    this.compose = new Compose({ words, settings, storage, on });
    this.log = new Log(words, on);
    this.closed = new Closed(words, { ...settings, at });
    this.#askStill = { words, now, speak, onExtend: on.extend };
    this.ending = new Choice([t("end_yes"), on.end], [t("end_no"), on.keep]);
    this.ended = new Choice([t("continue"), on.goOn], [t("new"), on.startNew]);
    this.#draw(t, settings, at);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    root.append(this.parts.panel, this.parts.spoken);
  }

  speak(text) {
    // The same words twice are spoken twice.
    this.parts.spoken.textContent = "";
    this.parts.spoken.textContent = text;
  }

  /** What went wrong and is not about the text in the field; it may pass by itself. */
  showProblem(text, passes = false) {
    this.problemPasses = passes;
    say(this.parts.problem, text);
  }

  /** As `Silence.show`. In most conversations nobody asks, so it is fetched when somebody does. */
  showSilence(...asked) {
    this.#asked = asked;
    if (this.#silence) this.#silence.show(...asked);
    else if (asked[0]) this.#fetchSilence();
  }

  async #fetchSilence() {
    const module = await import("./silence.js").catch(() => null);
    // Without it the log still asks, and any text answers.
    if (!module) return;
    this.#silence ??= new module.Silence(this.#askStill);
    this.parts.problem.after(this.#silence.element);
    this.#silence.show(...this.#asked);
  }

  setOpen(isOpen) {
    this.isOpen = isOpen;
    this.parts.panel.hidden = !isOpen;
    this.goLive(false);
    if (isOpen) this.log.toEnd();
  }

  /** From now on new messages are announced; what was filled in before never is. */
  goLive(isReady) {
    if (isReady && this.isOpen) {
      this.#liveTimer ||= setTimeout(() => this.log.setLive(true), LIVE_AFTER_MS);
    } else {
      clearTimeout(this.#liveTimer);
      this.#liveTimer = 0;
      this.log.setLive(false);
    }
  }

  /** On touch screens a focused field would cover half of the panel with the keyboard. */
  focusIn() {
    const { panel, title } = this.parts;
    const buttons = [...panel.querySelectorAll("footer .button")].filter(isVisible);
    const field = isVisible(this.compose.element) ? this.compose : null;
    if (field && !matchMedia("(pointer: coarse)").matches) field.focus();
    else (field ? title : (buttons[0] ?? title)).focus();
  }

  /** Keeps the focus when the part that had it disappears. */
  keepFocus(change) {
    const held = this.#root.activeElement;
    const isOurs = this.parts.panel.contains(held);
    change();
    if (isOurs && this.isOpen && !isVisible(held)) this.focusIn();
  }

  /** On a small screen the panel takes all that the keyboard leaves. */
  fitScreen(isFull) {
    this.#isFull = isFull;
    const { style } = this.parts.panel;
    const view = globalThis.visualViewport;
    const hasKeyboard = isFull && view && view.scale === 1 && view.height < innerHeight - 1;
    style.height = hasKeyboard ? `${view.height}px` : "";
    style.top = hasKeyboard ? `${view.offsetTop}px` : "";
  }

  remove() {
    this.showSilence(null);
    this.setOpen(false);
    for (const element of [this.parts.panel, this.parts.spoken]) element.remove();
  }

  #part(name, tag, props = {}, ...children) {
    const element = h(tag, { class: name, ...props }, ...children);
    this.parts[name] = element;
    return element;
  }

  #draw(t, settings, at) {
    const { log, parts } = this;
    const status = { role: "status" };
    this.#part("spoken", "p", { class: "unseen", ...status });
    log.scroller.prepend(this.#intro(t, settings.pilot), this.closed.element);
    log.scroller.append(this.#part("waiting", "p", status), this.#part("queue", "div"));
    log.scroller.append(this.#part("typing", "p"));
    log.scroller.append(this.#part("after", "div"));
    const notices = [
      this.#part("announcement", "p", { class: "notice", ...status }),
      this.#part("lost", "p", { class: "notice lost", ...status }),
      this.#part("plain", "p", { class: "notice lost" }, link(at(settings.plain_url), t("plain"))),
    ];
    const region = { role: "region", "aria-labelledby": "title", hidden: true };
    const drops = { dragover: (event) => this.#drop(event), drop: (event) => this.#drop(event) };
    this.#part("panel", "section", { ...region, ...drops, keydown: (event) => this.#key(event) });
    parts.panel.append(this.#header(t), h("div", {}, ...notices), log.element);
    parts.panel.append(this.#footer(t, settings, at));
  }

  #header(t) {
    const title = this.#part("title", "h2", { id: "title", tabindex: "-1" }, t("title"));
    const end = { type: "button", "aria-label": t("end_label"), click: this.#on.askEnd };
    const fold = { type: "button", click: this.#on.fold };
    return h(
      "header",
      {},
      icon("chat"),
      h("div", { class: "who" }, title, this.#part("with", "p")),
      this.#part("end", "button", end, t("end")),
      this.#part("fold", "button", fold, icon("fold")),
    );
  }

  #intro(t, pilot) {
    const words = [h("p", { class: "strong" }, t("welcome")), h("p", {}, t("welcome_more"))];
    const welcome = this.#part("welcome", "div", {}, ...words);
    return h("div", {}, pilot ? h("p", { class: "pilot" }, pilot) : null, welcome);
  }

  #footer(t, { phone, privacy_url }, at) {
    const call = phone?.label ? link(phone.href, phone.label) : "";
    return this.#part(
      "foot",
      "footer",
      {},
      this.#part("problem", "p", { class: "problem error", role: "alert" }),
      this.ending.element,
      this.ended.element,
      this.#part("privacy", "p", {}, t("privacy"), " ", link(at(privacy_url), t("privacy_link"))),
      this.compose.element,
      this.#part("help", "p", { hidden: !call }, t("rather_call"), " ", call),
    );
  }

  /** A file that is let go above the panel must not make the browser leave the page. */
  #drop(event) {
    const { files, types } = event.dataTransfer;
    if (!types.includes("Files")) return;
    event.preventDefault();
    if (files.length) this.compose.take(files);
  }

  #key(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      this.#on.escape();
    }
    // The page behind a full screen cannot be seen, so the focus goes round within the panel.
    if (event.key !== "Tab" || !this.#isFull) return;
    const stops = [...this.parts.panel.querySelectorAll(STOPS)];
    const visible = stops.filter(isVisible);
    const [from, to] = event.shiftKey ? [visible[0], visible.at(-1)] : [visible.at(-1), visible[0]];
    if (this.#root.activeElement !== from) return;
    event.preventDefault();
    to.focus();
  }
}

function link(href, text) {
  return h("a", { href }, text);
}

function isVisible(element) {
  return Boolean(element?.getClientRects().length);
}
