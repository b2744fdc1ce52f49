/** Texts of the panel in the language of the page, with times as the city writes them. */

// The wall clock of town hall, wherever the reader is.
const ZONE = "Europe/Brussels";

export class Words {
  #texts;
  #time;
  #day;
  #lang;
  #locale;

  constructor(texts, lang) {
    this.#texts = texts;
    this.#lang = lang;
    const locale = lang === "en" ? "en-GB" : "nl-BE";
    this.#locale = locale;
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

  /** "JPEG, 183 kB", "PDF, 2,4 MB". */
  size({ type, size }) {
    const [value, unit] =
      size < 1e6 ? [Math.ceil(size / 1e3), "kilobyte"] : [size / 1e6, "megabyte"];
    const form = { style: "unit", unit, maximumFractionDigits: 1 };
    const amount = new Intl.NumberFormat(this.#locale, form).format(value);
    return [type.split("/")[1]?.toUpperCase(), amount].filter(Boolean).join(", ");
  }

  /** "4 min. 10 s". */
  left(ms) {
    const total = Math.max(0, Math.ceil(ms / 1000));
    const [minutes, seconds] = [Math.floor(total / 60), total % 60];
    const parts = minutes ? [this.t("minutes", { count: minutes })] : [];
    if (seconds || !minutes) parts.push(this.t("seconds", { count: seconds }));
    return parts.join(" ");
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
