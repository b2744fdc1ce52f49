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
  connection = make();
  context?.after?.(() => connection.dispose());
});

function make(more) {
  return new Connection({
    url: "ws://portal/ws/chat/",
    opener: () => '{"type":"hello"}',
    onFrame: (received) => frames.push(received),
    onState: (state) => states.push(state),
    open: (url) => new FakeSocket(url),
    world,
    isOnline: () => online,
    isHidden: () => hidden,
    random: () => 0.5,
    ...more,
  });
}

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

/** A connection for which polling stands ready; `polls` are the stand-ins it made. */
function withPolling(open) {
  const polls = [];
  connection.dispose();
  connection = make({
    ...(open && { open }),
    poll: () => {
      const socket = new FakeSocket("poll");
      FakeSocket.made.pop();
      socket.readyState = 1;
      polls.push(socket);
      return socket;
    },
  });
  return polls;
}

/** Two sockets that are refused, and polling that is answered. */
function blocked() {
  const polls = withPolling();
  connection.start();
  newest().close();
  mock.timers.tick(500);
  newest().close();
  mock.timers.tick(1);
  connection.settled();
  return polls;
}

test("two sockets that never open are one too many: it polls at once", () => {
  const polls = blocked();
  assert.deepEqual([FakeSocket.made.length, polls.length], [2, 1]);
  assert.ok(connection.isPolling);
  assert.ok(connection.send("send", { ref: "r" }));
  assert.deepEqual(polls[0].sent, [{ type: "send", ref: "r" }]);
});

test("a socket that was welcome and then lost is no reason to poll", () => {
  const polls = withPolling();
  connection.start();
  for (let count = 0; count < 5; count += 1) {
    newest().open();
    connection.settled();
    newest().close();
    mock.timers.tick(15_000);
  }
  assert.deepEqual([FakeSocket.made.length, polls.length], [6, 0]);
});

test("a socket that opens but lets nothing through is as bad as none", () => {
  const polls = withPolling();
  connection.start();
  newest().open();
  mock.timers.tick(10_001);
  assert.deepEqual([FakeSocket.made.length, polls.length], [1, 1]);
});

test("what was stopped before its welcome says nothing of the next", () => {
  const polls = withPolling();
  for (let count = 0; count < 3; count += 1) {
    connection.start();
    connection.stop();
  }
  connection.start();
  newest().close();
  mock.timers.tick(500);
  assert.deepEqual([FakeSocket.made.length, polls.length], [5, 0]);
});

test("a handshake that hangs is enough", () => {
  const polls = withPolling();
  connection.start();
  mock.timers.tick(10_001);
  assert.deepEqual([FakeSocket.made.length, polls.length], [1, 1]);
});

test("an address that the page's policy forbids leads to polling", () => {
  const polls = withPolling(() => {
    throw new Error("SecurityError");
  });
  connection.start();
  mock.timers.tick(500);
  mock.timers.tick(1);
  assert.equal(polls.length, 1);
});

test("who cannot poll goes on with sockets", () => {
  connection.start();
  for (let count = 0; count < 4; count += 1) {
    newest().close();
    mock.timers.tick(15_000);
  }
  assert.equal(FakeSocket.made.length, 5);
  assert.equal(connection.isPolling, false);
});

test("polling is not pinged and not taken for dead", () => {
  const polls = blocked();
  mock.timers.tick(14_000);
  assert.deepEqual(polls[0].sent, []);
  assert.ok(connection.isPolling);
});

test("a poll that fails is tried again, and when it fails again a socket is", () => {
  const polls = blocked();
  polls[0].close();
  assert.equal(connection.state, "waiting");
  mock.timers.tick(500);
  assert.deepEqual([FakeSocket.made.length, polls.length], [2, 2]);
  polls[1].close();
  mock.timers.tick(1_000);
  assert.deepEqual([FakeSocket.made.length, polls.length], [3, 2]);
  newest().close();
  mock.timers.tick(1);
  assert.equal(polls.length, 3);
});

test("a socket is tried beside the polling, first soon and then rarely", () => {
  blocked();
  for (const ms of [15_000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000]) {
    const { length } = FakeSocket.made;
    mock.timers.tick(ms - 1);
    assert.equal(FakeSocket.made.length, length);
    mock.timers.tick(1);
    assert.equal(FakeSocket.made.length, length + 1);
    newest().close();
    assert.ok(connection.isPolling);
  }
});

test("once a socket opens it takes over, and says the opener before anything else", () => {
  const polls = blocked();
  mock.timers.tick(15_000);
  assert.ok(connection.isPolling);
  newest().open();
  assert.equal(polls[0].readyState, 3);
  assert.deepEqual(newest().sent, [{ type: "hello" }]);
  assert.deepEqual([connection.state, connection.isPolling], ["connecting", false]);
  connection.settled();
  assert.deepEqual([connection.state, connection.isPolling], ["online", false]);
  newest().say({ type: "head" });
  polls[0].say({ type: "head" });
  assert.equal(frames.length, 1);
});

test("when the network returns or the page is looked at, a socket is tried at once", () => {
  const polls = blocked();
  mock.timers.tick(5_000);
  world.dispatchEvent(new Event("online"));
  assert.equal(FakeSocket.made.length, 3);
  assert.deepEqual(polls[0].sent, [{ type: "ping" }]);
  world.document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(FakeSocket.made.length, 4);
  assert.equal(FakeSocket.made[2].readyState, 3);
});

test("a socket that was tried beside it is closed with everything else", () => {
  const polls = blocked();
  mock.timers.tick(15_000);
  connection.stop();
  assert.deepEqual([newest().readyState, polls[0].readyState], [3, 3]);
  mock.timers.tick(600_000);
  assert.deepEqual([FakeSocket.made.length, polls.length], [3, 1]);
});

test("offline nothing is polled, and afterwards it goes on by polling", () => {
  const polls = blocked();
  online = false;
  world.dispatchEvent(new Event("offline"));
  assert.equal(polls[0].readyState, 3);
  mock.timers.tick(600_000);
  assert.deepEqual([FakeSocket.made.length, polls.length], [2, 1]);
  online = true;
  world.dispatchEvent(new Event("online"));
  assert.equal(polls.length, 2);
});
