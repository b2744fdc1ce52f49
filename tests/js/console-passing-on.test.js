import assert from "node:assert/strict";
import { test } from "node:test";

import { PassedOn } from "../../static/chat/console/passed-on.js";
import {
  mentions,
  problemOf,
  proposalOf,
  questionFrom,
  replyAfter,
  shownIn,
  tidy,
} from "../../static/chat/console/passing-on.js";
import { FakePortal, head, mine, text } from "./console-portal.js";
import { FakeArea } from "./fakes.js";

const TEMPLATE = "Naar {department}: “{text}” Klopt dit?";
const agent = (seq, fields) => text(seq, { author: "agent", name: "Bieke", ...fields });

test("the question is what the citizen wrote, in order, and nothing of the agent", () => {
  const messages = [
    text(1, { text: " Mag ik parkeren? " }),
    agent(2, { text: "Waar?" }),
    text(3, { kind: "file", text: "" }),
    text(4, { text: "Kapelstraat 12" }),
  ];
  assert.equal(questionFrom(messages), "Mag ik parkeren?\nKapelstraat 12");
});

test("braces in the words of a citizen are left alone", () => {
  const typed = { text: "Wat is {department}?\r\n", department: "Wonen" };
  assert.equal(proposalOf(TEMPLATE, typed), "Naar Wonen: “Wat is {department}?” Klopt dit?");
});

test("line breaks of any system are one kind, as the portal keeps them", () => {
  assert.equal(tidy(" a\r\nb\rc \n"), "a\nb\nc");
});

test("only the agent's own proposal of exactly this text was shown", () => {
  const proposal = proposalOf(TEMPLATE, { text: "Mag ik?", department: "Wonen" });
  assert.equal(shownIn([text(1, { text: proposal })], proposal), undefined);
  assert.equal(shownIn([agent(1, { text: `${proposal} ` })], proposal), undefined);
  const messages = [agent(1, { text: proposal }), text(2)];
  assert.equal(shownIn(messages, proposal).seq, 1);
  const other = proposalOf(TEMPLATE, { text: "Mag ik?", department: "Mobiliteit" });
  assert.equal(shownIn(messages, other), undefined);
});

test("the reply is the newest text of the citizen after the proposal", () => {
  const shown = agent(2, {});
  assert.equal(replyAfter([text(1), shown], shown), undefined);
  assert.equal(replyAfter([text(1), shown, text(3), agent(4)], shown).seq, 3);
});

test("a question that cannot be shown says why and where", () => {
  const why = (typed, room = 100) => problemOf(typed, proposalOf(TEMPLATE, typed), room);
  assert.equal(why({ text: " ", department: "w" }).field, "text");
  assert.equal(why({ text: "a", department: "" }).field, "department");
  assert.equal(why({ text: "85.07.30-033 28", department: "w" }).secret, "rrn");
  assert.equal(why({ text: "a", department: "w" }), null);
  const long = { text: "x".repeat(100), department: "w" };
  const over = proposalOf(TEMPLATE, long).length - 100;
  assert.deepEqual(why(long).values, { count: over });
  assert.equal(why(long, 100 + over), null);
});

test("references that agents write are counted, those of the citizen are not", () => {
  const said = "HAS-2026-000001-P en HAS-2026-1234567-K";
  assert.equal(mentions([agent(1, { text: said }), text(2, { text: said })]), 2);
  assert.equal(mentions([agent(1, { text: "HAS-26-1-P" })]), 0);
});

/* A desk whose portal passes questions on; each answer is given by the test. */
function passing(answers) {
  const asked = [];
  const portal = new FakePortal();
  const door = {
    list: async (id) => {
      asked.push(id);
      return answers();
    },
    send: async (id, fields) => {
      asked.push([id, fields]);
      return answers();
    },
  };
  portal.desk.passedOn = new PassedOn({ desk: portal.desk, door });
  portal.welcome([mine("a")]);
  portal.desk.open("a");
  const says = (...messages) =>
    portal.say({
      type: "messages",
      conversation: "a",
      messages,
      head: head("a", messages.at(-1).seq),
      more: false,
    });
  return { portal, asked, says, passedOn: portal.desk.passedOn };
}

const LINE = { reference: "HAS-2026-000001-P", facts: "Wonen, nieuw", url: "/x/" };
const settled = () => new Promise((done) => setTimeout(done));

test("the list is asked when a conversation opens, and again only when there is news", async () => {
  const { portal, asked, says, passedOn } = passing(() => ({ passed_on: [LINE] }));
  says(text(1));
  portal.pass(1_000);
  await settled();
  portal.pass(1_000);
  await settled();
  assert.equal(asked.length, 1);
  assert.deepEqual(passedOn.of("a"), [LINE]);
  says(agent(2, { text: "Antwoord op uw vraag HAS-2026-000001-P" }));
  portal.pass(1_000);
  await settled();
  assert.equal(asked.length, 2);
  portal.pass(61_000);
  await settled();
  assert.equal(asked.length, 3, "a promise moves with the days");
});

test("what cannot be reached stays as it was", async () => {
  let answer = { passed_on: [LINE] };
  const { portal, says, passedOn } = passing(() => answer);
  says(text(1));
  portal.pass(1_000);
  await settled();
  answer = { type: "error", code: "failed", text: "…" };
  portal.pass(61_000);
  await settled();
  assert.deepEqual(passedOn.of("a"), [LINE]);
});

test("a refused question is told, and one that went stands in the list", async () => {
  let answer = { type: "error", code: "no_mail", text: "Geen adres.", field: "mail" };
  const { passedOn } = passing(() => answer);
  const sent = passedOn.send("a", { text: "x" });
  assert.equal(passedOn.sending.has("a"), true);
  assert.equal((await sent).code, "no_mail");
  assert.deepEqual(passedOn.of("a"), []);
  answer = { passed_on: [LINE], reference: LINE.reference };
  assert.equal((await passedOn.send("a", {})).reference, LINE.reference);
  assert.deepEqual(passedOn.of("a"), [LINE]);
  assert.equal(passedOn.sending.size, 0);
});

test("what was filled in survives a reload and goes with the conversation", () => {
  const area = new FakeArea();
  const { stash } = new FakePortal(area).desk;
  stash.keepPassing("a", { text: "Mag ik?", ref: "r" });
  const again = new FakePortal(area);
  assert.deepEqual(again.desk.stash.passing("a"), { text: "Mag ik?", ref: "r" });
  again.welcome([]);
  assert.equal(again.desk.stash.passing("a"), null);
});

test("what a department writes elsewhere is told; on the screen the log tells it", () => {
  const { portal, says } = passing(() => ({ passed_on: [] }));
  says(text(1));
  says(agent(2, { name: "Tom van de dienst Wonen" }));
  assert.deepEqual(portal.notices, []);
  portal.desk.open(null);
  says(agent(3, { name: "Tom van de dienst Wonen" }));
  says(agent(4));
  assert.deepEqual(portal.notices, ["department_said"]);
});
