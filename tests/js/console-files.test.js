import assert from "node:assert/strict";
import { test } from "node:test";

import { shownSize } from "../../static/chat/console/file-body.js";
import { answerOf } from "../../static/chat/console/file-door.js";
import { linesOf } from "../../static/chat/console/lines.js";
import { card, FakePortal, mine, text } from "./console-portal.js";

const PHOTO = { name: "foto.png", type: "image/png", size: 900 };
const LETTER = { name: "brief.pdf", type: "application/pdf", size: 900 };
const settled = () => new Promise((resolve) => setImmediate(resolve));
const stored = (seq, ref, file = { id: "f", ...PHOTO }) =>
  text(seq, { kind: "file", author: "agent", name: "Bieke", text: "", ref, file });
const history = (conversation, ...messages) => ({
  type: "messages",
  conversation,
  messages,
  head: null,
  more: false,
});

async function sending(...ids) {
  const portal = new FakePortal();
  portal.welcome(ids.map((id) => mine(id)));
  for (const id of ids) portal.desk.files.add(id, PHOTO);
  await settled();
  return portal;
}

test("a file is sent, and stands in the log by its own number", async () => {
  const portal = await sending("a");
  const [{ conversation, ref, blob, answer }] = portal.posted;
  assert.deepEqual([conversation, blob], ["a", PHOTO]);
  answer({ type: "ack", seq: 1, message: stored(1, ref) });
  await settled();
  assert.deepEqual(portal.desk.files.unsent("a"), []);
  assert.equal(portal.desk.talks.get("a").messages[0].file.id, "f");
});

test("the message that comes before the answer is the same one", async () => {
  const portal = await sending("a");
  const [{ ref, answer }] = portal.posted;
  portal.say({ type: "message", conversation: "a", message: stored(1, ref) });
  assert.deepEqual(portal.desk.files.unsent("a"), [], "it stands in the log once");
  answer({ type: "ack", seq: 1, message: stored(1, ref) });
  await settled();
  assert.equal(portal.desk.talks.get("a").messages.length, 1);
  assert.deepEqual(portal.desk.files.unsent("a"), []);
});

test("each conversation sends its own files, whichever is on the screen", async () => {
  const portal = await sending("a", "b");
  portal.desk.open("a");
  portal.desk.open("b");
  assert.deepEqual(
    portal.posted.map(({ conversation }) => conversation),
    ["a", "b"],
  );
  assert.equal(portal.desk.files.unsent("a").length, 1);
  assert.equal(portal.desk.files.areUnderWay, true);
});

test("how far it is, is shown", async () => {
  const portal = await sending("a");
  portal.posted[0].onPercent(40);
  assert.equal(portal.desk.files.unsent("a")[0].percent, 40);
});

test("what the portal refuses is told, kept, and tried again with the same ref", async () => {
  const portal = await sending("a");
  const [{ ref, answer }] = portal.posted;
  answer({ type: "error", code: "file_type", text: "Dit kan niet." });
  await settled();
  assert.deepEqual(portal.notices, ["file_failed"], "elsewhere; the open one shows it itself");
  assert.equal(portal.desk.files.areUnderWay, false);
  portal.desk.retry(ref);
  await settled();
  assert.equal(portal.posted[1].ref, ref);
});

test("a file that is not wanted any more is stopped", async () => {
  const portal = await sending("a");
  const [{ ref, signal }] = portal.posted;
  portal.desk.files.drop(ref);
  assert.equal(signal.aborted, true);
  assert.deepEqual(portal.desk.files.unsent("a"), []);
});

test("a conversation that ends elsewhere says which file was not sent", async () => {
  const portal = await sending("a");
  portal.say({ type: "card", card: mine("a", { seq: 3, state: "closed", agent: null }) });
  assert.deepEqual(portal.notices, ["ended_other", "file_lost"]);
  assert.equal(portal.posted[0].signal.aborted, true);
});

test("back in the queue, a file that waits is not forgotten", async () => {
  const portal = await sending("a");
  portal.say({ type: "card", card: card("a", { seq: 3 }) });
  assert.equal(portal.desk.files.unsent("a").length, 1);
});

test("only what may be sent is accepted", () => {
  const { files } = new FakePortal().desk;
  assert.equal(files.accepts(PHOTO), true);
  assert.equal(files.accepts(LETTER), true);
  assert.equal(files.accepts({ ...PHOTO, size: 1_001 }), false);
  assert.equal(files.accepts({ ...PHOTO, size: 0 }), false);
  assert.equal(files.accepts({ ...PHOTO, type: "image/svg+xml" }), false);
});

test("a file of the visitor elsewhere is news, unread, and the last that was said", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.say(history("a", text(1)));
  const file = text(2, { kind: "file", text: "", file: { id: "f", ...PHOTO } });
  portal.say({ type: "message", conversation: "a", message: file });
  assert.deepEqual(portal.news, ["news_message"]);
  assert.equal(portal.desk.unread("a"), 2);
  assert.equal(portal.desk.talks.get("a").lastSaid.kind, "file");
});

test("lines of files keep their key, and a removed one is still a line", () => {
  const base = { unsent: [], uploads: [], failed: new Map(), readTo: 0, me: "Bieke" };
  const lines = (fields) =>
    linesOf({ ...base, messages: [], dayOf: () => "d", ...fields }).filter(
      ({ type }) => type === "text",
    );
  const upload = { ref: "r", at: "2026-06-30T12:00:00.000Z", file: PHOTO };
  const [before] = lines({ uploads: [upload] });
  const [after] = lines({ messages: [stored(1, "r")] });
  const [removed] = lines({ messages: [stored(1, "r", null)] });
  const [refused] = lines({ uploads: [{ ...upload, error: "Te groot." }] });
  assert.deepEqual([before.key, before.mark, before.file], ["r", "sending", PHOTO]);
  assert.deepEqual([after.key, after.mark, after.file.id], ["r", "sent", "f"]);
  assert.deepEqual([removed.key, removed.file], ["r", null]);
  assert.deepEqual([refused.mark, refused.reason], ["failed", "Te groot."]);
  assert.equal("file" in lines({ messages: [text(1)] })[0], false);
});

test("a picture keeps its shape within the frame, and is never a thread", () => {
  assert.deepEqual(shownSize(1200, 900), { width: 288, height: 216 });
  assert.deepEqual(shownSize(100, 50), { width: 100, height: 50 });
  assert.deepEqual(shownSize(10_000, 40), { width: 288, height: 24 });
});

test("a page in the place of a frame is not taken for an answer", () => {
  const frame = { type: "ack" };
  assert.equal(answerOf(200, frame), frame);
  assert.equal(answerOf(0, null), null);
  assert.equal(answerOf(502, null).code, "failed");
  assert.equal(answerOf(200, null).text, "file_page_old");
  assert.equal(answerOf(403, null).text, "file_page_old");
  assert.equal(answerOf(413, null).text, "file_too_big");
});

test("what was left out of an own text is left out on the screen", () => {
  const portal = new FakePortal();
  portal.welcome([mine("a")]);
  portal.desk.write("a", "BE68 5390 0754 7034");
  const [{ ref }] = portal.take("send");
  const at = "2026-06-30T12:00:01.000Z";
  portal.say({ type: "ack", conversation: "a", ref, seq: 1, at, text: "[weggelaten]" });
  assert.equal(portal.desk.talks.get("a").messages[0].text, "[weggelaten]");
});

test("the portal hears the language of the console", () => {
  assert.equal(new FakePortal().welcome().lang, "nl");
});
