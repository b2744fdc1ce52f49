/** What the portal tells of this agent among the colleagues: state, room, and chats that moved. */

import { say, sayCount } from "./texts.js";
import { visitorName } from "./visitor.js";

export const CENTRE_HANDLERS = {
  presence(desk, frame) {
    takePresence(desk, frame);
    desk.presenceAsked = null;
  },

  colleagues(desk, { colleagues }) {
    desk.colleagues = colleagues;
  },

  handed_over(desk, { passed, queued }) {
    desk.handingOver = false;
    const parts = [];
    if (passed) parts.push(sayCount("handed_passed", passed));
    if (queued) parts.push(sayCount("handed_queued", queued));
    desk.notify([...parts, say("handed_over")].join(" "));
    const id = desk.openId;
    if (id && !desk.isMine(id) && !hasDraft(desk, id)) desk.open(null);
  },
};

/** Takes over how this agent stands. */
export function takePresence(desk, { state, cap = null, wrap_up_until: wrapUpUntil = null }) {
  Object.assign(desk, { presence: state, cap, wrapUpUntil });
  if (state !== "away") desk.letLie = "";
}

/** A conversation that this agent did not ask for. */
export function givenToMe(desk, id, before) {
  const name = visitorName(desk.cards.get(id));
  const passed = before?.state === "active";
  desk.notify(say(passed ? "given_by" : "given", { name, agent: before?.agent_name }));
}

/** The portal took a conversation away; the agent is away from now on, and reads how to come back. */
export function leftByPortal(desk, name, reason) {
  desk.letLie = reason === "agent_gone" ? "agent_gone" : "agent_unanswering";
  const key = reason === "agent_gone" ? "left_gone" : "left_unanswering";
  desk.notify(say(key, { name }), { urgent: true });
}

/** What was passed on leaves the screen, unless a text of this agent would go with it. */
export function passedOn(desk, card, letGo) {
  desk.notify(say("passed_on", { name: visitorName(card), agent: card.agent_name }));
  if (!hasDraft(desk, card.conversation)) letGo(desk, card.conversation);
}

export function hasDraft(desk, id) {
  return desk.stash.draft(id).trim() !== "";
}
