/** The agent among the colleagues: state, room, chats that come and go by themselves. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { card, FakePortal, mine } from "./console-portal.js";

const COLLEAGUE = { agent: "joris", agent_name: "Joris" };

function portalWith(cards) {
  const portal = new FakePortal();
  portal.welcome(cards);
  portal.sent.length = 0;
  return portal;
}

test("what stands in the first lists is not told as given", () => {
  assert.deepEqual(portalWith([mine("a")]).notices, []);
});

test("a chat that comes by itself is told, watched, and not put before what is open", () => {
  const portal = portalWith([card("a"), mine("b")]);
  portal.desk.open("b");
  portal.say({ type: "card", card: mine("a") });
  assert.deepEqual(portal.notices, ["given"]);
  assert.equal(portal.desk.openId, "b");
  assert.equal(portal.take("watch").at(-1).conversation, "a");
});

test("a chat that a colleague passed on is told with who did", () => {
  const portal = portalWith([mine("a", COLLEAGUE)]);
  portal.say({ type: "card", card: mine("a", { seq: 4 }) });
  assert.deepEqual(portal.notices, ["given_by"]);
});

test("passing on asks once, and what was typed stays on the screen", () => {
  const portal = portalWith([mine("a"), mine("b")]);
  portal.desk.open("a");
  portal.desk.stash.keepDraft("a", "half getypt");
  portal.desk.transfer("a", "joris", "let op");
  portal.desk.transfer("a", "joris", "let op");
  assert.deepEqual(portal.take("transfer"), [
    { type: "transfer", conversation: "a", to: "joris", note: "let op" },
  ]);
  portal.say({ type: "card", card: mine("a", { ...COLLEAGUE, seq: 4 }) });
  assert.deepEqual(portal.notices, ["passed_on"]);
  assert.equal(portal.desk.openId, "a");
  assert.equal(portal.desk.stash.draft("a"), "half getypt");
});

test("without a draft what was passed on leaves the screen", () => {
  const portal = portalWith([mine("a")]);
  portal.desk.open("a");
  portal.desk.transfer("a", "joris", "");
  portal.say({ type: "card", card: mine("a", { ...COLLEAGUE, seq: 4 }) });
  assert.equal(portal.desk.openId, null);
});

test("a colleague who has left: the chat stays and can be passed on again", () => {
  const portal = portalWith([mine("a")]);
  portal.desk.transfer("a", "joris", "");
  const refused = { code: "colleague_gone", text: "net weg", conversation: "a", ref: null };
  portal.say({ type: "error", ...refused });
  assert.deepEqual(portal.notices, ["net weg"]);
  assert.equal(portal.desk.busy.has("a"), false);
});

test("the end of a shift is one notice, however many chats it moves", () => {
  const portal = portalWith([mine("a"), mine("b")]);
  assert.equal(portal.desk.handOver(), true);
  portal.say({ type: "card", card: mine("a", { ...COLLEAGUE, seq: 4 }) });
  portal.say({ type: "card", card: card("b", { seq: 3 }) });
  assert.deepEqual(portal.notices, []);
  portal.say({ type: "handed_over", passed: 1, queued: 1 });
  assert.deepEqual(portal.notices, ["handed_passed_one handed_queued_one handed_over"]);
  assert.equal(portal.desk.handingOver, false);
});

test("who let a chat lie is told how to come back, until that is done", () => {
  const portal = portalWith([mine("a")]);
  portal.say({ type: "card", card: card("a", { seq: 3 }) });
  portal.say({ type: "presence", state: "away", cap: 3, open: 0, wrap_up_until: null });
  assert.equal(portal.desk.letLie, "agent_unanswering");
  portal.say({ type: "presence", state: "available", cap: 3, open: 0, wrap_up_until: null });
  assert.equal(portal.desk.letLie, "");
});

test("ready is said only while time to round off runs", () => {
  const portal = portalWith([]);
  portal.desk.ready();
  const until = new Date(portal.now + 5_000).toISOString();
  portal.say({ type: "presence", state: "available", cap: 3, open: 0, wrap_up_until: until });
  assert.equal(portal.desk.roundsOff, true);
  portal.desk.ready();
  assert.equal(portal.take("ready").length, 1);
  portal.pass(6_000);
  assert.equal(portal.desk.roundsOff, false);
});
