import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Connection } from "../../static/chat/widget/connection.js";
import { Conversation } from "../../static/chat/widget/conversation.js";
import { SafeStorage } from "../../static/chat/widget/storage.js";
import { FakeArea, FakeSocket } from "./fakes.js";

const AT = "2026-06-30T12:20:31.412Z";
const NOW = Date.parse(AT);
let area;
let opened;
let failures;
let returned;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: NOW });
  area = new FakeArea();
  [opened, failures, returned] = [[], [], []];
  FakeSocket.made = [];
});

afterEach(() => {
  for (const conversation of opened) conversation.leave();
  mock.timers.reset();
});

/** A tab on this browser's storage. */
function tab() {
  const world = new EventTarget();
  const conversation = new Conversation({
    storage: new SafeStorage("chat.", area),
    url: "ws://portal/ws/chat/",
    about: () => ({ lang: "nl", page: "/producten/" }),
    tell: {
      changed: () => {},
      failed: (error) => failures.push(error.code),
      returned: (text) => returned.push(text),
    },
    connect: (options) =>
      new Connection({
        ...options,
        world,
        open: (url) => new FakeSocket(url),
        isOnline: () => true,
        isHidden: () => false,
        random: () => 0,
      }),
  });
  opened.push(conversation);
  conversation.resume();
  return conversation;
}

const wire = () => FakeSocket.made.at(-1);
const sent = (type) => wire().sent.filter((frame) => frame.type === type);
const head = (seq, more = {}) => ({
  seq,
  state: "active",
  agent: "Bieke",
  read: { citizen: 0, agent: 0 },
  silence_ends_at: null,
  continue_until: null,
  ...more,
});
const text = (seq, author, words, ref = null) => ({
  seq,
  kind: "text",
  author,
  name: "",
  text: words,
  at: AT,
  ref,
  reason: null,
});
const texts = (conversation) => conversation.ledger.messages.map((message) => message.text);

/** Starts a conversation with "one" and lets the portal welcome it. */
function started() {
  const conversation = tab();
  conversation.post("one");
  wire().open();
  const { ref } = sent("start")[0];
  const messages = [text(1, "citizen", "one", ref)];
  wire().say({ type: "welcome", v: 1, head: head(1), messages, more: false });
  return conversation;
}

function reopened(messages, newest, more = false) {
  wire().open();
  wire().say({ type: "welcome", v: 1, head: newest, messages, more });
}

test("nothing is stored and no socket opened before the first message", () => {
  const conversation = tab();
  assert.equal(conversation.phase, "none");
  assert.deepEqual(Object.keys(area), []);
  assert.equal(FakeSocket.made.length, 0);
});

test("the first text starts the conversation, and the same start is repeated until welcome", () => {
  const conversation = tab();
  conversation.post("one");
  wire().open();
  const first = sent("start")[0];
  assert.equal(first.token.length, 43);
  assert.equal(first.page, "/producten/");
  wire().close();
  mock.timers.tick(500);
  wire().open();
  assert.deepEqual(sent("start")[0], first);
});

test("a start that was stored but never answered is found again after a reload", () => {
  tab().post("one");
  wire().open();
  const first = sent("start")[0];
  const again = tab();
  wire().open();
  assert.deepEqual(sent("start")[0], first);
  const messages = [text(1, "citizen", "one", first.ref)];
  wire().say({ type: "welcome", v: 1, head: head(1), messages, more: false });
  assert.deepEqual(again.unsent, []);
});

test("texts go one after the other, each repeated until its acknowledgement", () => {
  const conversation = started();
  conversation.post("two");
  conversation.post("three");
  assert.deepEqual(
    sent("send").map((frame) => frame.text),
    ["two"],
  );
  mock.timers.tick(5_000);
  assert.deepEqual(
    sent("send").map((frame) => frame.text),
    ["two", "two"],
  );
  wire().say({ type: "ack", ref: sent("send")[0].ref, seq: 2, at: AT });
  assert.equal(sent("send").at(-1).text, "three");
  assert.deepEqual(texts(conversation), ["one", "two"]);
});

test("the message itself is as good as its acknowledgement", () => {
  const conversation = started();
  conversation.post("two");
  const { ref } = sent("send")[0];
  wire().say({ type: "message", message: text(2, "citizen", "two", ref) });
  wire().say({ type: "ack", ref, seq: 2, at: AT });
  assert.deepEqual(conversation.unsent, []);
  assert.deepEqual(texts(conversation), ["one", "two"]);
});

test("a text under way when the connection is lost goes out again with its ref", () => {
  const conversation = started();
  conversation.post("two");
  const { ref } = sent("send")[0];
  wire().close();
  mock.timers.tick(500);
  reopened([], head(1));
  assert.deepEqual(sent("send")[0], { type: "send", ref, text: "two" });
});

test("hello asks for what is newer than the last gapless message", () => {
  started();
  wire().say({ type: "message", message: text(3, "agent", "three") });
  wire().close();
  mock.timers.tick(500);
  wire().open();
  assert.equal(sent("hello")[0].after, 1);
});

test("a hole is asked for at once and not at every frame", () => {
  const conversation = started();
  wire().say({ type: "message", message: text(3, "agent", "three") });
  wire().say({ type: "message", message: text(4, "agent", "four") });
  assert.deepEqual(sent("after"), [{ type: "after", after: 1 }]);
  const messages = [text(2, "agent", "two"), text(3, "agent", "three")];
  wire().say({ type: "messages", messages, head: head(4), more: false });
  assert.deepEqual(texts(conversation), ["one", "two", "three", "four"]);
});

test("a long history is fetched page by page, and only then is it ready", () => {
  started();
  const again = tab();
  reopened([text(1, "citizen", "one")], head(2), true);
  assert.equal(again.ready, false);
  assert.deepEqual(sent("after"), [{ type: "after", after: 1 }]);
  wire().say({ type: "messages", messages: [text(2, "agent", "two")], head: head(2), more: false });
  assert.equal(again.ready, true);
});

test("a refused text comes back to the person, and the next one is sent", () => {
  const conversation = started();
  conversation.post("two");
  conversation.post("three");
  const { ref } = sent("send")[0];
  wire().say({ type: "error", code: "text_too_long", text: "…", ref });
  assert.deepEqual([returned, failures], [["two"], ["text_too_long"]]);
  assert.equal(sent("send").at(-1).text, "three");
});

test("too fast waits as long as it is told and loses nothing", () => {
  const conversation = started();
  conversation.post("two");
  const { ref } = sent("send")[0];
  wire().say({ type: "error", code: "too_fast", text: "…", ref, retry_after_s: 12 });
  mock.timers.tick(10_000);
  assert.equal(sent("send").length, 1);
  mock.timers.tick(5_000);
  assert.equal(sent("send").length, 2);
  assert.deepEqual(returned, []);
  assert.equal(conversation.unsent.length, 1);
});

test("a start that is refused gives the text back and forgets the conversation", () => {
  const conversation = tab();
  conversation.post("one");
  wire().open();
  const { ref } = sent("start")[0];
  wire().say({ type: "error", code: "chat_closed", text: "…", ref });
  assert.equal(conversation.phase, "none");
  assert.deepEqual(returned, ["one"]);
  assert.deepEqual(Object.keys(area), []);
  mock.timers.tick(60_000);
  assert.equal(FakeSocket.made.length, 1);
});

test("an unknown token gives unsent texts back", () => {
  started().post("two");
  const again = tab();
  wire().open();
  wire().say({ type: "error", code: "wrong_token", text: "…", ref: null });
  assert.equal(again.phase, "none");
  assert.deepEqual(returned, ["two"]);
});

test("a wish outlives the connection that it was made on", () => {
  const conversation = started();
  conversation.want("end");
  wire().close();
  mock.timers.tick(500);
  reopened([], head(1));
  assert.equal(sent("end").length, 1);
});

test("an ended conversation closes its socket, and continues when asked", () => {
  const conversation = started();
  const closed = { ...text(2, "portal", ""), kind: "closed", reason: "agent" };
  const until = new Date(NOW + 3_600_000).toISOString();
  const over = head(2, { state: "closed", continue_until: until });
  wire().say({ type: "message", message: closed, head: over });
  assert.equal(conversation.connection.state, "idle");
  assert.ok(conversation.canContinue);
  conversation.want("continue");
  reopened([], over);
  assert.equal(sent("continue").length, 1);
  const continued = { ...text(3, "citizen", ""), kind: "continued" };
  wire().say({ type: "message", message: continued, head: head(3, { state: "waiting" }) });
  assert.equal(conversation.phase, "waiting");
  assert.equal(conversation.connection.state, "online");
});

test("what was still unsent when it ended comes back", () => {
  const conversation = started();
  conversation.post("two");
  conversation.post("three");
  const closed = { ...text(2, "portal", ""), kind: "closed", reason: "silence" };
  wire().say({ type: "message", message: closed, head: head(2, { state: "closed" }) });
  assert.deepEqual(returned, ["three", "two"]); // each is put before what stands in the field
});

test("an ended conversation that cannot go on is forgotten by the next page", () => {
  started();
  const closed = { ...text(2, "portal", ""), kind: "closed", reason: "agent" };
  const until = new Date(NOW + 3_600_000).toISOString();
  const over = head(2, { state: "closed", continue_until: until });
  wire().say({ type: "message", message: closed, head: over });
  assert.equal(tab().phase, "starting");
  mock.timers.tick(3_600_001);
  assert.equal(tab().phase, "none");
  assert.deepEqual(Object.keys(area), []);
});

test("another tab joins what was started here, and lets go with it", () => {
  const second = tab();
  const first = started();
  second.follow("token");
  assert.equal(second.phase, "starting");
  reopened([text(1, "citizen", "one")], head(1));
  assert.deepEqual(texts(second), ["one"]);
  first.forget();
  second.follow("token");
  assert.equal(second.phase, "none");
});

test("a text written in one tab is also sent by the other, once for the portal", () => {
  const first = started();
  const second = tab();
  reopened([text(1, "citizen", "one")], head(1));
  first.post("two");
  second.follow(`out.${first.unsent[0].ref}`);
  mock.timers.tick(5_000);
  assert.equal(sent("send")[0].ref, first.unsent[0].ref);
});

test("a text that the portal told us of is not unsent again by the news of the other tab", () => {
  const first = started();
  const second = tab();
  second.post("two");
  const [entry] = second.unsent;
  // The portal was quicker than the browser, and the other tab has not heard of it yet.
  FakeSocket.made[0].say({ type: "message", message: text(2, "citizen", "two", entry.ref) });
  first.follow(`out.${entry.ref}`);
  assert.deepEqual(texts(first), ["one", "two"]);
  assert.deepEqual(first.unsent, []);
});

test("typing is told at most every three seconds", () => {
  const conversation = started();
  for (let count = 0; count < 10; count += 1) conversation.types();
  assert.equal(sent("typing").length, 1);
  mock.timers.tick(3_000);
  conversation.types();
  assert.equal(sent("typing").length, 2);
});

test("the agent's typing is shown for six seconds or until a message comes", () => {
  const conversation = started();
  wire().say({ type: "typing", author: "agent" });
  assert.ok(conversation.typing.isShown);
  mock.timers.tick(6_000);
  assert.ok(!conversation.typing.isShown);
  wire().say({ type: "typing", author: "agent" });
  wire().say({ type: "message", message: text(2, "agent", "two") });
  assert.ok(!conversation.typing.isShown);
});

test("reading is told once, and again when the portal did not hear it", () => {
  const conversation = started();
  wire().say({ type: "message", message: text(2, "agent", "two") });
  conversation.read(2);
  conversation.read(2);
  assert.deepEqual(sent("read"), [{ type: "read", seq: 2 }]);
  wire().close();
  mock.timers.tick(500);
  reopened([], head(2));
  assert.deepEqual(sent("read"), [{ type: "read", seq: 2 }]);
});

test("a wrong clock of the computer does not shift the time left", () => {
  const conversation = started();
  const later = new Date(NOW + 600_000).toISOString();
  wire().say({ type: "message", message: { ...text(2, "agent", "two"), at: later } });
  assert.equal(conversation.clock.now, NOW + 600_000);
});

test("without a welcome the same start is asked over HTTP, and what is said next as well", async (context) => {
  const conversation = tab();
  conversation.post("one");
  wire().open();
  const first = sent("start")[0];
  const welcome = { type: "welcome", v: 1, head: head(1), more: false };
  const messages = [text(1, "citizen", "one", first.ref)];
  const asked = answering({ frames: [{ ...welcome, messages }], again_in_s: 2 });
  context.after(() => mock.restoreAll());
  mock.timers.tick(10_000);
  await wait(2);
  assert.deepEqual(JSON.parse(asked[0].body).frames, [first]);
  assert.deepEqual(texts(conversation), ["one"]);
  assert.ok(conversation.connection.isPolling);
  conversation.post("two");
  await wait(1);
  const [hello, send] = JSON.parse(asked[1].body).frames;
  assert.deepEqual([hello.type, hello.after, send.text], ["hello", 1, "two"]);
});

test("the acknowledgement says what was stored when that is not what was sent", () => {
  const conversation = started();
  conversation.post("mijn nummer is 85073003328");
  const { ref } = sent("send")[0];
  wire().say({ type: "ack", ref, seq: 2, at: AT, text: "mijn nummer is [weggelaten]" });
  assert.deepEqual(texts(conversation), ["one", "mijn nummer is [weggelaten]"]);
});

test("a message that came as the answer to a request takes its place", () => {
  const conversation = started();
  const file = { ...text(3, "citizen", "", "r"), kind: "file", file: { id: "f" } };
  conversation.took(file);
  assert.deepEqual(sent("after"), [{ type: "after", after: 1 }]);
  assert.deepEqual(conversation.ledger.ahead, [file]);
  wire().say({ type: "message", message: text(2, "agent", "two") });
  conversation.took(file);
  assert.deepEqual(conversation.ledger.messages.at(-1), file);
  assert.equal(conversation.ledger.messages.length, 3);
});

test("an old message that is answered again does not turn back the clock", () => {
  const conversation = started();
  mock.timers.setTime(NOW + 600_000);
  conversation.took(text(2, "citizen", "two"));
  assert.equal(conversation.clock.now, NOW + 600_000);
});

/** Lets timers and then promises run. */
async function wait(ms) {
  for (let count = 0; count < ms; count += 1) {
    mock.timers.tick(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What the conversation asks by `fetch`, answered with `value`. */
function answering(value, status = 200) {
  const asked = [];
  mock.method(globalThis, "fetch", async (url, options) => {
    asked.push({ url, ...options });
    return new Response(JSON.stringify(value), { status });
  });
  return asked;
}

test("requests to the portal carry the token in a header, and no cookie", async (context) => {
  const conversation = started();
  const asked = answering({});
  context.after(() => mock.restoreAll());
  await conversation.fetch("/chat/files/f", { method: "GET", headers: { Accept: "image/png" } });
  const [{ url, headers, credentials }] = asked;
  assert.equal(url, "http://portal/chat/files/f");
  assert.equal(credentials, "omit");
  assert.equal(headers.Accept, "image/png");
  assert.equal(headers.Authorization, `Bearer ${area["chat.token"]}`);
});

test("after the end it can still be asked something, and takes what comes with the answer", async (context) => {
  const conversation = started();
  const over = head(1, { state: "closed" });
  wire().say({ type: "head", head: over });
  assert.equal(conversation.connection.state, "idle");
  const rated = { type: "rated", head: { ...over, rating: 4 } };
  const welcome = { type: "welcome", v: 1, head: over, messages: [], more: false };
  const asked = answering({ frames: [welcome, rated], again_in_s: 0 });
  context.after(() => mock.restoreAll());
  const answers = await conversation.ask([{ type: "rate", score: 4 }]);
  assert.deepEqual(answers, [welcome, rated]);
  assert.equal(asked[0].url, "http://portal/chat/frames.json");
  const { frames } = JSON.parse(asked[0].body);
  const { token } = frames[0];
  assert.deepEqual(frames, [
    { type: "hello", v: 1, token, after: 1 },
    { type: "rate", score: 4 },
  ]);
  assert.equal(conversation.ledger.head.rating, 4);
  assert.equal(conversation.connection.state, "idle");
});

test("asking too often is no answer", async (context) => {
  const conversation = started();
  answering({ frames: [{ type: "error", code: "too_fast" }] }, 429);
  context.after(() => mock.restoreAll());
  await assert.rejects(conversation.ask([{ type: "rate", score: 4 }]));
});

for (const code of ["wrong_version", "wrong_origin"]) {
  test(`${code} is final: nothing is tried again, and nothing written is lost`, () => {
    const conversation = started();
    conversation.post("two");
    wire().say({ type: "error", code, text: "…", ref: null });
    wire().close();
    mock.timers.tick(600_000);
    assert.equal(FakeSocket.made.length, 1);
    assert.deepEqual(failures, [code]);
    assert.equal(conversation.unsent.length, 1);
    assert.ok(conversation.authorization.endsWith(area["chat.token"]));
  });
}

test("the queue is known while the conversation waits, with what was offered at first", () => {
  const conversation = tab();
  conversation.post("one");
  wire().open();
  const waits = { seq: 1, state: "waiting", agent: "", read: { citizen: 0, agent: 0 } };
  const { ref } = sent("start")[0];
  const messages = [text(1, "citizen", "one", ref)];
  wire().say({ type: "welcome", v: 1, head: waits, messages, more: false });
  assert.equal(conversation.queue, null);
  wire().say({ type: "queue", place: 2, wait: null, sentences: ["2"], products: [] });
  wire().say({ type: "queue", place: 1, wait: null, sentences: ["1"] });
  assert.deepEqual([conversation.queue.place, conversation.queue.products], [1, []]);
  wire().say({ type: "head", head: head(1) });
  assert.equal(conversation.queue, null);
});
