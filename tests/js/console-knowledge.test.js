import assert from "node:assert/strict";
import { test } from "node:test";

import { Holding } from "../../static/chat/console/answering.js";
import { find, findable } from "../../static/chat/console/finding.js";
import { textFor, unfilled } from "../../static/chat/console/knowledge.js";
import { sentPages } from "../../static/chat/console/sent-pages.js";
import { askedAt } from "../../static/chat/console/slash.js";
import { chosenTopic } from "../../static/chat/console/topics.js";
import { card, FakePortal, head, mine, text } from "./console-portal.js";

const answer = (shortcut, fields = {}) => ({
  shortcut,
  title: shortcut,
  keywords: "",
  topic: "",
  holding: false,
  text: { nl: `Dag {naam}, ${shortcut}`, en: `Hello {naam}, ${shortcut}` },
  unknown: [],
  ...fields,
});

const product = (slug, fields = {}) => ({
  slug,
  topic: "verhuizen",
  keywords: "",
  short: { nl: slug, en: slug },
  card: {
    nl: { title: `De ${slug}`, summary: "…", url: `https://p.example/producten/${slug}/` },
    en: { title: `The ${slug}`, summary: "…", url: `https://p.example/en/producten/${slug}/` },
  },
  ...fields,
});

/** A desk that knows some answers and products, with an own conversation on the screen. */
async function desk(cards = [mine("a")]) {
  const portal = new FakePortal();
  portal.known = {
    etag: "1",
    answers: [answer("bezwaar"), answer("ogenblik", { holding: true }), answer("pincode")],
    products: [product("verhuizen"), product("reispas", { topic: "identiteit" })],
  };
  portal.welcome(cards);
  await new Promise(setImmediate);
  portal.desk.open("a");
  portal.say({
    type: "messages",
    conversation: "a",
    messages: [text(1), text(2, { kind: "joined", author: "portal", text: "" })],
    head: head("a", 2),
    more: false,
  });
  portal.sent = [];
  return portal;
}

test("a slash at the beginning of a word asks, anywhere else it does not", () => {
  assert.deepEqual(askedAt("/", 1), { query: "", from: 0 });
  assert.deepEqual(askedAt("Dag /verh", 9), { query: "verh", from: 4 });
  assert.deepEqual(askedAt("Dag\n/x rest", 6), { query: "x", from: 4 });
  assert.equal(askedAt("en/of", 5), null);
  assert.equal(askedAt("per kilo / dag", 14), null);
  assert.equal(askedAt("https://", 8), null);
  assert.equal(askedAt("/verh", 0), null);
});

test("what begins so comes before what only holds it, and a slip is forgiven", () => {
  const items = ["recyclagepark uren", "openingsuren", "pincode vergeten"].map((title) =>
    findable(title, [title]),
  );
  assert.deepEqual(find(items, "uren"), ["recyclagepark uren", "openingsuren"]);
  assert.deepEqual(find(items, "ingsur"), ["openingsuren"]);
  for (const slip of ["pincdoe", "pncode", "pinncode", "pimcode"]) {
    assert.deepEqual(find(items, slip), ["pincode vergeten"], slip);
  }
  assert.deepEqual(find(items, "vergéten PIN"), ["pincode vergeten"]);
  assert.deepEqual(find(items, "xyz"), []);
  assert.equal(find(items, " ").length, 3);
});

test("the name is filled in, or leaves no gap", () => {
  const greeting = { text: { nl: "Dag {naam}, ik help u.", en: "{naam}, hello" } };
  assert.equal(textFor(greeting, { lang: "nl", name: "An" }), "Dag An, ik help u.");
  assert.equal(textFor(greeting, { lang: "nl", name: "$& {mail}" }), "Dag $& {mail}, ik help u.");
  assert.equal(textFor(greeting, { lang: "nl", name: "" }), "Dag, ik help u.");
  assert.equal(textFor(greeting, { lang: "en", name: "" }), "hello");
});

test("what nobody filled in is found", () => {
  assert.deepEqual(unfilled("Bel {telefoonn}, {x} of {x}."), ["{telefoonn}", "{x}"]);
  assert.deepEqual(unfilled("f(x) { return; \n }"), []);
});

test("a card goes out with its page, and again until it is acknowledged", async () => {
  const portal = await desk();
  portal.desk.sendCard("a", "verhuizen");
  const [sent] = portal.take("card");
  assert.deepEqual(
    { ...sent, ref: "" },
    { type: "card", conversation: "a", ref: "", product: "verhuizen" },
  );
  portal.pass(5_000);
  assert.equal(portal.take("card")[0].ref, sent.ref);
  portal.say({
    type: "ack",
    conversation: "a",
    ref: sent.ref,
    seq: 3,
    at: "2026-06-30T12:00:01.000Z",
  });
  portal.pass(5_000);
  assert.deepEqual(portal.take("card"), []);
  const last = portal.desk.openTalk.messages.at(-1);
  assert.deepEqual([last.kind, last.card.title], ["card", "De verhuizen"]);
  assert.ok(sentPages(portal.desk, "a").has("https://p.example/producten/verhuizen/"));
});

test("who writes English gets the English page, and it counts as sent", async () => {
  const portal = await desk([mine("a", { lang: "en" })]);
  portal.desk.sendCard("a", "verhuizen");
  assert.equal(portal.desk.stash.unsent("a")[0].card.title, "The verhuizen");
  assert.ok(sentPages(portal.desk, "a").has("https://p.example/producten/verhuizen/"));
});

test("a page that nobody knows is not sent", async () => {
  const portal = await desk();
  portal.desk.sendCard("a", "weg");
  assert.deepEqual(portal.take("card"), []);
});

test("a refused card is not put back as a text", async () => {
  const portal = await desk();
  portal.desk.sendCard("a", "verhuizen");
  const [{ ref }] = portal.take("card");
  portal.say({ type: "error", code: "unknown_product", text: "weg", conversation: "a", ref });
  assert.equal(portal.desk.takeBack(ref), "");
  assert.deepEqual(portal.desk.stash.unsent("a"), []);
});

test("suggestions are asked once for each question, and again on a new connection", async () => {
  const portal = await desk();
  portal.desk.suggestions.ask("a");
  portal.desk.suggestions.ask("a");
  assert.equal(portal.take("suggest").length, 1);
  portal.say({ type: "message", conversation: "a", message: text(3) });
  portal.desk.suggestions.ask("a");
  assert.equal(portal.take("suggest").length, 1);
  portal.lose();
  portal.welcome([mine("a")]);
  portal.desk.suggestions.ask("a");
  assert.equal(portal.take("suggest").length, 1);
});

test("nothing is asked for what a colleague has", async () => {
  const portal = await desk([card("a")]);
  portal.desk.suggestions.ask("a");
  assert.deepEqual(portal.take("suggest"), []);
});

test("the first suggestion gives the topic, until the agent chooses", async () => {
  const portal = await desk();
  const said = (best) => portal.say({ type: "suggestions", conversation: "a", seq: 1, best });
  said(["/weg", "verhuizen", "/pincode"]);
  const { suggestions, stash } = portal.desk;
  assert.deepEqual(
    suggestions.of("a").map(({ key }) => key),
    ["verhuizen", "/pincode"],
  );
  assert.equal(chosenTopic(portal.desk, "a"), "verhuizen");
  said(["reispas"]);
  assert.equal(chosenTopic(portal.desk, "a"), "verhuizen", "what was said first weighs more");
  stash.keepTopic("a", "afval");
  assert.equal(chosenTopic(portal.desk, "a"), "afval");
});

test("holding is sent at once, once, and leaves the draft alone", async () => {
  const portal = await desk();
  const holding = new Holding(portal.desk);
  portal.desk.stash.keepDraft("a", "half");
  holding.send("a");
  holding.send("a");
  assert.deepEqual(
    portal.take("send").map(({ text }) => text),
    ["Dag, ogenblik"],
  );
  assert.equal(portal.desk.stash.draft("a"), "half");
});

test("a holding answer with a gap is not sent", async () => {
  const portal = await desk();
  portal.desk.knowledge.answers[1].text.nl = "Even {tijd}";
  new Holding(portal.desk).send("a");
  assert.deepEqual(portal.take("send"), []);
  assert.deepEqual(portal.notices, ["answer_unfilled"]);
});

test("a note is repeated until it is kept, and its draft goes with it", async () => {
  const portal = await desk();
  const { notes, stash } = portal.desk;
  notes.keepDraft("a", "  Lift op smalle stoep ");
  assert.equal(notes.save("a"), null);
  const [{ ref, text: words }] = portal.take("note");
  assert.equal(words, "Lift op smalle stoep");
  assert.deepEqual([stash.note("a"), notes.of("a")[0].pending], ["", true]);
  portal.pass(5_000);
  assert.equal(portal.take("note")[0].ref, ref);
  const note = { id: ref, text: words, name: "Bieke", at: "2026-06-30T12:00:01.000Z", own: true };
  portal.say({ type: "noted", conversation: "a", note });
  portal.pass(5_000);
  assert.deepEqual(portal.take("note"), []);
  assert.deepEqual(notes.of("a"), [note]);
});

test("a refused note comes back before what is being written", async () => {
  const portal = await desk();
  const { notes, stash } = portal.desk;
  notes.keepDraft("a", "eerst");
  notes.save("a");
  notes.keepDraft("a", "dan");
  const [{ ref }] = portal.take("note");
  portal.say({ type: "error", code: "not_found", text: "weg", conversation: "a", ref });
  assert.equal(stash.note("a"), "eerst\ndan");
  assert.equal(notes.problem("a"), "weg");
});

test("a note that is refused while another talk is open is told", async () => {
  const portal = await desk();
  portal.desk.notes.keepDraft("a", "eerst");
  portal.desk.notes.save("a");
  portal.desk.open(null);
  const [{ ref }] = portal.take("note");
  portal.say({ type: "error", code: "too_many_notes", text: "vol", conversation: "a", ref });
  assert.deepEqual(portal.notices, ["note_refused"]);
});

test("what cannot be fetched is asked again after a while, not at each tick", async () => {
  const portal = new FakePortal();
  let tries = 0;
  portal.known = null;
  const { knowledge } = portal.desk;
  Object.defineProperty(portal, "known", {
    get() {
      tries += 1;
      throw new Error("away");
    },
  });
  for (const ms of [0, 1_000, 9_000, 10_000, 11_000]) await knowledge.refresh(ms);
  assert.equal(tries, 2);
});

test("nothing and too much are no note", async () => {
  const { notes } = (await desk()).desk;
  assert.equal(notes.save("a"), "empty");
  notes.keepDraft("a", "x".repeat(2_001));
  assert.equal(notes.save("a"), "long");
});

test("closing keeps the note that was being written", async () => {
  const portal = await desk();
  portal.desk.notes.keepDraft("a", "nog dit");
  portal.desk.close("a", "afval");
  assert.deepEqual(
    portal.sent.map(({ type }) => type),
    ["note", "close"],
  );
});

test("a note and its draft survive a reload", async () => {
  const portal = await desk();
  portal.lose();
  portal.desk.notes.keepDraft("a", "een");
  portal.desk.notes.save("a");
  portal.desk.notes.keepDraft("a", "twee");
  const after = new FakePortal(portal.area);
  after.welcome([mine("a")]);
  assert.equal(after.take("note")[0].text, "een");
  assert.equal(after.desk.notes.draft("a"), "twee");
});
