import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { findsSecret } from "../../static/chat/widget/masking.js";

const examples = JSON.parse(
  readFileSync(new URL("../masking-examples.json", import.meta.url), "utf8"),
);

test("the widget finds in each example what the portal finds", () => {
  assert.ok(examples.length > 100);
  for (const { text, found } of examples) {
    const first = found.includes("iban") ? "iban" : (found[0] ?? "");
    assert.equal(findsSecret(text), first, JSON.stringify(text));
  }
});

test("an empty text and one of only marks hold nothing", () => {
  for (const text of ["", " \n", "+-+-+", "\u200b\u200b", "e\u0301".repeat(2_000)]) {
    assert.equal(findsSecret(text), "");
  }
});

test("while a number is typed it is found at its last digit and lost by one more", () => {
  const whole = "85073003328";
  for (let size = 1; size < whole.length; size++) {
    assert.equal(findsSecret(whole.slice(0, size)), "");
  }
  assert.equal(findsSecret(whole), "rrn");
  assert.equal(findsSecret(`${whole}1`), "");
});

test("a text full of digits costs time in proportion to its length", () => {
  for (const piece of ["4 ", "1,", "0", "+", "BE68 ", "GB12 ABCD ", "85 07 30 ", "A1"]) {
    const took = (size) => {
      const text = piece.repeat(size / piece.length);
      return Math.min(...[1, 2].map(() => duration(() => findsSecret(text))));
    };
    took(500); // once before, for the compiler
    // Eight times as long; a square would be sixty-four times as slow.
    assert.ok(took(4_000) < 30 * Math.max(took(500), 1), piece);
  }
});

function duration(action) {
  const from = performance.now();
  action();
  return performance.now() - from;
}
