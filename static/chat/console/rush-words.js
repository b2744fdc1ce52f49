/** In words: that the telephone comes first, that the chat is closed for now, and what changed. */

import { clock } from "./moments.js";
import { say } from "./texts.js";

export function phoneWords({ until }, lang) {
  return until ? say("rush_until", { time: clock(until, lang) }) : say("rush_calls");
}

export function stopWords({ until }, lang) {
  return until ? say("stop_until", { time: clock(until, lang) }) : say("stop_open");
}

/** Why the exchange leaves it off for a while, or "". */
export function restWords({ rests_until: until }, lang) {
  return until ? say("rush_rests", { time: clock(until, lang) }) : "";
}

/** What differs between two `rush` frames, as sentences. */
export function changes(before, now, lang) {
  const news = [];
  const { phone_first: first, stop } = now;
  if (first && differs(first, before.phone_first)) news.push(phoneWords(first, lang));
  if (!first && before.phone_first) news.push(say("rush_over"), restWords(now, lang));
  if (stop && differs(stop, before.stop)) news.push(stopWords(stop, lang));
  if (!stop && before.stop) news.push(say("stop_over"));
  return news.filter(Boolean);
}

function differs(one, other) {
  return JSON.stringify(one) !== JSON.stringify(other);
}
