/** The messages of the open conversation: read from top to bottom, only new ones are spoken. */

import { fileSize } from "../widget/file-size.js";
import { Words } from "../widget/words.js";
import { DeskView } from "./desk-view.js";
import { element, follow, setText } from "./dom.js";
import { linesOf } from "./lines.js";
import { newLine, updateLine } from "./log-line.js";
import { day } from "./moments.js";
import { sayCount } from "./texts.js";
import { visitorName } from "./visitor.js";

const NEAR_BOTTOM_PX = 40;

export class ConsoleLog extends DeskView {
  #box = null;
  #shownId = null;
  #atEnd = true;
  #size = "";
  #new = 0;
  #words = null;
  #drawn = "";

  connected() {
    this.#words = new Words({}, this.desk.lang);
    this.on(this.part("new"), "click", () => this.#toEnd({ focus: true }));
    this.on(window, "focus", () => this.#notice());
    this.on(document, "visibilitychange", () => this.#notice());
    this.on(this, "click", (event) => this.#click(event));
    const keepEnd = new ResizeObserver(() => this.#resized());
    keepEnd.observe(this);
    this.sizes = keepEnd;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sizes.disconnect();
  }

  draw() {
    const { openTalk: talk } = this.desk;
    if (!talk) return this.#forget();
    const fresh = this.#shownId !== talk.id;
    const content = this.#contentOf(talk);
    // With many conversations most news is of another one: then nothing here is touched or measured.
    const drawn = JSON.stringify([content, talk.loaded, this.desk.isMine(talk.id)]);
    if (!fresh && drawn === this.#drawn) return;
    this.#drawn = drawn;
    const box = fresh ? this.#newBox() : this.#box;
    const before = countTexts(box);
    // Measured, not remembered: the person may have scrolled since the last scroll event.
    if (!fresh) this.#measure();
    this.#fill(box, content);
    if (fresh) this.#show(box, talk.id);
    else if (countTexts(box) > before) this.#grew(talk, countTexts(box) - before);
    else if (this.#atEnd) this.#toEnd();
    this.#speakFromNow(box, talk);
    this.#notice();
  }

  /* A new box for each conversation: what stands in it when it appears is history, not news. */
  #newBox() {
    const label = this.dataset.label;
    const box = element("div", { class: "log", role: "log", "aria-label": label, tabindex: "0" });
    box.setAttribute("aria-live", "off");
    box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    return box;
  }

  #contentOf(talk) {
    const { desk } = this;
    const card = desk.cardOf(talk.id);
    const view = {
      me: desk.me.name,
      visitor: visitorName(card),
      lang: card?.lang,
      pageLang: desk.lang,
      online: desk.isOnline,
      size: (file) => fileSize(file, this.#words.locale),
    };
    const lines = linesOf({
      messages: talk.messages,
      unsent: [...talk.ledger.ahead, ...desk.stash.unsent(talk.id)],
      uploads: desk.files.unsent(talk.id),
      failed: desk.sender.failed,
      readTo: talk.ledger.readBy("citizen"),
      me: desk.me.name,
      dayOf: (at) => day(at, desk.lang),
    });
    return { lines, view };
  }

  #fill(box, { lines, view }) {
    const held = box.contains(document.activeElement);
    follow(box, lines, {
      key: (line) => line.key,
      make: (line) => newLine(line, view),
      update: (node, line) => updateLine(node, line, view),
    });
    // The button that had it has gone: what was on its way is there.
    if (held && !box.contains(document.activeElement)) box.focus();
  }

  #show(box, id) {
    this.#box?.remove();
    this.prepend(box);
    this.#box = box;
    this.#shownId = id;
    this.#toEnd();
    this.#size = sizeOf(box);
  }

  #grew(talk, texts) {
    const last = this.#box.lastElementChild;
    if (this.#atEnd || !talk.loaded || last.matches(".msg-mine:not(.msg-colleague)")) this.#toEnd();
    else this.#setNew(this.#new + texts);
  }

  /* Live only once history stands there: in the next frame, so that history itself is not spoken. */
  #speakFromNow(box, talk) {
    if (!talk.loaded || box.getAttribute("aria-live") !== "off") return;
    requestAnimationFrame(() => box.setAttribute("aria-live", "polite"));
  }

  #toEnd({ focus = false } = {}) {
    if (!this.#box) return;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#atEnd = true;
    this.#setNew(0);
    if (focus) this.#box.focus();
    this.#notice();
  }

  #scrolled() {
    this.#measure();
    if (this.#atEnd) this.#setNew(0);
    this.#notice();
  }

  /* Where the person is. In a box of another size it says nothing: the screen moved, not they. */
  #measure() {
    if (sizeOf(this.#box) === this.#size) this.#atEnd = isNearEnd(this.#box);
  }

  #resized() {
    if (!this.#box) return;
    if (this.#atEnd) this.#toEnd();
    this.#size = sizeOf(this.#box);
  }

  #setNew(count) {
    this.#new = count;
    this.part("new").hidden = count === 0;
    setText(this.part("new"), count ? sayCount("new_messages", count) : "");
  }

  /* Read means: the last line is in view, of a page somebody looks at. */
  #notice() {
    const visible = document.visibilityState === "visible" && document.hasFocus();
    if (visible && this.#atEnd && this.#shownId && this.offsetParent)
      this.desk.signals.seen(this.#shownId);
  }

  #forget() {
    this.#box?.remove();
    this.#box = this.#shownId = null;
    this.#atEnd = true;
    this.#setNew(0);
  }

  #click({ target }) {
    const { retry, takeBack, dropFile } = target.dataset;
    if (retry) this.console.run("retry", retry);
    if (takeBack) this.console.run("take-back", takeBack);
    if (dropFile) this.console.run("drop-file", dropFile);
  }
}

function sizeOf({ clientWidth, clientHeight }) {
  return `${clientWidth}x${clientHeight}`;
}

function isNearEnd({ scrollHeight, scrollTop, clientHeight }) {
  return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
}

function countTexts(box) {
  return box.querySelectorAll(".msg").length;
}
