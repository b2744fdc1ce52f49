import assert from "node:assert/strict";
import { test } from "node:test";

import { commandOf, neighbour } from "../../static/chat/console/shortcuts.js";

const press = (key, fields = {}) => ({
  key,
  code: "",
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  isComposing: false,
  getModifierState: () => false,
  ...fields,
});
const idle = { typing: false, singleKeys: true };
const typing = { typing: true, singleKeys: true };

test("Alt with a letter works everywhere, also while typing", () => {
  for (const where of [idle, typing]) {
    assert.equal(commandOf(press("n", { altKey: true }), where), "take");
    assert.equal(commandOf(press("ArrowDown", { altKey: true }), where), "next");
  }
});

test("the sign on the key decides, so AZERTY is right", () => {
  assert.equal(commandOf(press("w", { altKey: true, code: "KeyZ" }), idle), "close");
  assert.equal(commandOf(press("q", { altKey: true, code: "KeyW" }), idle), null);
});

test("Option on a Mac gives another sign; then the place of the key decides", () => {
  assert.equal(commandOf(press("∑", { altKey: true, code: "KeyW" }), typing), "close");
  assert.equal(commandOf(press("Dead", { altKey: true, code: "KeyN" }), typing), "take");
});

test("a single letter never does anything", () => {
  for (const key of "abcdefghijklmnopqrstuvwxyz") assert.equal(commandOf(press(key), idle), null);
});

test("the question mark helps outside text fields only, and can be switched off", () => {
  assert.equal(commandOf(press("?"), idle), "help");
  assert.equal(commandOf(press("?"), typing), null);
  assert.equal(commandOf(press("?"), { typing: false, singleKeys: false }), null);
});

test("AltGr, Ctrl, Cmd and a composing input method are left alone", () => {
  const graph = { altKey: true, getModifierState: (name) => name === "AltGraph" };
  assert.equal(commandOf(press("n", graph), idle), null);
  assert.equal(commandOf(press("n", { altKey: true, ctrlKey: true }), idle), null);
  assert.equal(commandOf(press("n", { altKey: true, metaKey: true }), idle), null);
  assert.equal(commandOf(press("Escape", { isComposing: true }), typing), null);
});

test("neighbours go round", () => {
  assert.equal(neighbour(["a", "b", "c"], "c", 1), "a");
  assert.equal(neighbour(["a", "b", "c"], "a", -1), "c");
  assert.equal(neighbour(["a", "b"], "elsewhere", 1), "a");
  assert.equal(neighbour(["a", "b"], null, -1), "b");
  assert.equal(neighbour([], "a", 1), null);
});
