import assert from "node:assert/strict";
import { test } from "node:test";

import { isSeen, nameOf, Teller, waysToTell } from "../../static/chat/console/alerts.js";
import { SafeStorage } from "../../static/chat/widget/storage.js";
import { card, FakePortal, mine, text } from "./console-portal.js";
import { FakeArea } from "./fakes.js";

const BOTH = { sound: true, desktop: true };
const looked = { inView: true, openId: "a", showsLists: true };
const away = { ...looked, inView: false };
const NOTHING = { sound: false, desktop: false };

test("a message in the conversation that is looked at is told by nothing", () => {
  assert.deepEqual(waysToTell({ kind: "message", id: "a" }, looked, BOTH), NOTHING);
  assert.deepEqual(waysToTell({ kind: "assigned", id: "a" }, looked, BOTH), NOTHING);
});

test("a message in another conversation sounds, and does not cover the page", () => {
  const told = waysToTell({ kind: "message", id: "b" }, looked, BOTH);
  assert.deepEqual(told, { sound: true, desktop: false });
});

test("who looks elsewhere is told by all that is switched on, also of the open conversation", () => {
  for (const kind of ["waiting", "assigned", "message"]) {
    assert.deepEqual(waysToTell({ kind, id: "a" }, away, BOTH), BOTH);
  }
});

test("who waits is seen where the lists are, and on a telephone only outside a conversation", () => {
  assert.equal(isSeen({ kind: "waiting", id: "x" }, looked), true);
  const phone = { ...looked, showsLists: false };
  assert.equal(isSeen({ kind: "waiting", id: "x" }, phone), false);
});

test("what is switched off stays off", () => {
  const off = { sound: false, desktop: false };
  assert.deepEqual(waysToTell({ kind: "waiting", id: "a" }, away, off), NOTHING);
  const quiet = waysToTell({ kind: "waiting", id: "a" }, away, { sound: false, desktop: true });
  assert.deepEqual(quiet, { sound: false, desktop: true });
});

/** Tabs of one browser: one storage, a lock, and a clock that the test winds. */
class Browser {
  area = new FakeArea();
  waits = [];

  tab() {
    const later = () => new Promise((go) => this.waits.push(go));
    const storage = new SafeStorage("t.", this.area);
    return new Teller({ storage, alone: async (act) => act(), later });
  }

  pass() {
    for (const go of this.waits.splice(0)) go();
  }
}

test("of several tabs one tells", async () => {
  const browser = new Browser();
  const told = [];
  const event = nameOf({ kind: "message", id: "a", mark: 4 });
  const tabs = [1, 2, 3].map((number) =>
    browser.tab().once(event, { inView: false }, () => told.push(number)),
  );
  browser.pass();
  await Promise.all(tabs);
  assert.equal(told.length, 1);
});

test("a tab that is looked at goes before a hidden one", async () => {
  const browser = new Browser();
  const told = [];
  const hidden = browser.tab().once("e", { inView: false }, () => told.push("hidden"));
  await browser.tab().once("e", { inView: true }, () => told.push("looked at"));
  browser.pass();
  await hidden;
  assert.deepEqual(told, ["looked at"]);
});

test("the next message is another event, and what was told long ago is forgotten", async () => {
  const browser = new Browser();
  const tab = browser.tab();
  let told = 0;
  for (let seq = 1; seq <= 200; seq += 1) {
    const name = nameOf({ kind: "message", id: "a", mark: seq });
    await tab.once(name, { inView: true }, () => {
      told += 1;
    });
  }
  assert.equal(told, 200);
  assert.ok(browser.area["t.told"].split("\n").length <= 60);
});

test("without storage each tab still tells once", async () => {
  const browser = new Browser();
  browser.area.refuse();
  const tab = browser.tab();
  let told = 0;
  for (const _ of [1, 2]) {
    await tab.once("e", { inView: true }, () => {
      told += 1;
    });
  }
  assert.equal(told, 1);
});

function alertsOf(portal) {
  const alerts = [];
  portal.desk.addEventListener("alert", ({ detail }) => alerts.push(detail));
  return alerts;
}

test("the desk tells of who starts to wait, not of who waited when the page opened", () => {
  const portal = new FakePortal();
  const alerts = alertsOf(portal);
  portal.welcome([card("a")]);
  portal.say({ type: "card", card: card("b") });
  portal.say({ type: "card", card: card("b", { seq: 2 }) });
  assert.deepEqual(
    alerts.map(({ kind, id, name }) => [kind, id, name]),
    [["waiting", "b", "visitor"]],
  );
});

test("a chat that was given to me is told, one that I took is not", () => {
  const portal = new FakePortal();
  const alerts = alertsOf(portal);
  portal.welcome([card("a"), card("b")]);
  portal.desk.claim("a");
  portal.say({ type: "card", card: mine("a") });
  portal.say({ type: "card", card: mine("b") });
  portal.say({ type: "card", card: mine("b", { seq: 3 }) });
  assert.deepEqual(
    alerts.map(({ kind, id }) => [kind, id]),
    [["assigned", "b"]],
  );
});

test("a message of a visitor is told with its number; history and own texts are not", () => {
  const portal = new FakePortal();
  const alerts = alertsOf(portal);
  portal.welcome([mine("a")]);
  alerts.length = 0;
  const say = (message) => portal.say({ type: "message", conversation: "a", message });
  portal.say({ type: "messages", conversation: "a", messages: [text(1), text(2)], more: false });
  say(text(3));
  say(text(4, { author: "agent" }));
  assert.deepEqual(
    alerts.map(({ kind, mark }) => [kind, mark]),
    [["message", 3]],
  );
});
