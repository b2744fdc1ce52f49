import assert from "node:assert/strict";
import { test } from "node:test";

import { listening } from "../../static/chat/widget/listening.js";

class FakeSocket {
  sent = [];
  readyState = 1;
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
    this.onclose?.();
  }
  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
}

function setUp() {
  const sockets = [];
  const heard = [];
  const connection = listening({
    url: "wss://portal/ws/chat/",
    lang: "nl",
    heard: (frame) => heard.push(frame),
    open: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1);
    },
    world: new EventTarget(),
    isOnline: () => true,
    isHidden: () => false,
  });
  return { connection, sockets, heard };
}

const STATUS = { type: "status", state: "open", sentence: "Nu open", announcement: "" };

test("it says listen first, and gives on what it hears", () => {
  const { connection, sockets, heard } = setUp();
  assert.equal(sockets.length, 0);
  connection.start();
  connection.start();
  assert.equal(sockets.length, 1);
  sockets[0].onopen();
  assert.deepEqual(sockets[0].sent, [{ type: "listen", v: 1, lang: "nl" }]);
  sockets[0].say(STATUS);
  assert.deepEqual(heard, [STATUS]);
  assert.equal(connection.state, "online");
  connection.stop();
});

test("once lost it tries again only when it is asked to", async () => {
  const { connection, sockets } = setUp();
  connection.start();
  sockets[0].onopen();
  sockets[0].say(STATUS);
  sockets[0].onclose();
  await Promise.resolve();
  assert.equal(connection.state, "idle");
  connection.nudge(); // as a network that returns does
  assert.equal(sockets.length, 1);
  connection.start();
  assert.equal(sockets.length, 2);
  connection.stop();
});

test("a socket that never opens is not tried for ever", async () => {
  const { connection, sockets } = setUp();
  connection.start();
  sockets[0].onclose();
  await Promise.resolve();
  assert.equal(connection.state, "idle");
  connection.nudge(); // as a network that returns does
  assert.equal(sockets.length, 1);
});

test("folding closes it", () => {
  const { connection, sockets } = setUp();
  connection.start();
  sockets[0].onopen();
  connection.stop();
  assert.equal(sockets[0].readyState, 3);
});
