import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Placed } from "../../static/chat/widget/placed.js";

let said;
let placed;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  said = [];
  placed = new Placed((text) => said.push(text));
});

afterEach(() => mock.timers.reset());

const at = (place, wait = "Ongeveer 3 tot 6 minuten.") => ({
  place,
  sentences: [`U bent nummer ${place}.`, wait],
});

test("the first place is said at once, with its range", () => {
  placed.now(at(3));
  assert.deepEqual(said, ["U bent nummer 3. Ongeveer 3 tot 6 minuten."]);
});

test("another range alone is not said", () => {
  placed.now(at(3));
  mock.timers.tick(60_000);
  placed.now(at(3, "Ongeveer 2 tot 5 minuten."));
  mock.timers.tick(60_000);
  assert.equal(said.length, 1);
});

test("of many changes within half a minute only the last is said, when it is over", () => {
  placed.now(at(9));
  for (const place of [8, 7, 6, 5]) {
    mock.timers.tick(5_000);
    placed.now(at(place));
  }
  assert.equal(said.length, 1);
  mock.timers.tick(9_999);
  assert.equal(said.length, 1);
  mock.timers.tick(1);
  assert.deepEqual(said.slice(1), ["U bent nummer 5. Ongeveer 3 tot 6 minuten."]);
});

test("a change that went back within the pause is not said", () => {
  placed.now(at(2));
  placed.now(at(3));
  placed.now(at(2));
  mock.timers.tick(60_000);
  assert.equal(said.length, 1);
});

test("who is taken hears no place any more", () => {
  placed.now(at(2));
  placed.now(at(1));
  placed.now(null);
  mock.timers.tick(60_000);
  assert.equal(said.length, 1);
});

test("back in the queue the same place is said again, after the pause", () => {
  placed.now(at(1));
  placed.now(null);
  placed.now(at(1));
  assert.equal(said.length, 1);
  mock.timers.tick(30_000);
  assert.equal(said.length, 2);
});
