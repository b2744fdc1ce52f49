import assert from "node:assert/strict";
import { test } from "node:test";

import { splitLinks } from "../../static/chat/widget/links.js";

const hrefs = (text) =>
  splitLinks(text)
    .map((part) => part.href)
    .filter(Boolean);

test("addresses become links without the punctuation of the sentence", () => {
  const cases = {
    "Zie https://hasselt.example/kids-id.": "https://hasselt.example/kids-id",
    "(http://hasselt.example/a)": "http://hasselt.example/a",
    "https://hasselt.example/wiki_(stad)!": "https://hasselt.example/wiki_(stad)",
    "Mail naar burgerzaken@hasselt.example, graag": "mailto:burgerzaken@hasselt.example",
    "HTTPS://hasselt.example?": "https://hasselt.example/",
  };
  for (const [text, href] of Object.entries(cases)) assert.deepEqual(hrefs(text), [href], text);
});

test("nothing else ever becomes a link", () => {
  for (const text of [
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://hasselt.example",
    "http://",
    "https://[",
    "a@b",
    "om 9.30 uur",
  ]) {
    assert.deepEqual(hrefs(text), [], text);
  }
});

test("the parts together are the whole text", () => {
  const text =
    'a <b> https://x.example/?q="1"&r=2, c@d.example; (https://y.example) einde\nhttp://z.example';
  assert.equal(
    splitLinks(text)
      .map((part) => part.text)
      .join(""),
    text,
  );
});

test("a long text without addresses is quick", () => {
  assert.deepEqual(splitLinks("a".repeat(2_000)), [{ text: "a".repeat(2_000) }]);
});
