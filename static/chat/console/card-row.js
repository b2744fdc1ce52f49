/** The line of one conversation in a list. */

import { element, icon, setAttribute, setText } from "./dom.js";
import { age, LATE_MS, minutesAgo, shortClock } from "./moments.js";
import { say, sayCount } from "./texts.js";
import { visitorName } from "./visitor.js";

/** `opens` is false for a conversation this agent may not read: a line, not a button. */
export function newRow(list, { opens }) {
  const name = element("span", { class: "card-name" });
  const tag = element("abbr", { class: "card-lang", hidden: true });
  const time = element("span", { class: "card-time" }, element("span"));
  const words = element("span", { class: "card-words" });
  const number = element("span", { "aria-hidden": "true" });
  const sentence = element("span", { class: "visually-hidden" });
  const count = element("span", { class: "card-unread", hidden: true }, number, sentence);
  const open = opens
    ? element("button", { type: "button", class: "card-open" })
    : element("div", { class: "card-open card-shut" });
  open.append(element("span", { class: "card-who" }, name, tag), time, words, count);
  const row = element("li", { class: `card card-${list}` }, open);
  if (list === "waiting") {
    row.append(element("button", { type: "button", class: "card-take" }, say("take")));
  }
  row.parts = { name, tag, time, words, count, open, take: row.querySelector(".card-take") };
  row.list = list;
  return row;
}

export function updateRow(row, card, desk) {
  const { parts } = row;
  setText(parts.name, visitorName(card));
  setAttribute(parts.open, "aria-current", desk.openId === card.conversation ? "true" : null);
  markLanguage(parts.tag, card);
  if (row.list === "waiting") drawWaiting(row, card, desk);
  else drawTaken(row, card, desk);
}

function markLanguage(tag, card) {
  tag.hidden = card.lang === "nl";
  setText(tag, card.lang.toUpperCase());
  setAttribute(tag, "title", say(`language_${card.lang}`));
}

function drawWaiting(row, card, desk) {
  const { time, words, take } = row.parts;
  const waitedMs = desk.now - Date.parse(card.queued_at);
  const late = waitedMs > LATE_MS;
  const shown = late ? `${say("waits_long")} ${age(waitedMs)}` : age(waitedMs);
  row.classList.toggle("card-late", late);
  if (late && !time.querySelector("svg")) time.prepend(icon("clock"));
  setText(time.lastElementChild, shown);
  setText(words, card.first_words);
  setAttribute(words, "lang", card.lang);
  const busy = desk.busy.get(card.conversation) === "claim";
  setText(take, say(busy ? "taking" : "take"));
  setAttribute(take, "aria-label", busy ? null : say("take_name", { name: visitorName(card) }));
  setAttribute(take, "aria-busy", busy ? "true" : null);
  setAttribute(take, "aria-disabled", busy || !desk.isOnline ? "true" : null);
}

function drawTaken(row, card, desk) {
  const { time, words, count } = row.parts;
  const talk = desk.talks.get(card.conversation);
  const last = talk?.lastSaid;
  const unread = desk.unread(card.conversation);
  row.classList.toggle("card-news", unread > 0);
  setText(
    time.lastElementChild,
    row.list === "mine" ? when(last?.at ?? card.joined_at, desk) : card.agent_name,
  );
  const [text, kind] = preview(card, desk, talk, last);
  setText(words, text);
  words.dataset.kind = kind;
  setAttribute(words, "lang", kind === "citizen" ? card.lang : null);
  count.hidden = unread === 0;
  setText(count.firstElementChild, String(unread));
  setText(count.lastElementChild, sayCount("unread", unread));
}

function preview(card, desk, talk, last) {
  const draft = desk.stash.draft(card.conversation);
  if (talk?.isTyping(desk.clock())) {
    return [say("is_typing", { name: visitorName(card) }), "typing"];
  }
  if (draft && desk.openId !== card.conversation)
    return [say("draft_said", { text: draft }), "draft"];
  if (!last) return [card.first_words, "citizen"];
  const text = last.card?.title ?? (last.kind === "file" ? fileSaid(last) : last.text);
  if (last.author === "agent" && last.name === desk.me.name) {
    return [say("you_said", { text }), "you"];
  }
  return [text, last.author];
}

function fileSaid({ file }) {
  return file ? `${say("file")} ${file.name}` : say("file_gone");
}

function when(at, desk) {
  const minutes = minutesAgo(at, desk.now);
  if (minutes === null) return shortClock(at, desk.lang);
  return minutes ? say("minutes", { count: minutes }) : say("now");
}
