/** Texts of the panel in the language of the page, with times as the city writes them. */

// The wall clock of town hall, wherever the reader is.
const ZONE = "Europe/Brussels";

export class Words {
  #texts;
  #time;
  #day;
  #lang;
  /** How numbers are written. */
  locale;

  constructor(texts, lang) {
    this.#texts = texts;
    this.#lang = lang;
    const locale = lang === "en" ? "en-GB" : "nl-BE";
    this.locale = locale;
    this.#time = new Intl.DateTimeFormat(locale, {
      timeZone: ZONE,
      hour: "numeric",
      minute: "2-digit",
      hourCycle: "h23",
    });
    this.#day = new Intl.DateTimeFormat(locale, {
      timeZone: ZONE,
      weekday: "long",
      day: "numeric",
      month: "long",
    });
  }

  /** The text `key` with its placeholders filled in. */
  t(key, values = {}) {
    return this.#texts[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  /** `key_one` or `key_many`, by number. */
  count(key, count) {
    return this.t(count === 1 ? `${key}_one` : `${key}_many`, { count });
  }

  /** "14.20 uur", "14:20". */
  time(at) {
    const time = this.#time.format(new Date(at));
    return this.#lang === "en" ? time : `${time.replace(":", ".")} uur`;
  }

  /** "dinsdag 30 juni". */
  day(at) {
    return this.#day.format(new Date(at));
  }

  /** What a message that is not a text says in the log. */
  event({ kind, reason, name }) {
    const who = name || this.t("employee");
    const texts = this.#texts;
    let key = `${kind}_${reason?.replace("agent_", "")}`;
    if (!texts[key]) key = kind === "left" ? "left_gone" : kind;
    return texts[key] ? this.t(key, { name: who }) : "";
  }

  /** Who wrote a message. */
  author({ author, name }) {
    if (author === "citizen") return this.t("you");
    return name || this.t(author === "agent" ? "employee" : "city");
  }
}
