import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cleaned,
  frame,
  newToken,
  parse,
  textLength,
  uuid,
} from "../../static/chat/widget/protocol.js";

test("a frame is its type and its fields", () => {
  assert.deepEqual(JSON.parse(frame("send", { ref: "r", text: "t" })), {
    type: "send",
    ref: "r",
    text: "t",
  });
  assert.equal(frame("ping"), '{"type":"ping"}');
});

test("what is not a frame is null, never an error", () => {
  for (const data of ["", "{", "null", "3", "[]", '{"type":3}', '{"x":1}']) {
    assert.equal(parse(data), null, data);
  }
  assert.deepEqual(parse('{"type":"pong"}'), { type: "pong" });
});

test("identifiers are lower-case version 4 UUIDs and differ", () => {
  const made = Array.from({ length: 500 }, uuid);
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.ok(made.every((value) => form.test(value)));
  assert.equal(new Set(made).size, 500);
});

test("a token is 43 characters of base64url", () => {
  const made = Array.from({ length: 500 }, newToken);
  assert.ok(made.every((value) => /^[A-Za-z0-9_-]{43}$/.test(value)));
  assert.equal(new Set(made).size, 500);
});

test("an emoji is one character, as on the server", () => {
  assert.equal(textLength("👍🏽a"), 3);
});

test("a text without a visible character is empty", () => {
  for (const text of ["", "  \n\t", "\u200b\u200d", "\u00a0"]) assert.equal(cleaned(text), "");
  assert.equal(cleaned("  hallo\n\nwereld \n"), "hallo\n\nwereld");
});
