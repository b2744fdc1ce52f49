import assert from "node:assert/strict";
import test from "node:test";

import { MOST, readSuggestions, spoken, step, worthAsking } from "../../static/js/suggestions.js";

const item = (n) => ({ title: `Product ${n}`, url: `/producten/${n}/`, summary: "", lang: "" });

test("one letter is too little to ask for", () => {
  assert.equal(worthAsking(" r "), "");
  assert.equal(worthAsking("  kids   id "), "kids id");
});

test("an answer that is no list of suggestions shows nothing", () => {
  for (const answer of [null, undefined, {}, [], { suggestions: "x" }, { suggestions: [{}] }]) {
    assert.deepEqual(readSuggestions(answer), []);
  }
});

test("at most five suggestions are shown", () => {
  const suggestions = Array.from({ length: 9 }, (_, n) => item(n));
  assert.equal(readSuggestions({ suggestions }).length, MOST);
});

test("a suggestion never leads to another site", () => {
  const urls = ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", 7];
  const suggestions = urls.map((url) => ({ title: "x", url }));
  assert.deepEqual(readSuggestions({ suggestions }), []);
});

test("arrow keys walk through the list and past its ends back to the field", () => {
  assert.equal(step(-1, "ArrowDown", 3), 0);
  assert.equal(step(2, "ArrowDown", 3), -1);
  assert.equal(step(-1, "ArrowUp", 3), 2);
  assert.equal(step(0, "ArrowUp", 3), -1);
  assert.equal(step(1, "a", 3), 1);
  assert.equal(step(-1, "ArrowDown", 0), -1);
});

test("the number of suggestions is said in words", () => {
  const words = { none: "geen", one: "één", many: "{n} suggesties" };
  assert.deepEqual(
    [0, 1, 4].map((n) => spoken(n, words)),
    ["geen", "één", "4 suggesties"],
  );
});
