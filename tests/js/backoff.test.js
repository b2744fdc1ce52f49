import assert from "node:assert/strict";
import { test } from "node:test";

import { CAP_MS, nextDelay } from "../../static/chat/widget/backoff.js";

const highest = () => 0.999999;
const lowest = () => 0;

test("the first retry comes within half a second", () => {
  assert.ok(nextDelay(0, highest) <= 450);
  assert.ok(nextDelay(0, lowest) >= 150);
});

test("the ceiling grows and stops at the cap", () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 7, 8, 40].map((attempt) => nextDelay(attempt, highest));
  assert.deepEqual(ceilings, [450, 720, 1152, 1843, 2949, 4719, 7550, 12_080, CAP_MS, CAP_MS]);
});

test("delays are drawn over the whole range", () => {
  const delays = Array.from({ length: 2000 }, () => nextDelay(9));
  assert.ok(Math.min(...delays) < 1_000 && Math.max(...delays) > 14_000);
  assert.ok(delays.every((delay) => delay >= 150 && delay <= CAP_MS));
});
