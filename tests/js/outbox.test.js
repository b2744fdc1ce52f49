import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox } from "../../static/chat/widget/outbox.js";
import { SafeStorage } from "../../static/chat/widget/storage.js";
import { FakeArea } from "./fakes.js";

const texts = (outbox) => outbox.entries.map((entry) => entry.text);

test("unsent texts survive a reload, in the order they were written", () => {
  const area = new FakeArea();
  const before = new Outbox(new SafeStorage("chat.", area));
  for (const text of ["one", "two", "three"]) before.put(text, {}, 1000);
  const after = new Outbox(new SafeStorage("chat.", area));
  assert.deepEqual(texts(after), ["one", "two", "three"]);
});

test("order stays when the clock is set back", () => {
  const outbox = new Outbox(new SafeStorage("chat.", new FakeArea()));
  outbox.put("one", {}, 9000);
  outbox.put("two", {}, 1000);
  assert.deepEqual(texts(outbox), ["one", "two"]);
});

test("a dropped text is gone, also after a reload", () => {
  const area = new FakeArea();
  const outbox = new Outbox(new SafeStorage("chat.", area));
  const { ref } = outbox.put("one");
  assert.equal(outbox.drop(ref).text, "one");
  assert.equal(outbox.drop(ref), undefined);
  assert.equal(Object.keys(area).length, 0);
});

test("two tabs see each other's texts and never overwrite them", () => {
  const area = new FakeArea();
  const [left, right] = [1, 2].map(() => new Outbox(new SafeStorage("chat.", area)));
  left.put("left", {}, 1000);
  right.put("right", {}, 2000);
  left.refresh();
  assert.deepEqual(texts(left), ["left", "right"]);
  right.drop(right.entries[0].ref);
  left.refresh();
  assert.deepEqual(texts(left), ["left", "right"]); // still repeats until it hears itself
});

test("a spoiled entry is passed over", () => {
  const area = new FakeArea({
    "chat.out.x": "{",
    "chat.out.y": "null",
    "chat.out.z": '{"ref":"q"}',
  });
  assert.deepEqual(new Outbox(new SafeStorage("chat.", area)).entries, []);
});

test("without storage it works in memory", () => {
  const blocked = new FakeArea();
  blocked.refuse();
  for (const area of [blocked, null]) {
    const outbox = new Outbox(new SafeStorage("chat.", area));
    const { ref } = outbox.put("one");
    assert.deepEqual(texts(outbox), ["one"]);
    outbox.drop(ref);
    assert.deepEqual(texts(outbox), []);
  }
});
