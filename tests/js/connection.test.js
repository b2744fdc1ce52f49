import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Connection } from "../../static/chat/widget/connection.js";
import { FakeSocket } from "./fakes.js";

let world;
let online;
let hidden;
let states;
let frames;
let connection;

beforeEach((context) => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: 1_000_000 });
  FakeSocket.made = [];
  world = new EventTarget();
  world.document = new EventTarget();
  [online, hidden, states, frames] = [true, false, [], []];
  connection = new Connection({
    url: "ws://portal/ws/chat/",
    opener: () => '{"type":"hello"}',
    onFrame: (received) => frames.push(received),
    onState: (state) => states.push(state),
    open: (url) => new FakeSocket(url),
    world,
    isOnline: () => online,
    isHidden: () => hidden,
    random: () => 0.5,
  });
  context?.after?.(() => connection.dispose());
});

const newest = () => FakeSocket.made.at(-1);

function settle() {
  connection.start();
  newest().open();
  connection.settled();
}

test("it holds no socket until it is wanted, and says the opener first", () => {
  assert.equal(FakeSocket.made.length, 0);
  connection.start();
  assert.ok(!connection.send("typing"));
  newest().open();
  assert.deepEqual(newest().sent, [{ type: "hello" }]);
  connection.settled();
  assert.ok(connection.send("typing"));
  assert.deepEqual(states, ["connecting", "online"]);
});

test("a lost socket is opened again within half a second", () => {
  settle();
  newest().close();
  assert.equal(connection.state, "waiting");
  mock.timers.tick(450);
  assert.equal(FakeSocket.made.length, 2);
});

test("failing attempts come less and less often, at most every 15 s", () => {
  connection.start();
  for (let count = 0; count < 12; count += 1) {
    newest().close();
    mock.timers.tick(15_000);
    assert.equal(FakeSocket.made.length, count + 2);
  }
  newest().close();
  mock.timers.tick(5_000);
  assert.equal(FakeSocket.made.length, 13);
});

test("it pings every 20 s and takes 30 s of silence for death", () => {
  settle();
  mock.timers.tick(20_000);
  assert.deepEqual(newest().sent.at(-1), { type: "ping" });
  newest().say({ type: "pong" });
  assert.equal(frames.length, 0);
  mock.timers.tick(29_900);
  assert.equal(connection.state, "online");
  mock.timers.tick(200);
  assert.equal(connection.state, "waiting");
});

test("a socket that never opens is given up", () => {
  connection.start();
  mock.timers.tick(10_001);
  assert.equal(connection.state, "waiting");
});

test("after a sleep it reconnects at once, or probes the socket it has", () => {
  settle();
  hidden = true;
  mock.timers.setTime(1_000_000 + 9_000);
  hidden = false;
  world.document.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual(newest().sent.at(-1), { type: "ping" });
  mock.timers.tick(4_001);
  assert.equal(connection.state, "waiting");
  world.dispatchEvent(new Event("online"));
  assert.equal(FakeSocket.made.length, 2);
});

test("offline it waits for the network instead of trying", () => {
  settle();
  online = false;
  world.dispatchEvent(new Event("offline"));
  assert.equal(connection.state, "offline");
  mock.timers.tick(60_000);
  assert.equal(FakeSocket.made.length, 1);
  online = true;
  world.dispatchEvent(new Event("online"));
  assert.equal(FakeSocket.made.length, 2);
});

test("a page that goes into the back/forward cache lets go, and returns", () => {
  settle();
  world.dispatchEvent(new Event("pagehide"));
  assert.equal(newest().readyState, 3);
  mock.timers.tick(60_000);
  assert.equal(FakeSocket.made.length, 1);
  world.dispatchEvent(new Event("pageshow"));
  assert.equal(FakeSocket.made.length, 2);
});

test("stopped means stopped", () => {
  settle();
  connection.stop();
  world.dispatchEvent(new Event("online"));
  mock.timers.tick(60_000);
  assert.equal(FakeSocket.made.length, 1);
  assert.equal(connection.state, "idle");
});

test("what an old socket still says is not heard", () => {
  settle();
  const old = newest();
  connection.restart();
  old.say({ type: "head" });
  assert.deepEqual(frames, []);
});

test("junk from the wire is passed over", () => {
  settle();
  newest().say("{");
  newest().say({ type: "head", head: {} });
  assert.equal(frames.length, 1);
});
