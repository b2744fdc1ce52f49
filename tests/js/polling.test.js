import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Polling, postFrames } from "../../static/chat/widget/polling.js";

let asked;
let heard;
let closed;
let hidden;
let polling;

const settle = async () => {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
};
const tick = async (ms) => {
  mock.timers.tick(ms);
  await settle();
};
const sent = () => asked.map(({ body }) => body.frames.map(({ type }) => type).join(" "));
const types = () => heard.map(({ type }) => type);

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  [asked, heard, closed, hidden] = [[], [], 0, false];
  mock.method(globalThis, "fetch", (url, { body, headers, signal, ...options }) => {
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      const say = (status, value, more = {}) =>
        resolve({ status, headers: new Headers(more), json: async () => value });
      asked.push({ url, body: JSON.parse(body), headers, options, signal, say, reject });
    });
  });
  polling = new Polling({
    url: "https://portal/chat/frames.json",
    opener: () => '{"type":"hello"}',
    isHidden: () => hidden,
    random: () => 0,
  });
  polling.onmessage = ({ data }) => heard.push(JSON.parse(data));
  polling.onclose = () => {
    closed += 1;
    polling.close();
  };
});

afterEach(() => {
  polling.close();
  mock.timers.reset();
  mock.restoreAll();
});

/** The portal answers the newest request. */
async function answer(frames = [{ type: "welcome" }], again_in_s = 2) {
  asked.at(-1).say(200, { frames, again_in_s });
  await settle();
}

test("it asks with the opener, without cookies, and again as the portal says", async () => {
  await tick(0);
  assert.equal(asked[0].url, "https://portal/chat/frames.json");
  assert.equal(asked[0].options.credentials, "omit");
  assert.deepEqual(sent(), ["hello"]);
  await answer();
  await tick(1_999);
  assert.equal(asked.length, 1);
  await tick(1);
  assert.equal(asked.length, 2);
});

test("the answers are given one by one; only the first welcome is one", async () => {
  await tick(0);
  await answer([{ type: "welcome", now: "then" }, { type: "pong" }]);
  await tick(2_000);
  await answer([{ type: "welcome", messages: [7], more: true, now: "later" }]);
  assert.deepEqual(types(), ["welcome", "pong", "messages"]);
  assert.deepEqual(heard[2], { type: "messages", messages: [7], more: true, now: "later" });
});

test("what is sent goes out at once, and in the order it was given", async () => {
  await tick(0);
  await answer();
  polling.send('{"type":"send"}');
  polling.send('{"type":"typing"}');
  await tick(0);
  assert.deepEqual(sent(), ["hello", "hello send typing"]);
});

test("what is sent during a request goes with the next, and only with that", async () => {
  await tick(0);
  polling.send('{"type":"send"}');
  await tick(0);
  assert.deepEqual(sent(), ["hello"]);
  await answer();
  await tick(0);
  await answer();
  await tick(2_000);
  assert.deepEqual(sent(), ["hello", "hello send", "hello"]);
});

test("what a frame makes its reader send does not wait for the rhythm", async () => {
  polling.onmessage = () => polling.send('{"type":"read"}');
  await tick(0);
  await answer();
  await tick(0);
  assert.deepEqual(sent(), ["hello", "hello read"]);
});

test("a hidden page asks six times less often", async () => {
  hidden = true;
  await tick(0);
  await answer();
  await tick(11_999);
  assert.equal(asked.length, 1);
  await tick(1);
  assert.equal(asked.length, 2);
});

test("an ended conversation is not asked after", async () => {
  await tick(0);
  await answer([{ type: "welcome" }], 0);
  await tick(600_000);
  assert.equal(asked.length, 1);
});

test("told to wait it waits, keeps what it has, and does not count it as lost", async () => {
  await tick(0);
  await answer();
  polling.send('{"type":"send"}');
  await tick(0);
  asked.at(-1).say(429, { frames: [{ type: "error" }] }, { "Retry-After": "7" });
  await settle();
  polling.send('{"type":"typing"}');
  await tick(6_999);
  assert.equal(asked.length, 2);
  await tick(1);
  assert.equal(sent().at(-1), "hello send typing");
  assert.equal(closed, 0);
  assert.deepEqual(types(), ["welcome"]);
});

test("a 429 that names no time waits five seconds", async () => {
  await tick(0);
  asked[0].say(429, {}, { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" });
  await settle();
  await tick(4_999);
  assert.equal(asked.length, 1);
  await tick(1);
  assert.equal(asked.length, 2);
});

for (const [name, fail] of [
  ["a network that fails", (request) => request.reject(new TypeError("failed"))],
  ["an answer that is no JSON", (request) => request.say(502, Promise.reject(new SyntaxError()))],
  ["an answer without frames", (request) => request.say(200, { again_in_s: 2 })],
  ["an empty answer", (request) => request.say(200, { frames: [], again_in_s: 2 })],
]) {
  test(`${name} ends it`, async () => {
    await tick(0);
    fail(asked[0]);
    await settle();
    assert.equal(closed, 1);
    await tick(600_000);
    assert.equal(asked.length, 1);
    assert.deepEqual(heard, []);
  });
}

test("an answer that stays away for 15 s ends it, and the request is dropped", async () => {
  await tick(0);
  await tick(15_000);
  assert.equal(closed, 1);
  assert.ok(asked[0].signal.aborted);
});

test("a refusal at the start is heard; one later on ends it", async () => {
  await tick(0);
  await answer([{ type: "error", code: "wrong_token" }]);
  assert.deepEqual(types(), ["error"]);
  await tick(2_000);
  await answer([{ type: "error", code: "wrong_token" }]);
  assert.deepEqual([types(), closed], [["error"], 1]);
});

test("closed means closed, also in the middle of a request or an answer", async () => {
  polling.onmessage = () => polling.close();
  await tick(0);
  await answer();
  await tick(600_000);
  assert.equal(asked.length, 1);
  assert.equal(polling.readyState, 3);
});

test("closing drops the request under way", async () => {
  await tick(0);
  polling.close();
  assert.ok(asked[0].signal.aborted);
  await tick(600_000);
  assert.equal(asked.length, 1);
});

test("one request can be asked without any rhythm", async () => {
  const { signal } = new AbortController();
  const result = postFrames("https://portal/chat/frames.json", ['{"type":"ping"}'], signal);
  await answer([{ type: "pong" }]);
  assert.deepEqual((await result).frames, [{ type: "pong" }]);
  assert.equal(asked[0].headers["Content-Type"], "application/json");
});
