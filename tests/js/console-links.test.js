import assert from "node:assert/strict";
import { test } from "node:test";

import { pageLink } from "../../static/chat/console/page-link.js";

const portal = "https://portal.example";

test("a page of the portal shows its path", () => {
  const link = pageLink("/producten/reispas/?van=zoeken", portal);
  assert.equal(link.shown, "/producten/reispas/");
  assert.equal(link.href, `${portal}/producten/reispas/?van=zoeken`);
});

test("a page elsewhere shows where", () => {
  assert.equal(
    pageLink("https://www.example.org/verhuizen", portal).shown,
    "www.example.org/verhuizen",
  );
});

test("an address that could run something is no link", () => {
  for (const page of ["javascript:alert(1)", "data:text/html,x", "https://", "http://["]) {
    assert.equal(pageLink(page, portal), null);
  }
});

test("the home page has a name, not an address", () => {
  assert.equal(pageLink("/", portal).shown, null);
  assert.equal(pageLink("https://elders.example/", portal).shown, "elders.example/");
});
