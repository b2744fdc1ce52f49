import assert from "node:assert/strict";
import { test } from "node:test";

import { card, FakePortal, head, mine, text } from "./console-portal.js";
import { FakeArea } from "./fakes.js";

test("every own conversation is watched from the start", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a"), card("b"), mine("c", { agent: "other" })]);
  assert.deepEqual(portal.take("watch"), [{ type: "watch", conversation: "a", after: 0 }]);
});

test("a new connection resumes each conversation from its last gapless number", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.say({
    type: "messages",
    conversation: "a",
    messages: [text(1), text(2)],
    head: head("a", 2),
    more: false,
  });
  portal.lose();
  const hello = portal.welcome([mine("a")]);
  assert.deepEqual(hello.watch, [{ conversation: "a", after: 2 }]);
  assert.equal(portal.take("watch").length, 1, "only the one of the first connection");
});

test("a hole is asked for, once, and again when the answer stays out", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.say({ type: "message", conversation: "a", message: text(3) });
  portal.say({ type: "message", conversation: "a", message: text(4) });
  assert.deepEqual(portal.take("after"), [{ type: "after", conversation: "a", after: 0 }]);
  portal.pass(1_000);
  assert.equal(portal.take("after").length, 0);
  portal.pass(3_000);
  assert.equal(portal.take("after").length, 1);
  portal.say({
    type: "messages",
    conversation: "a",
    messages: [text(1), text(2)],
    head: head("a", 4),
    more: false,
  });
  assert.deepEqual(
    portal.desk.talks.get("a").messages.map(({ seq }) => seq),
    [1, 2, 3, 4],
  );
  portal.pass(9_000);
  assert.equal(portal.take("after").length, 0);
});

test("a head that names more than is here makes it ask", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.say({ type: "head", head: head("a", 2) });
  assert.equal(portal.take("after").length, 1);
});

test("a long history is fetched page after page", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.say({
    type: "messages",
    conversation: "a",
    messages: [text(1)],
    head: head("a", 2),
    more: true,
  });
  assert.deepEqual(portal.take("after"), [{ type: "after", conversation: "a", after: 1 }]);
});

test("a text is repeated with the same ref until it is acknowledged", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  assert.equal(portal.desk.write("a", "  Dag!  "), null);
  const [{ ref, text: sent }] = portal.take("send");
  assert.equal(sent, "Dag!");
  portal.pass(6_000);
  assert.equal(portal.take("send")[0].ref, ref);
  portal.say({ type: "ack", conversation: "a", ref, seq: 1, at: "2026-06-30T12:00:01.000Z" });
  portal.pass(6_000);
  assert.equal(portal.take("send").length, 0);
  assert.equal(portal.desk.talks.get("a").messages[0].text, "Dag!");
});

test("an unsent text survives a reload and leaves on the next connection, in order", () => {
  const area = new FakeArea();
  const before = new FakePortal(area);
  before.desk.write("a", "one");
  before.desk.write("a", "two");
  const after = new FakePortal(area);
  after.welcome([mine("a")]);
  assert.deepEqual(
    after.take("send").map((frame) => frame.text),
    ["one", "two"],
  );
});

test("the own text coming back as a message ends the repeating, and stands once", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.desk.write("a", "Dag!");
  const [{ ref }] = portal.take("send");
  const message = text(1, { author: "agent", name: "Bieke", text: "Dag!", ref });
  portal.say({ type: "message", conversation: "a", message });
  portal.say({ type: "ack", conversation: "a", ref, seq: 1, at: message.at });
  portal.pass(6_000);
  assert.equal(portal.take("send").length, 0);
  assert.equal(portal.desk.talks.get("a").messages.length, 1);
});

test("a refused text stays and is not repeated by itself", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.desk.write("a", "Dag!");
  const [{ ref }] = portal.take("send");
  portal.say({
    type: "error",
    code: "conversation_closed",
    text: "Voorbij.",
    conversation: "a",
    ref,
  });
  portal.pass(6_000);
  assert.equal(portal.take("send").length, 0);
  assert.equal(portal.desk.sender.failed.get(ref), "Voorbij.");
  portal.desk.retry(ref);
  assert.equal(portal.take("send")[0].ref, ref);
  assert.equal(portal.desk.takeBack(ref), "Dag!");
  assert.deepEqual(portal.desk.stash.unsent("a"), []);
});

test("a failure on the portal's side is tried again after the wait", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.desk.write("a", "Dag!");
  const [{ ref }] = portal.take("send");
  portal.say({
    type: "error",
    code: "failed",
    text: "…",
    conversation: "a",
    ref,
    retry_after_s: 9,
  });
  portal.pass(6_000);
  assert.equal(portal.take("send").length, 0);
  portal.pass(4_000);
  assert.equal(portal.take("send")[0].ref, ref);
});

test("nothing empty or too long leaves, and nothing of it is lost", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.desk.stash.keepDraft("a", "x".repeat(2_001));
  assert.equal(portal.desk.write("a", " \n "), "empty");
  assert.equal(portal.desk.write("a", "x".repeat(2_001)), "long");
  assert.equal(portal.take("send").length, 0);
  assert.equal(portal.desk.stash.draft("a").length, 2_001);
});

test("two agents at one computer never meet each other's drafts", () => {
  const area = new FakeArea();
  new FakePortal(area).desk.stash.keepDraft("a", "mine");
  assert.equal(
    Object.keys(area).every((key) => key.startsWith("hasselt-console.me.")),
    true,
  );
});

test("what was typed for a conversation that ended meanwhile is told and cleared away", () => {
  const area = new FakeArea();
  const before = new FakePortal(area);
  before.desk.write("over", "too late");
  before.desk.stash.keepDraft("over", "half");
  before.desk.stash.keepDraft("a", "still here");
  before.desk.stash.keepTopic("over", "afval");
  const after = new FakePortal(area);
  after.welcome([mine("a")]);
  assert.deepEqual(after.notices, ["unsent_lost"]);
  assert.equal(after.take("send").length, 0);
  assert.deepEqual(Object.keys(area), ["hasselt-console.me.draft.a"]);
});

test("leaving a conversation before the lists are here forgets nothing", () => {
  const portal = new FakePortal();
  portal.desk.stash.keepDraft("a", "half");
  portal.desk.open("a");
  portal.desk.open(null);
  assert.equal(portal.desk.stash.draft("a"), "half");
});
