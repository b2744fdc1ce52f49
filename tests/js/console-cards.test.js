import assert from "node:assert/strict";
import { test } from "node:test";

import { Cards } from "../../static/chat/console/cards.js";

const card = (conversation, fields = {}) => ({
  conversation,
  seq: 1,
  state: "waiting",
  agent: null,
  joined_at: null,
  queued_at: "2026-06-30T12:00:00.000Z",
  ...fields,
});
const ids = (cards) => cards.map(({ conversation }) => conversation);

test("those who wait stand in the order they first queued", () => {
  const cards = new Cards();
  cards.put(card("late", { queued_at: "2026-06-30T12:05:00.000Z" }));
  cards.put(card("early"));
  assert.deepEqual(ids(cards.waiting()), ["early", "late"]);
});

test("moments that are written differently are still compared as moments", () => {
  const cards = new Cards();
  cards.put(card("second", { queued_at: "2026-06-30T12:00:00.500Z" }));
  cards.put(card("first", { queued_at: "2026-06-30T12:00:00Z" }));
  assert.deepEqual(ids(cards.waiting()), ["first", "second"]);
});

test("an older card never replaces a newer one", () => {
  const cards = new Cards();
  cards.put(card("a", { seq: 5, state: "active", agent: "me" }));
  cards.put(card("a", { seq: 4 }));
  assert.equal(cards.get("a").state, "active");
});

test("a card with an equal seq replaces", () => {
  const cards = new Cards();
  cards.put(card("a", { first_words: "old" }));
  cards.put(card("a", { first_words: "new" }));
  assert.equal(cards.get("a").first_words, "new");
});

test("closed and abandoned leave the lists", () => {
  const cards = new Cards();
  for (const state of ["closed", "abandoned"]) {
    cards.put(card(state));
    cards.put(card(state, { seq: 2, state }));
    assert.equal(cards.get(state), undefined);
  }
});

test("the whole set names what has gone, and keeps what is newer here", () => {
  const cards = new Cards();
  cards.put(card("gone"));
  cards.put(card("newer", { seq: 7, state: "active", agent: "me" }));
  const gone = cards.replace([card("newer", { seq: 6 }), card("fresh")]);
  assert.deepEqual(ids(gone), ["gone"]);
  assert.equal(cards.get("newer").seq, 7);
  assert.equal(cards.get("fresh").seq, 1);
});

test("own and colleagues' conversations are told apart", () => {
  const cards = new Cards();
  const at = "2026-06-30T12:01:00.000Z";
  cards.put(card("mine", { state: "active", agent: "me", joined_at: at }));
  cards.put(card("theirs", { state: "active", agent: "other", joined_at: at }));
  assert.deepEqual(ids(cards.of("me")), ["mine"]);
  assert.deepEqual(ids(cards.ofColleagues("me")), ["theirs"]);
});
