import assert from "node:assert/strict";
import { test } from "node:test";

import { Ledger } from "../../static/chat/widget/ledger.js";

const text = (seq, author = "agent") => ({ seq, kind: "text", author, text: `nr ${seq}` });
const seqs = (messages) => messages.map((message) => message.seq);

test("messages become readable in order, whatever order they come in", () => {
  const ledger = new Ledger("citizen");
  assert.deepEqual(seqs(ledger.add([text(2), text(4)])), []);
  assert.deepEqual(seqs(ledger.add([text(1)])), [1, 2]);
  assert.ok(ledger.hasGap);
  assert.deepEqual(seqs(ledger.add([text(3)])), [3, 4]);
  assert.ok(!ledger.hasGap);
  assert.deepEqual(seqs(ledger.messages), [1, 2, 3, 4]);
});

test("a message that comes again changes nothing", () => {
  const ledger = new Ledger("citizen");
  ledger.add([text(1), text(3)]);
  assert.deepEqual(ledger.add([{ ...text(1), text: "other" }, text(3)]), []);
  assert.equal(ledger.get(1).text, "nr 1");
  assert.equal(ledger.gaplessSeq, 1);
});

test("any shuffled delivery with doubles and losses ends as the same list", () => {
  for (let round = 0; round < 200; round += 1) {
    const ledger = new Ledger("citizen");
    const sent = Array.from({ length: 20 }, (_, index) => text(index + 1));
    const noise = [...sent, ...sent].sort(() => Math.random() - 0.5);
    const readable = [];
    for (const message of noise.filter(() => Math.random() > 0.3)) {
      readable.push(...ledger.add([message]));
    }
    const rest = sent.filter((message) => message.seq > ledger.gaplessSeq); // the answer to `after`
    readable.push(...ledger.add(rest));
    assert.deepEqual(seqs(readable), seqs(sent));
  }
});

test("a head that names a higher seq is a gap", () => {
  const ledger = new Ledger("citizen");
  ledger.add([text(1)]);
  ledger.takeHead({ seq: 2, read: {} });
  assert.ok(ledger.hasGap);
});

test("the newest head stays: higher seq, or the last of equals", () => {
  const ledger = new Ledger("citizen");
  assert.ok(ledger.takeHead({ seq: 3, state: "waiting" }));
  assert.ok(!ledger.takeHead({ seq: 2, state: "closed" }));
  assert.ok(ledger.takeHead({ seq: 3, state: "active" }));
  assert.equal(ledger.head.state, "active");
  assert.ok(!ledger.takeHead(undefined));
});

test("unread counts texts of the other side after what was seen here or elsewhere", () => {
  const ledger = new Ledger("citizen");
  ledger.add([text(1, "citizen"), { ...text(2), kind: "joined" }, text(3), text(4), text(5)]);
  assert.equal(ledger.unread, 3);
  ledger.takeHead({ seq: 5, read: { citizen: 3, agent: 1 } });
  assert.equal(ledger.unread, 2);
  assert.ok(ledger.see(5));
  assert.ok(!ledger.see(4));
  assert.equal(ledger.unread, 0);
  assert.equal(ledger.readBy("agent"), 1);
});

test("an own text that is stored behind a hole is known until the hole is filled", () => {
  const ledger = new Ledger("citizen");
  ledger.add([text(1), text(3, "citizen"), text(4)]);
  assert.deepEqual(seqs(ledger.ahead), [3]);
  ledger.add([text(2)]);
  assert.deepEqual(seqs(ledger.ahead), []);
});

test("a file counts as a text does: unread, and known behind a hole", () => {
  const ledger = new Ledger("citizen");
  const file = (seq, author) => ({ ...text(seq, author), kind: "file" });
  ledger.add([file(1, "agent"), file(3, "citizen")]);
  assert.equal(ledger.unread, 1);
  assert.deepEqual(seqs(ledger.ahead), [3]);
});
