import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { SafeStorage } from "../../static/chat/widget/storage.js";
import { Uploads } from "../../static/chat/widget/uploads.js";
import { FakeArea } from "./fakes.js";

const PHOTO = { name: "foto.jpg", type: "image/jpeg", size: 1_000 };
const LETTER = { name: "brief.pdf", type: "application/pdf", size: 2_000 };
let area;
let posted;
let took;
let sent;
let failed;
let shown;
let owner;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  area = new FakeArea();
  [posted, took, sent, failed] = [[], [], [], []];
  owner = "one conversation";
});

afterEach(() => mock.timers.reset());

/** A tab whose files are answered by the test: `posted.at(-1).answer(frame)`. */
function tab() {
  const uploads = new Uploads({
    memory: new SafeStorage("chat.", area),
    owner: () => owner,
    post: (entry, signal) =>
      new Promise((answer) => {
        posted.push({ ref: entry.ref, name: entry.file.name, signal, answer });
      }),
    tell: {
      changed: () => {
        shown = uploads.entries.map(({ error }) => error);
      },
      took: (message) => took.push(message.seq),
      sent: ({ file }) => sent.push(file.name),
      failed: ({ error }) => failed.push(error),
    },
  });
  return uploads;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

async function answered(frame, afterMs = 0) {
  posted.at(-1).answer(frame);
  await settled();
  mock.timers.tick(afterMs);
  await settled();
}

const ack = (seq) => ({ type: "ack", seq, message: { seq } });

test("files go out one after the other", async () => {
  const uploads = tab();
  uploads.add(PHOTO);
  uploads.add(LETTER);
  await settled();
  assert.deepEqual(
    posted.map(({ name }) => name),
    ["foto.jpg"],
  );
  await answered(ack(4));
  assert.deepEqual(
    posted.map(({ name }) => name),
    ["foto.jpg", "brief.pdf"],
  );
  await answered(ack(5));
  assert.deepEqual(took, [4, 5]);
  assert.deepEqual(sent, ["foto.jpg", "brief.pdf"]);
  assert.deepEqual(uploads.entries, []);
});

test("a file never goes to another conversation than the one it was chosen for", async () => {
  const uploads = tab();
  uploads.add(PHOTO);
  uploads.add(LETTER);
  await settled();
  owner = "another";
  await answered(null, 15_000);
  assert.deepEqual(
    posted.map(({ name }) => name),
    ["foto.jpg"],
  );
  assert.deepEqual(uploads.entries, []);
});

test("what another conversation acknowledges late is no message of this one", async () => {
  const uploads = tab();
  uploads.add(PHOTO);
  await settled();
  owner = "another";
  await answered(ack(4));
  assert.deepEqual([took, sent, uploads.entries], [[], [], []]);
});

test("without an answer the same ref is sent again, for as long as it takes", async () => {
  const uploads = tab();
  uploads.add(PHOTO);
  await settled();
  for (let time = 0; time < 10; time += 1) await answered(null, 15_000);
  assert.equal(posted.length, 11);
  assert.equal(new Set(posted.map(({ ref }) => ref)).size, 1);
  assert.deepEqual(failed, []);
  await answered(ack(4));
  assert.deepEqual(took, [4]);
});

test("a refusal is final, and the next file goes on", async () => {
  const uploads = tab();
  uploads.add(PHOTO);
  uploads.add(LETTER);
  await settled();
  await answered({ type: "error", code: "file_type", text: "Dit kan niet." });
  const [entry] = uploads.entries;
  assert.equal(entry.error, "Dit kan niet.");
  assert.equal(entry.mayPass, false);
  assert.deepEqual(failed, ["Dit kan niet."]);
  assert.equal(shown[0], "Dit kan niet.");
  assert.equal(posted.at(-1).name, "brief.pdf");
});

test("what may pass is tried some times, and then when the person wants it", async () => {
  const uploads = tab();
  uploads.add(PHOTO);
  await settled();
  const away = { type: "error", code: "file_unscanned", text: "Even niet." };
  for (let time = 0; time < 5; time += 1) await answered(away, 15_000);
  assert.equal(posted.length, 5);
  assert.equal(uploads.entries[0].mayPass, true);
  assert.deepEqual(failed, ["Even niet."]);
  uploads.retry(posted[0].ref);
  await settled();
  assert.equal(posted.length, 6);
  assert.equal(posted[5].ref, posted[0].ref);
  assert.equal(uploads.entries[0].error, "");
});

test("too fast waits as long as the portal says", async () => {
  const uploads = tab();
  uploads.add(PHOTO);
  await settled();
  await answered({ type: "error", code: "too_fast", text: "Wacht.", retry_after_s: 9 }, 8_000);
  assert.equal(posted.length, 1);
  mock.timers.tick(1_000);
  await settled();
  assert.equal(posted.length, 2);
  uploads.clear();
});

test("a file that is not wanted any more is stopped, and its answer ignored", async () => {
  const uploads = tab();
  uploads.add(PHOTO);
  uploads.add(LETTER);
  await settled();
  uploads.drop(posted[0].ref);
  assert.equal(posted[0].signal.aborted, true);
  await answered(null);
  assert.equal(posted.at(-1).name, "brief.pdf");
  assert.deepEqual(took, []);
});

test("a file that the conversation holds before the answer is told as sent, once", async () => {
  const uploads = tab();
  uploads.add(PHOTO);
  await settled();
  uploads.stored(posted[0].ref);
  await answered(ack(4));
  assert.deepEqual(sent, ["foto.jpg"]);
  uploads.stored(posted[0].ref);
  uploads.stored("another");
  assert.deepEqual(sent, ["foto.jpg"]);
});

test("of a file that a tab before this one sent nothing is told", async () => {
  const before = tab();
  before.add(PHOTO);
  await settled();
  const after = tab();
  after.stored(posted[0].ref);
  assert.deepEqual([after.entries, sent], [[], []]);
  before.clear();
});

test("while it waits to be tried again it can be dropped at once", async () => {
  const uploads = tab();
  uploads.add(PHOTO);
  await settled();
  await answered(null);
  uploads.drop(posted[0].ref);
  uploads.add(LETTER);
  await settled();
  assert.equal(posted.at(-1).name, "brief.pdf");
});

test("after a reload the names are there, and nothing is sent", async () => {
  tab().add(PHOTO);
  const uploads = tab();
  await settled();
  const [entry] = uploads.entries;
  assert.deepEqual(entry.file, PHOTO);
  assert.equal(entry.isLost, true);
  assert.equal(posted.length, 1);
  uploads.drop(entry.ref);
  assert.deepEqual(tab().entries, []);
});
