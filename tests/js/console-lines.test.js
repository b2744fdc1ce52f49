import assert from "node:assert/strict";
import { test } from "node:test";

import { linesOf } from "../../static/chat/console/lines.js";

const at = (minute, day = 30) => `2026-06-${day}T12:${String(minute).padStart(2, "0")}:00.000Z`;
const text = (seq, author, fields = {}) => ({
  seq,
  kind: "text",
  author,
  name: author === "agent" ? "Bieke" : "",
  text: `text ${seq}`,
  at: at(seq),
  ref: `ref-${seq}`,
  reason: "",
  ...fields,
});
const lines = (fields) =>
  linesOf({
    messages: [],
    unsent: [],
    uploads: [],
    failed: new Map(),
    readTo: 0,
    me: "Bieke",
    dayOf: (moment) => moment.slice(0, 10),
    ...fields,
  });
const texts = (fields) => lines(fields).filter(({ type }) => type === "text");

test("each new day is named once", () => {
  const messages = [text(1, "citizen"), text(2, "citizen"), text(3, "citizen", { at: at(3, 31) })];
  const days = lines({ messages }).filter(({ type }) => type === "day");
  assert.deepEqual(
    days.map((line) => line.text),
    ["2026-06-30", "2026-06-31"],
  );
});

test("who goes on within three minutes is not named again", () => {
  const messages = [text(1, "citizen"), text(2, "citizen"), text(9, "citizen"), text(10, "agent")];
  assert.deepEqual(
    texts({ messages }).map(({ follows }) => follows),
    [false, true, false, false],
  );
});

test("something that happened in between starts anew", () => {
  const joined = { seq: 2, kind: "joined", author: "portal", name: "Bieke", text: "", at: at(1) };
  const messages = [text(1, "citizen"), joined, text(3, "citizen", { at: at(1) })];
  assert.deepEqual(
    texts({ messages }).map(({ follows }) => follows),
    [false, false],
  );
});

test("a text of a colleague is not mine", () => {
  const messages = [text(1, "agent"), text(2, "agent", { name: "Joris" })];
  assert.deepEqual(
    texts({ messages }).map(({ who }) => who),
    ["me", "colleague"],
  );
});

test("read and sent stand once each, under the last text they are true for", () => {
  const messages = [1, 2, 3, 4].map((seq) => text(seq, "agent"));
  assert.deepEqual(
    texts({ messages, readTo: 2 }).map(({ mark }) => mark),
    [null, "read", null, "sent"],
  );
});

test("a citizen's text has no mark", () => {
  assert.equal(texts({ messages: [text(1, "citizen")] })[0].mark, null);
});

test("unsent texts come last, each with its own mark", () => {
  const unsent = [
    { ref: "a", text: "on its way", at: at(5) },
    { ref: "b", text: "refused", at: at(5) },
  ];
  const found = texts({ messages: [text(1, "agent")], unsent, failed: new Map([["b", "why"]]) });
  assert.deepEqual(
    found.map(({ mark }) => mark),
    ["sent", "sending", "failed"],
  );
  assert.equal(found[2].reason, "why");
});

test("a text keeps its key when the portal gives it a number", () => {
  const [before] = texts({ unsent: [{ ref: "ref-1", text: "text 1", at: at(1) }] });
  const [after] = texts({ messages: [text(1, "agent")] });
  assert.equal(before.key, after.key);
});
