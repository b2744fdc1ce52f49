import assert from "node:assert/strict";
import { test } from "node:test";

import { fileSize } from "../../static/chat/widget/file-size.js";
import { timeLeft } from "../../static/chat/widget/silence.js";
import { Words } from "../../static/chat/widget/words.js";

const TEXTS = {
  minutes: "{count} min",
  seconds: "{count} s",
  new_one: "1 nieuw bericht",
  new_many: "{count} nieuwe berichten",
  employee: "Medewerker",
  you: "U",
  city: "Stad",
  joined: "{name} helpt u.",
  left_returned: "{name} geeft door.",
  left_gone: "{name} is weg.",
  closed_agent: "{name} sloot af.",
};
const words = new Words(TEXTS, "nl");

test("times and days are those of Hasselt, in the language of the page", () => {
  assert.equal(words.time("2026-06-30T12:20:31Z"), "14.20 uur");
  assert.equal(words.day("2026-06-30T22:30:00Z"), "woensdag 1 juli");
  const english = new Words(TEXTS, "en");
  assert.equal(english.time("2026-01-05T08:05:00Z"), "9:05");
});

test("a braced word in what people wrote is left alone", () => {
  assert.equal(words.t("joined", { name: "{name}" }), "{name} helpt u.");
});

test("one and many", () => {
  assert.equal(words.count("new", 1), "1 nieuw bericht");
  assert.equal(words.count("new", 3), "3 nieuwe berichten");
});

test("the time left names only what is left", () => {
  assert.equal(timeLeft(words, 130), "2 min 10 s");
  assert.equal(timeLeft(words, 120), "2 min");
  assert.equal(timeLeft(words, 10), "10 s");
  assert.equal(timeLeft(words, 0), "0 s");
});

test("events say who, and an unknown kind says nothing", () => {
  assert.equal(words.event({ kind: "joined", name: "Bieke" }), "Bieke helpt u.");
  assert.equal(words.event({ kind: "left", reason: "agent_gone", name: "" }), "Medewerker is weg.");
  assert.equal(words.event({ kind: "closed", reason: "agent", name: "Joris" }), "Joris sloot af.");
  assert.equal(words.event({ kind: "rated" }), "");
});

test("each author has a name", () => {
  assert.equal(words.author({ author: "citizen", name: "" }), "U");
  assert.equal(words.author({ author: "agent", name: "Bieke" }), "Bieke");
  assert.equal(words.author({ author: "portal", name: "" }), "Stad");
});

test("a file has a kind and a size", () => {
  assert.equal(fileSize({ type: "image/jpeg", size: 183_204 }, words.locale), "JPEG, 184 kB");
  assert.equal(fileSize({ type: "application/pdf", size: 2_440_000 }, words.locale), "PDF, 2,4 MB");
  assert.equal(fileSize({ type: "", size: 20 }, words.locale), "1 kB");
});
