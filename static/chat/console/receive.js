/** What each frame of the portal does to the desk. An unknown type is ignored: it is newer. */

import { CENTRE_HANDLERS, givenToMe, leftByPortal, passedOn, takePresence } from "./centre.js";
import { changes } from "./rush-words.js";
import { isSaid } from "./talk.js";
import { say } from "./texts.js";
import { visitorName } from "./visitor.js";

const HANDLERS = {
  welcome(desk, frame) {
    desk.clockOffset = Date.parse(frame.now) - desk.clock();
    takePresence(desk, { ...frame.me, state: frame.me.presence });
    desk.colleagues = frame.colleagues ?? [];
    desk.settled();
    takeAll(desk, frame.cards);
    if (!desk.loaded) tidy(desk, frame.cards);
    desk.loaded = true;
    desk.sender.repeat();
    desk.notes.repeat();
    desk.knowledge.refresh(desk.clock());
  },

  cards(desk, frame) {
    takeAll(desk, frame.cards);
  },

  card(desk, { card }) {
    const before = desk.cards.put(card);
    changedCard(desk, before, desk.cards.get(card.conversation) ?? card);
  },

  ...CENTRE_HANDLERS,

  rush(desk, frame) {
    const before = desk.rush;
    desk.rush = frame;
    // On arrival it stands on the screen; only what changes is news.
    const news = before ? changes(before, frame, desk.lang) : [];
    if (news.length) desk.tell(news.join(" "));
  },

  ack(desk, { conversation, ref, seq, at, text: stored }) {
    const entry = desk.sender.stored(ref);
    const talk = desk.talks.get(conversation);
    if (!entry || !talk) return;
    const text = stored ?? entry.text; // what was left out of it stays out on the screen too
    const message = { seq, kind: "text", author: "agent", name: desk.me.name, text, at, ref };
    const { card } = entry;
    take(desk, talk, [card ? { ...message, kind: "card", text: "", card } : message]);
    desk.fillGap(talk);
  },

  message(desk, { conversation, message, head }) {
    const talk = desk.talks.get(conversation);
    if (!talk) return;
    talk.ledger.takeHead(head);
    take(desk, talk, [message]);
    desk.fillGap(talk);
  },

  messages(desk, { conversation, messages, head, more }) {
    const talk = desk.talks.get(conversation);
    if (!talk) return;
    talk.ledger.takeHead(head);
    take(desk, talk, messages);
    if (more) desk.askRest(talk);
    else desk.fillGap(talk);
    talk.loaded ||= !more;
  },

  head(desk, { head }) {
    const talk = desk.talks.get(head.conversation);
    if (!talk) return;
    talk.ledger.takeHead(head);
    desk.fillGap(talk);
  },

  notes(desk, frame) {
    desk.notes.take(frame);
  },

  noted(desk, frame) {
    desk.notes.takeOne(frame);
  },

  suggestions(desk, frame) {
    desk.suggestions.take(frame);
  },

  typing(desk, { conversation, author }) {
    if (author === "citizen") desk.talks.get(conversation)?.types(desk.clock());
  },

  logged_out(desk) {
    desk.refuse();
  },

  error(desk, frame) {
    if (frame.code === "not_allowed") desk.refuse();
    else if (frame.ref) desk.notes.refused(frame) || desk.sender.refused(frame);
    else refusedCommand(desk, frame);
  },
};

export function receive(desk, frame) {
  if (!Object.hasOwn(HANDLERS, frame.type)) return;
  HANDLERS[frame.type](desk, frame);
  desk.changed();
}

/* What ended while this console was away: its texts have nowhere to go. */
function tidy(desk, cards) {
  const open = new Set([desk.openId, ...cards.map(({ conversation }) => conversation)]);
  for (const text of desk.stash.keepOnly(open)) {
    desk.notify(say("unsent_lost", { text }), { urgent: true });
  }
}

function takeAll(desk, cards) {
  const before = new Map(
    cards.map(({ conversation }) => [conversation, desk.cards.get(conversation)]),
  );
  const gone = desk.cards.replace(cards);
  for (const card of gone) leftTheLists(desk, card);
  for (const card of cards) changedCard(desk, before.get(card.conversation), card);
}

function changedCard(desk, before, card) {
  const id = card.conversation;
  const talk = desk.talks.get(id);
  if (talk) Object.assign(talk, { card, gone: false });
  if (desk.isMine(id)) return becameMine(desk, before, card);
  if (before?.agent === desk.me.id) noLongerMine(desk, card);
  else if (!before && card.state === "waiting" && desk.loaded) {
    desk.tell(say("news_waiting", { name: visitorName(card), words: card.first_words }));
    desk.alert("waiting", card, card.queued_at);
  } else if (before?.state === "waiting" && card.state === "active") takenByColleague(desk, card);
  else if (!desk.cards.get(id)) leftTheLists(desk, before ?? card);
}

function becameMine(desk, before, card) {
  const id = card.conversation;
  const asked = desk.busy.get(id);
  desk.watch(id);
  if (asked !== "claim") {
    if (desk.loaded && before?.agent !== desk.me.id) {
      givenToMe(desk, id, before);
      desk.alert("assigned", card, card.joined_at);
    }
    return;
  }
  desk.busy.delete(id);
  desk.open(id);
  desk.dispatchEvent(new Event("claimed"));
}

function noLongerMine(desk, card) {
  const id = card.conversation;
  const [asked, name] = [desk.busy.get(id), visitorName(card)];
  desk.busy.delete(id);
  if (card.state === "waiting") {
    const reason = desk.talks.get(id)?.messages.findLast(({ kind }) => kind === "left")?.reason;
    if (asked === "return") desk.notify(say("returned", { name }));
    else if (!desk.handingOver) leftByPortal(desk, name, reason);
    if (asked === "return") letGo(desk, id);
  } else if (card.state === "active") {
    if (asked === "transfer") passedOn(desk, card, letGo);
    else if (!desk.handingOver) {
      desk.notify(say("taken_over", { name, agent: card.agent_name }), { urgent: true });
    }
  } else ended(desk, card, asked);
  if (desk.openId !== id) desk.leave(id);
}

function ended(desk, card, asked) {
  const [id, name] = [card.conversation, visitorName(card)];
  if (asked === "close") {
    desk.notify(say("closed_by_you", { name }));
    desk.forget(id);
    letGo(desk, id);
  } else {
    desk.notify(say(`ended_${desk.talks.get(id)?.ending?.reason || "other"}`, { name }));
    if (desk.openId !== id) desk.forget(id);
  }
}

function letGo(desk, id) {
  if (desk.openId !== id) return;
  desk.open(null);
  desk.dispatchEvent(new Event("let-go"));
}

function takenByColleague(desk, card) {
  const id = card.conversation;
  if (desk.busy.delete(id)) {
    desk.notify(say("already_taken_by", { name: visitorName(card), agent: card.agent_name }));
  }
}

function leftTheLists(desk, card) {
  const id = card.conversation;
  if (card.agent === desk.me.id) noLongerMine(desk, { ...card, state: "closed" });
  else if (desk.busy.delete(id)) desk.notify(say("already_gone", { name: visitorName(card) }));
}

function take(desk, talk, messages) {
  const fresh = talk.take(messages);
  for (const { ref } of messages) {
    if (!ref) continue;
    desk.sender.stored(ref);
    desk.files.drop(ref);
  }
  departmentSaid(desk, talk, fresh);
  const news = fresh.findLast((message) => isSaid(message) && message.author === "citizen");
  if (!news || !talk.loaded || !desk.isMine(talk.id)) return;
  const card = desk.cards.get(talk.id);
  if (talk.id !== desk.openId) desk.tell(say("news_message", { name: visitorName(card) }));
  desk.alert("message", card, news.seq);
}

/* In an own conversation only the department writes beside this agent: an answer has come. */
function departmentSaid(desk, talk, fresh) {
  if (!talk.loaded || !desk.isMine(talk.id)) return;
  const said = fresh.findLast(
    ({ author, kind, name }) => author === "agent" && kind === "text" && name !== desk.me.name,
  );
  if (!said || talk.id === desk.openId) return; // the log on the screen tells it itself
  const visitor = visitorName(desk.cards.get(talk.id));
  desk.notify(say("department_said", { name: said.name, visitor }));
}

function refusedCommand(desk, { conversation, code, text }) {
  const asked = conversation ? desk.busy.get(conversation) : undefined;
  const card = conversation ? desk.cards.get(conversation) : undefined;
  if (conversation) desk.busy.delete(conversation);
  else desk.handingOver = false;
  if (code === "not_found" && conversation) {
    if (asked === "claim") desk.cards.remove(conversation);
    else if (!card)
      Object.assign(desk.talks.get(conversation) ?? {}, { gone: true, watched: false });
  }
  // Nobody asked (any more): a card has told it already, or it was about typing and reading.
  if (!asked && ["not_found", "already_taken"].includes(code)) return;
  if (asked === "claim" && card && ["already_taken", "not_found"].includes(code)) {
    const name = visitorName(card);
    const key = card.state === "active" ? "already_taken_by" : "already_taken";
    desk.notify(say(key, { name, agent: card.agent_name }), { urgent: true });
  } else desk.notify(text, { urgent: true });
}
