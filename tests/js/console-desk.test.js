import assert from "node:assert/strict";
import { test } from "node:test";

import { card, FakePortal, head, mine, text } from "./console-portal.js";

test("a claim waits for the portal, and a second press does nothing", () => {
  const portal = new FakePortal();
  portal.welcome([card("a")]);
  portal.desk.claimLongest();
  portal.desk.claimLongest();
  assert.equal(portal.take("claim").length, 1);
  assert.equal(portal.desk.openId, null);
  portal.say({ type: "card", card: mine("a") });
  assert.equal(portal.desk.openId, "a");
  assert.equal(portal.desk.busy.size, 0);
  assert.deepEqual(portal.take("watch"), [{ type: "watch", conversation: "a", after: 0 }]);
});

test("who comes second is told, and can take the next", () => {
  const portal = new FakePortal();
  portal.welcome([card("a"), card("b")]);
  portal.desk.claim("a");
  portal.say({ type: "error", code: "already_taken", text: "…", conversation: "a", ref: null });
  assert.deepEqual(portal.notices, ["already_taken"]);
  portal.say({ type: "card", card: mine("a", { agent: "other", agent_name: "Joris" }) });
  assert.equal(portal.desk.waiting.length, 1);
  assert.equal(portal.desk.ofColleagues.length, 1);
  portal.desk.claim("b");
  assert.equal(portal.take("claim").length, 2);
});

test("a colleague's card may also come before the refusal; it is told once", () => {
  const portal = new FakePortal();
  portal.welcome([card("a")]);
  portal.desk.claim("a");
  portal.say({ type: "card", card: mine("a", { agent: "other", agent_name: "Joris" }) });
  portal.say({ type: "error", code: "already_taken", text: "…", conversation: "a", ref: null });
  assert.deepEqual(portal.notices, ["already_taken_by"]);
});

test("a lost connection frees every button", () => {
  const portal = new FakePortal();
  portal.welcome([card("a")]);
  portal.desk.claim("a");
  portal.lose();
  assert.equal(portal.desk.busy.size, 0);
  portal.desk.claim("a");
  assert.equal(portal.take("claim").length, 1, "nothing leaves without a connection");
});

test("closing needs the portal's yes, then draft and topic are forgotten", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  const { desk } = portal;
  desk.open("a");
  desk.stash.keepDraft("a", "half");
  desk.stash.keepTopic("a", "afval");
  desk.close("a", "afval");
  assert.deepEqual(portal.take("close"), [{ type: "close", conversation: "a", topic: "afval" }]);
  assert.equal(desk.openId, "a");
  portal.say({ type: "card", card: mine("a", { seq: 3, state: "closed", agent: null }) });
  assert.equal(desk.openId, null);
  assert.equal(desk.stash.draft("a"), "");
  assert.deepEqual(portal.notices, ["closed_by_you"]);
});

test("when the citizen ends it, screen and typed text stay", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  const { desk } = portal;
  desk.open("a");
  desk.stash.keepDraft("a", "half");
  const closed = text(1, { kind: "closed", reason: "citizen", text: "", ref: null });
  portal.say({
    type: "message",
    conversation: "a",
    message: closed,
    head: head("a", 1, { state: "closed" }),
  });
  portal.say({ type: "card", card: mine("a", { seq: 3, state: "closed", agent: null }) });
  assert.equal(desk.openId, "a");
  assert.equal(desk.stash.draft("a"), "half");
  assert.equal(desk.cardOf("a").number, 7);
  assert.deepEqual(portal.notices, ["ended_citizen"]);
  desk.open(null);
  assert.equal(desk.stash.draft("a"), "", "forgotten once the agent moves on");
});

test("a conversation that went back by itself is told, and its draft waits", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.desk.stash.keepDraft("a", "half");
  portal.say({ type: "card", card: card("a", { seq: 3 }) });
  assert.deepEqual(portal.notices, ["left_unanswering"]);
  assert.equal(portal.desk.stash.draft("a"), "half");
  assert.equal(portal.desk.waiting.length, 1);
});

test("what went during an outage is told at the welcome", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a"), card("b")]);
  portal.lose();
  portal.welcome([]);
  assert.deepEqual(portal.notices, ["ended_other"]);
  assert.equal(portal.desk.mine.length, 0);
});

test("a new visitor is news, those of the first welcome are not", () => {
  const portal = new FakePortal();
  portal.welcome([card("a")]);
  assert.equal(portal.news.length, 0);
  portal.say({ type: "card", card: card("b") });
  assert.deepEqual(portal.news, ["news_waiting"]);
});

test("a message elsewhere is news once; in the open conversation its log speaks", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a"), mine("b")]);
  for (const id of ["a", "b"]) {
    portal.say({
      type: "messages",
      conversation: id,
      messages: [text(1)],
      head: head(id, 1),
      more: false,
    });
  }
  portal.desk.open("a");
  portal.say({ type: "message", conversation: "a", message: text(2) });
  assert.equal(portal.news.length, 0);
  portal.say({ type: "message", conversation: "b", message: text(2) });
  portal.say({ type: "message", conversation: "b", message: text(2) });
  assert.deepEqual(portal.news, ["news_message"]);
});

test("unread counts until the person saw it, here or in another tab", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a"), mine("b"), card("c")]);
  for (const id of ["a", "b"]) {
    portal.say({
      type: "messages",
      conversation: id,
      messages: [text(1), text(2)],
      head: head(id, 2),
      more: false,
    });
  }
  assert.equal(portal.desk.unread("a"), 2);
  assert.equal(portal.desk.attention, 3);
  portal.desk.signals.seen("a");
  assert.deepEqual(portal.take("read"), [{ type: "read", conversation: "a", seq: 2 }]);
  portal.desk.signals.seen("a");
  assert.equal(portal.take("read").length, 0);
  portal.say({ type: "head", head: head("b", 2, { read: { citizen: 0, agent: 2 } }) });
  assert.equal(portal.desk.attention, 1);
});

test("typing is told at most once in three seconds, and only in own conversations", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a"), card("b")]);
  portal.desk.signals.typed("a");
  portal.desk.signals.typed("a");
  portal.desk.signals.typed("b");
  assert.equal(portal.take("typing").length, 1);
  portal.now += 3_000;
  portal.desk.signals.typed("a");
  assert.equal(portal.take("typing").length, 1);
});

test("a visitor's typing shows for six seconds or until the text comes", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  const talk = portal.desk.talks.get("a");
  portal.say({ type: "typing", conversation: "a", author: "citizen" });
  assert.equal(talk.isTyping(portal.now + 5_900), true);
  assert.equal(talk.isTyping(portal.now + 6_000), false);
  portal.say({ type: "message", conversation: "a", message: text(1) });
  assert.equal(talk.isTyping(portal.now), false);
});

test("reading along ends when the agent leaves; own conversations stay watched", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a"), card("b")]);
  portal.desk.open("b");
  portal.desk.open("a");
  portal.desk.open(null);
  assert.deepEqual(portal.take("unwatch"), [{ type: "unwatch", conversation: "b" }]);
});

test("a logout stops everything but keeps what was typed", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.desk.stash.keepDraft("a", "half");
  portal.say({ type: "logged_out" });
  assert.equal(portal.desk.link, "refused");
  assert.equal(portal.desk.stash.draft("a"), "half");
});

test("ages follow the portal's clock, not that of a computer that runs ahead", () => {
  const portal = new FakePortal();
  const at = new Date(portal.now - 60_000).toISOString();
  portal.welcome([]);
  portal.say({ type: "welcome", v: 1, me: { presence: "away" }, cards: [], now: at });
  assert.equal(portal.desk.now, Date.parse(at));
});

test("a frame of a newer portal is ignored", () => {
  const portal = new FakePortal();
  portal.welcome([]);
  portal.say({ type: "constructor" });
  portal.say({ type: "something_new", value: 1 });
  assert.equal(portal.desk.isOnline, true);
});
