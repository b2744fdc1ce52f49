import assert from "node:assert/strict";
import { test } from "node:test";

import { FakePortal } from "./console-portal.js";

const NOTHING = { phone_first: null, stop: null, rests_until: null, may_switch: true };
const FIRST = { until: "2026-06-30T13:30:00.000Z", by: "Nadia", source: "supervisor" };
const STOP = { text: "Even dicht.", text_en: "", until: null, by: "Nadia" };

function atWork() {
  const portal = new FakePortal();
  portal.welcome();
  portal.say({ type: "rush", ...NOTHING });
  return portal;
}

test("what holds on arrival is shown, not told", () => {
  const portal = new FakePortal();
  portal.welcome();
  portal.say({ type: "rush", ...NOTHING, phone_first: FIRST });
  assert.equal(portal.desk.rush.phone_first.by, "Nadia");
  assert.deepEqual(portal.news, []);
});

test("each change is told once, also when it is said again", () => {
  const portal = atWork();
  for (let n = 0; n < 2; n += 1) portal.say({ type: "rush", ...NOTHING, phone_first: FIRST });
  assert.deepEqual(portal.news, ["rush_until"]);
  portal.say({ type: "rush", ...NOTHING, phone_first: FIRST, stop: STOP });
  assert.deepEqual(portal.news, ["rush_until", "stop_open"]);
  portal.say({ type: "rush", ...NOTHING });
  assert.deepEqual(portal.news.at(-1), "rush_over stop_over");
});

test("that the exchange leaves it off for a while is told too", () => {
  const portal = atWork();
  const byExchange = { until: null, by: "", source: "exchange" };
  portal.say({ type: "rush", ...NOTHING, phone_first: byExchange });
  portal.say({ type: "rush", ...NOTHING, rests_until: "2026-06-30T13:45:00.000Z" });
  assert.deepEqual(portal.news, ["rush_calls", "rush_over rush_rests"]);
});

test("a switch is sent only over a connection", () => {
  const portal = atWork();
  assert.equal(portal.desk.switchRush("phone_first", { on: true, minutes: 30 }), true);
  assert.deepEqual(portal.take("phone_first"), [{ type: "phone_first", on: true, minutes: 30 }]);
  portal.lose();
  assert.equal(portal.desk.switchRush("resume_chat"), false);
});
