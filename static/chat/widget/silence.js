/** "Are you still there?": one key goes on, and the time left is spoken only twice. */

import { h, say } from "./dom.js";

const SPOKEN_AT_S = [60, 20];
const APART_S = 15;

export class Silence {
  #words;
  #speak;
  #now;
  #left = h("p", { class: "left" });
  #endsAt = 0;
  #marks = [];
  #timer = 0;
  element;

  /** `now()` is the time of the portal; `speak(text)` says something once. */
  constructor({ words, now, speak, onExtend }) {
    this.#words = words;
    this.#now = now;
    this.#speak = speak;
    const yes = { class: "button", type: "button", click: onExtend };
    const ask = h("p", { class: "strong", id: "still" }, words.t("still_ask"));
    this.element = h("div", { class: "silence", role: "group", "aria-labelledby": "still" });
    this.element.append(ask, this.#left, h("button", yes, words.t("still_button")));
    this.element.hidden = true;
  }

  /** `endsAt` is a moment, or null when nothing is asked. `isFolded`: no log says that it is asked. */
  show(endsAt, { isFolded = false } = {}) {
    this.element.hidden = !endsAt;
    const moment = endsAt ? Date.parse(endsAt) : 0;
    if (moment === this.#endsAt) return;
    this.#endsAt = moment;
    clearInterval(this.#timer);
    if (!moment) return;
    // The question itself was spoken just now.
    this.#marks = SPOKEN_AT_S.filter((mark) => mark < this.#leftS - APART_S);
    this.#timer = setInterval(() => this.#tick(), 1000);
    this.#tick();
    if (isFolded) this.#speak(this.#words.t("still_ask"));
  }

  get #leftS() {
    return Math.max(0, Math.round((this.#endsAt - this.#now()) / 1000));
  }

  #tick() {
    const seconds = this.#leftS;
    const text = this.#words.t("still_left", { left: timeLeft(this.#words, seconds) });
    say(this.#left, text);
    const ahead = this.#marks.filter((mark) => mark < seconds);
    if (ahead.length < this.#marks.length) this.#speak(`${this.#words.t("still_ask")} ${text}`);
    this.#marks = ahead;
    if (seconds === 0) clearInterval(this.#timer);
  }
}

/** "4 min 10 s". */
export function timeLeft(words, seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  const parts = minutes ? [words.t("minutes", { count: minutes })] : [];
  if (rest || !minutes) parts.push(words.t("seconds", { count: rest }));
  return parts.join(" ");
}
