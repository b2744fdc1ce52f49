/** From a conversation to a question for a department: pure, so that every case has a test. */

import { findsSecret } from "../widget/masking.js";
import { textLength } from "../widget/protocol.js";
import { fill } from "./texts.js";

const REFERENCE = /\bHAS-\d{4}-\d{6,}-[A-Z]\b/gu;

/** The question as the citizen wrote it in this conversation, to be worked on. */
export function questionFrom(messages) {
  return messages
    .filter(({ kind, author }) => kind === "text" && author === "citizen")
    .map(({ text }) => text.trim())
    .join("\n");
}

/** What the citizen reads before the question goes; the portal knows it by these very words. */
export function proposalOf(template, { text, department }) {
  return fill(template, { text: tidy(text), department });
}

/** A text as the portal keeps it. */
export function tidy(text) {
  return text.replace(/\r\n?/gu, "\n").trim();
}

/** When this proposal was shown in the conversation, as the message; undefined when it was not. */
export function shownIn(messages, proposal) {
  return messages.findLast(
    ({ kind, author, text }) => kind === "text" && author === "agent" && text === proposal,
  );
}

/** What the citizen said since a message, the newest text; undefined while nothing came. */
export function replyAfter(messages, { seq }) {
  return messages.findLast(
    (message) => message.seq > seq && message.kind === "text" && message.author === "citizen",
  );
}

/**
 * Why a question cannot be shown yet: `{field, key, values}` of a sentence, or null. `room` is how
 * many characters a message holds.
 */
export function problemOf({ text, department }, proposal, room) {
  if (!tidy(text)) return { field: "text", key: "pass_text_needed" };
  if (!department) return { field: "department", key: "pass_department_needed" };
  const secret = findsSecret(text);
  if (secret) return { field: "text", key: "pass_secret", secret };
  const over = textLength(proposal) - room;
  if (over > 0) return { field: "text", key: "pass_text_long", values: { count: over } };
  return null;
}

/** How often questions that were passed on are spoken of: more than before means news of one. */
export function mentions(messages) {
  return messages.reduce((count, { kind, author, text }) => {
    if (kind !== "text" || author !== "agent") return count;
    return count + (text.match(REFERENCE)?.length ?? 0);
  }, 0);
}
