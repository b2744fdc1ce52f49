/** The list of messages: each is one element, added once, so that it is announced once. */

import { h, say } from "./dom.js";
import { icon } from "./icon.js";
import { splitLinks } from "./links.js";

const NEAR_PX = 80;

export class Log {
  #words;
  #on;
  #items = new Map();
  #list;
  #below;
  #belowText = h("span");
  #unseen = 0;
  #sticks = true;
  #end = 0;
  element;
  /** Where it scrolls; other parts stand before and after the list in it. */
  scroller;

  /** `on.seen()` is called when the end of the list comes into view; the rest is about files. */
  constructor(words, on) {
    this.#words = words;
    this.#on = on;
    const label = words.t("log");
    this.#list = h("div", { class: "log", role: "log", "aria-label": label, "aria-live": "off" });
    this.#list.setAttribute("aria-relevant", "additions");
    this.scroller = h("div", { class: "scroller", tabindex: "0", role: "group" }, this.#list);
    this.scroller.setAttribute("aria-label", words.t("title"));
    this.#below = h("button", { class: "below", type: "button", hidden: true });
    this.#below.append(icon("down"), this.#belowText);
    this.#below.addEventListener("click", () => {
      this.toEnd();
      this.scroller.focus();
    });
    this.element = h("div", { class: "middle" }, this.scroller, this.#below);
    this.scroller.addEventListener("scroll", () => {
      this.#sticks = this.atEnd;
      if (this.#sticks) on.seen();
    });
    // A keyboard on a phone, or a larger text, must not push the newest message out of sight.
    new ResizeObserver(() => this.grown()).observe(this.scroller);
  }

  get atEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  toEnd() {
    this.#sticks = true;
    this.scroller.scrollTop = this.#items.size ? this.scroller.scrollHeight : 0;
    this.#end = this.scroller.scrollTop;
    this.#showBelow(0);
  }

  /** Something below the list came to stand there. */
  grown() {
    if (this.#stays) this.toEnd();
  }

  /* Who scrolled up a moment ago has done so before the browser says it. */
  get #stays() {
    return this.#sticks && (this.atEnd || this.scroller.scrollTop >= this.#end);
  }

  /** Off while history is filled in; on when what comes is new. */
  setLive(isLive) {
    const value = isLive ? "polite" : "off";
    if (this.#list.getAttribute("aria-live") !== value) this.#list.setAttribute("aria-live", value);
  }

  /**
   * Brings the list in step with `items`: `{key, at, own, who, text, card, file, upload, event,
   * mark}` in order. What others write below the fold is counted on a button instead of moving what
   * is read.
   */
  render(items) {
    const sticks = this.#stays;
    const known = this.#items;
    const grown = items.filter((item) => !known.has(item.key));
    this.#items = new Map();
    let place = this.#list.firstChild;
    let day = "";
    for (const item of items) {
      const today = this.#words.day(item.at);
      const row = known.get(item.key) ?? this.#row(item);
      known.delete(item.key);
      this.#items.set(item.key, row);
      row.day.hidden = today === day;
      say(row.day, today);
      if (row.mark) say(row.mark, item.mark ? `, ${item.mark}` : "");
      row.update?.(item);
      if (row.element === place) place = place.nextSibling;
      else this.#list.insertBefore(row.element, place);
      day = today;
    }
    for (const row of known.values()) row.element.remove();
    if (sticks || grown.some((item) => item.own)) this.toEnd();
    else this.#showBelow(this.#unseen + grown.filter((item) => !item.event && !item.own).length);
  }

  #row(item) {
    const { at, own, who, event } = item;
    const day = h("p", { class: "day" });
    const time = this.#words.time(at);
    if (event) {
      return {
        day,
        element: h("div", { class: "row" }, day, h("p", { class: "sys" }, `${time} · ${event}`)),
      };
    }
    // The mark changes after the message was announced; it must not be announced again.
    const mark = own ? h("span", { "aria-live": "off" }) : null;
    const meta = h("p", { class: "meta" }, this.#words.t("meta", { who, time }), mark);
    const body = this.#body(item);
    const message = h("div", { class: own ? "msg mine" : "msg" }, meta, body.element);
    return { day, mark, update: body.update, element: h("div", { class: "row" }, day, message) };
  }

  #body(item) {
    if ("file" in item) return this.#fileBody(item);
    return item.card ? this.#cardBody(item) : this.#textBody(item);
  }

  /** What is stored may be less than what was typed. */
  #textBody({ text }) {
    const element = h("p", { class: "bubble" }, ...this.#linked(text));
    const update = (item) => {
      if (item.text !== text) element.replaceChildren(...this.#linked(item.text));
      text = item.text;
    };
    return { element, update };
  }

  /** Its name, until its module is here; while that cannot be fetched, each change tries again. */
  #fileBody({ file }) {
    const words = this.#words;
    const name = h("span", { class: "strong" }, file?.name ?? words.t("file_gone"));
    const hint = h("span", { class: "unseen" }, words.t("file"), " ");
    // The name is announced with the message; what comes into this later must not be.
    const more = h("span", { "aria-live": "off" });
    const element = h("div", { class: "bubble" }, hint, name, more);
    let item;
    let draw = null;
    let isAsked = false;
    const update = async (now) => {
      item = now;
      say(name, item.file?.name ?? words.t("file_gone"));
      draw?.(item);
      if (draw || isAsked) return;
      isAsked = true;
      const module = await import("./file.js").catch(() => null);
      isAsked = false;
      draw = module?.drawFile(more, words, this.#on);
      draw?.(item);
      this.grown();
    };
    return { element, update };
  }

  /** A page of the city that the agent shows the way to. */
  #cardBody({ card: { title, summary, url } }) {
    const link = this.#link(url, h("strong", {}, title), " ", summary);
    return { element: h("p", { class: "bubble card" }, link) };
  }

  #linked(text) {
    return splitLinks(text).map((part) =>
      part.href ? this.#link(part.href, part.text) : part.text,
    );
  }

  /** Another site would take the place of the page with the chat; on ours the chat goes along. */
  #link(href, ...words) {
    const here = href.startsWith("mailto:") || href.startsWith(`${location.origin}/`);
    if (here) return h("a", { href }, ...words);
    const hint = h("span", { class: "unseen" }, ` ${this.#words.t("new_window")}`);
    return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...words, hint);
  }

  #showBelow(count) {
    this.#unseen = count;
    this.#below.hidden = count === 0;
    if (count) say(this.#belowText, this.#words.count("new_below", count));
  }
}
