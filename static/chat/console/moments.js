/* How long ago and at what time, in as few signs as a glance needs. */

const ZONE = "Europe/Brussels";
const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const LATE_MS = 2 * MINUTE;

/** A running age: `0:22`, `4:12`, `1:02:05`. Never negative, whatever the clocks say. */
export function age(ms) {
  const seconds = Math.max(0, Math.floor(ms / SECOND));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A length that is over: `22 s`, `4 min 12 s`, `1 u 2 min`. `words` holds the three units. */
export function length(ms, words) {
  const seconds = Math.max(0, Math.round(ms / SECOND));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h) return `${h} ${words.hour} ${m} ${words.minute}`;
  if (m) return s ? `${m} ${words.minute} ${s} ${words.second}` : `${m} ${words.minute}`;
  return `${s} ${words.second}`;
}

const TIME = new Intl.DateTimeFormat("nl-BE", {
  hour: "numeric",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: ZONE,
});

/** The time of day in Hasselt, short: `14.20` in Dutch, `14:20` in English. */
export function shortClock(at, lang) {
  const time = TIME.format(new Date(at));
  return lang === "nl" ? time.replace(":", ".") : time;
}

/** The time of day in Hasselt as a sentence says it: `14.20 uur`, `14:20`. */
export function clock(at, lang) {
  return lang === "nl" ? `${shortClock(at, lang)} uur` : shortClock(at, lang);
}

const DAYS = { nl: daysOf("nl-BE"), en: daysOf("en-GB") };

/** The day in Hasselt: `dinsdag 30 juni`. */
export function day(at, lang) {
  return (DAYS[lang] ?? DAYS.en).format(new Date(at));
}

/* Made once: to make one costs as much as drawing a whole conversation. */
function daysOf(locale) {
  const shown = { weekday: "long", day: "numeric", month: "long", timeZone: ZONE };
  return new Intl.DateTimeFormat(locale, shown);
}

/** Minutes ago under an hour, else the time of day; empty below one minute. */
export function minutesAgo(at, now) {
  const minutes = Math.floor((now - Date.parse(at)) / MINUTE);
  return minutes < 60 ? Math.max(0, minutes) : null;
}
