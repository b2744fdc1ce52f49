import assert from "node:assert/strict";
import { test } from "node:test";

import {
  age,
  clock,
  day,
  length,
  minutesAgo,
  shortClock,
} from "../../static/chat/console/moments.js";

const words = { hour: "u", minute: "min", second: "s" };

test("a running age reads as a clock", () => {
  assert.equal(age(22_000), "0:22");
  assert.equal(age(252_000), "4:12");
  assert.equal(age(3_725_000), "1:02:05");
});

test("a clock that runs behind never shows a negative age", () => {
  assert.equal(age(-5_000), "0:00");
});

test("a length says its units", () => {
  assert.equal(length(22_000, words), "22 s");
  assert.equal(length(100_000, words), "1 min 40 s");
  assert.equal(length(120_000, words), "2 min");
  assert.equal(length(3_720_000, words), "1 u 2 min");
});

test("times are those of Hasselt, in summer and in winter", () => {
  assert.equal(clock("2026-06-30T12:20:00Z", "nl"), "14.20 uur");
  assert.equal(clock("2026-12-30T12:20:00Z", "en"), "13:20");
  assert.equal(shortClock("2026-06-30T22:05:00Z", "nl"), "0.05");
});

test("the day is the day in Hasselt", () => {
  assert.equal(day("2026-06-29T22:30:00Z", "nl"), "dinsdag 30 juni");
});

test("minutes ago end after an hour", () => {
  const now = Date.parse("2026-06-30T12:00:00Z");
  assert.equal(minutesAgo("2026-06-30T11:59:30Z", now), 0);
  assert.equal(minutesAgo("2026-06-30T11:54:00Z", now), 6);
  assert.equal(minutesAgo("2026-06-30T10:54:00Z", now), null);
});
