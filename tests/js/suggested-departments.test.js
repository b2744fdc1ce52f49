import assert from "node:assert/strict";
import { test } from "node:test";

import {
  isWorthAsking,
  keptChoice,
  readDepartments,
  spokenCount,
} from "../../static/js/suggested-departments.js";

const WONEN = { slug: "wonen", name: "Wonen", reason: "Past bij huur." };

test("a topic or some words are enough to ask", () => {
  assert.equal(isWorthAsking("", ""), false);
  assert.equal(isWorthAsking("  huur   ", ""), false);
  assert.equal(isWorthAsking("huurprijs", ""), true);
  assert.equal(isWorthAsking("", "wonen"), true);
});

test("only departments are read from an answer", () => {
  for (const nothing of [null, {}, { suggested: "x" }, { suggested: [{ slug: "" }, null] }]) {
    assert.deepEqual(readDepartments(nothing), []);
  }
  assert.deepEqual(readDepartments({ suggested: [WONEN, { slug: "x", name: "X" }] }), [
    WONEN,
    { slug: "x", name: "X", reason: "" },
  ]);
});

test("what was chosen stays chosen, in the list of all when it is no longer suggested", () => {
  const among = { chosen: "wonen", other: "" };
  assert.deepEqual(keptChoice(among, [WONEN], "other"), among);
  assert.deepEqual(keptChoice(among, [], "other"), { chosen: "other", other: "wonen" });
  const listed = { chosen: "other", other: "groen" };
  assert.deepEqual(keptChoice(listed, [WONEN], "other"), listed);
  assert.deepEqual(keptChoice({ chosen: "", other: "" }, [WONEN], "other"), {
    chosen: "",
    other: "",
  });
});

test("the number of departments is spoken", () => {
  const words = { none: "geen", one: "één", many: "{count} diensten" };
  assert.deepEqual(
    [0, 1, 3].map((count) => spokenCount(count, words)),
    ["geen", "één", "3 diensten"],
  );
});
