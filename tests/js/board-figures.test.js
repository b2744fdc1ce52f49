import assert from "node:assert/strict";
import { test } from "node:test";

import { Figures } from "../../static/chat/board/figures.js";

/** A portal that answers what the test laid ready, and remembers what it was asked. */
function board(...answers) {
  const asked = [];
  const ask = async (_address, { headers }) => {
    asked.push(headers["If-None-Match"] ?? null);
    const answer = answers.shift();
    if (!answer) throw new TypeError("no network");
    return {
      status: 200,
      type: "basic",
      ok: (answer.status ?? 200) < 300,
      headers: new Headers(answer.etag ? { ETag: answer.etag } : {}),
      json: async () => answer.figures,
      ...answer,
    };
  };
  let now = 0;
  const figures = new Figures({ from: "/stand.json", everyMs: 2_000, ask, clock: () => now });
  const pass = (ms) => {
    now += ms;
  };
  return { figures, asked, pass };
}

const FIRST = { etag: '"a"', figures: { waiting: 1 } };

test("figures that stand still are asked with their mark and stay fresh", async () => {
  const { figures, asked, pass } = board(FIRST, { status: 304, ok: false });
  assert.equal(await figures.next(), true);
  pass(2_000);
  assert.equal(await figures.next(), false);
  assert.deepEqual(asked, [null, '"a"']);
  assert.deepEqual([figures.state, figures.at, figures.figures.waiting], ["fresh", 2_000, 1]);
});

test("a lost connection keeps the figures with the time they were true, and asks ever later", async () => {
  const { figures, pass } = board(FIRST, null, null, null);
  await figures.next();
  const pauses = [];
  for (let turn = 0; turn < 3; turn += 1) {
    pass(3_000);
    await figures.next();
    pauses.push(figures.pauseMs);
  }
  assert.deepEqual([figures.state, figures.at, figures.figures.waiting], ["lost", 0, 1]);
  assert.deepEqual(pauses, [4_000, 8_000, 15_000]);
});

test("it recovers by itself", async () => {
  const { figures } = board(FIRST, null, { etag: '"b"', figures: { waiting: 5 } });
  await figures.next();
  await figures.next();
  assert.equal(await figures.next(), true);
  assert.deepEqual([figures.state, figures.figures.waiting, figures.pauseMs], ["fresh", 5, 2_000]);
});

test("an error of the portal is a lost connection", async () => {
  const { figures } = board(FIRST, { status: 503, ok: false });
  await figures.next();
  assert.equal(await figures.next(), true);
  assert.equal(figures.state, "lost");
});

test("the way to the login, or a lost role, is told as such", async () => {
  for (const answer of [
    { type: "opaqueredirect", status: 0, ok: false },
    { status: 403, ok: false },
  ]) {
    const { figures } = board(FIRST, answer);
    await figures.next();
    await figures.next();
    assert.equal(figures.state, "logged_out");
  }
});
