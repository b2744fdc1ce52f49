/** Putting ready answers to use: into the field, or sent at once. */

import { textFor, unfilled } from "./knowledge.js";
import { say } from "./texts.js";

const TWICE_MS = 3_000;

/** The text of an answer for the citizen of a conversation. */
export function answerText(desk, id, answer) {
  const { lang, name } = desk.cardOf(id) ?? {};
  return textFor(answer, { lang, name });
}

/** Says what a text holds that a citizen must not read, or "". */
export function unfilledProblem(text) {
  const found = unfilled(text);
  return found.length ? say("answer_unfilled", { found: found.join(", ") }) : "";
}

/** Sends "I am looking it up" at once; a second press right after it is the same press. */
export class Holding {
  #sentAt = new Map();
  #desk;

  constructor(desk) {
    this.#desk = desk;
  }

  send(id) {
    const desk = this.#desk;
    const answer = desk.knowledge.holding;
    if (!answer) return desk.notify(say("hold_none"));
    const text = answerText(desk, id, answer);
    const problem = unfilledProblem(text);
    if (problem) return desk.notify(problem, { urgent: true });
    if (desk.clock() - (this.#sentAt.get(id) ?? -Infinity) < TWICE_MS) return;
    this.#sentAt.set(id, desk.clock());
    desk.sender.write(id, text, desk.now);
    desk.changed();
  }
}
