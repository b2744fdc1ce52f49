/** From messages and unsent texts to the lines of the log: pure, so that every case has a test. */

import { isSaid } from "./talk.js";

const TOGETHER_MS = 3 * 60_000;

/**
 * @param {object} talk `messages` in order, `unsent` texts, `uploads` (files on their way), `failed`
 *   (Map ref → reason), `readTo` (the seq the citizen has read), `me` (first name of this agent),
 *   `dayOf(at)` → day as text.
 * @returns lines: `{type: "day", key, text}`, `{type: "system", key, message}`,
 *   `{type: "text", key, who, name, text, at, seq, mark, reason, ref, follows}`; of a file also
 *   `file` (null when it was removed), and `upload` while it is on its way; of a link card `card`.
 *   `mark` is "sending", "failed", "sent", "read" or null; `follows` when the same person goes on.
 */
export function linesOf({ messages, unsent, uploads, failed, readTo, me, dayOf }) {
  const lines = [];
  let day = null;
  for (const message of messages) {
    const today = dayOf(message.at);
    if (today !== day) lines.push({ type: "day", key: `day-${message.seq}`, text: today });
    day = today;
    if (isSaid(message)) lines.push(textLine(message, { readTo, me, before: lines.at(-1) }));
    else lines.push({ type: "system", key: `seq-${message.seq}`, message });
  }
  for (const entry of unsent) lines.push(unsentLine(entry, { failed, me, before: lines.at(-1) }));
  for (const upload of uploads) lines.push(uploadLine(upload, { me, before: lines.at(-1) }));
  return onlyLastMark(lines);
}

function textLine(message, { readTo, me, before }) {
  const { seq, author, name, text, at, ref } = message;
  const who = author === "agent" ? (name === me ? "me" : "colleague") : "citizen";
  const mark = author === "agent" ? (seq <= readTo ? "read" : "sent") : null;
  // An own text keeps its key when it gets its number, so that it is neither redrawn nor read twice.
  const line = { type: "text", key: ref ?? `seq-${seq}`, who, name, text, at, seq, mark, ref };
  return { ...line, ...bodyOf(message), reason: "", follows: follows(before, line) };
}

function bodyOf({ kind, file, card }) {
  if (card) return { card };
  return kind === "file" ? { file } : {};
}

/* Also what is stored already but lies behind a hole, and so may be a file. */
function unsentLine(entry, { failed, me, before }) {
  const { ref, text, at } = entry;
  const mark = failed.has(ref) ? "failed" : "sending";
  const line = { type: "text", key: ref, who: "me", name: me, text, at, seq: null, mark, ref };
  const reason = failed.get(ref) ?? "";
  return { ...line, ...bodyOf(entry), reason, follows: follows(before, line) };
}

function uploadLine(upload, { me, before }) {
  const { ref, file, at, error } = upload;
  const mark = error ? "failed" : "sending";
  const line = { type: "text", key: ref, who: "me", name: me, text: "", at, seq: null, mark, ref };
  return { ...line, file, upload, reason: error ?? "", follows: follows(before, line) };
}

function follows(before, line) {
  return (
    before?.type === "text" &&
    before.who === line.who &&
    before.name === line.name &&
    Date.parse(line.at) - Date.parse(before.at) < TOGETHER_MS
  );
}

/** "Sent" and "read" stand once, under the last text they are true for. */
function onlyLastMark(lines) {
  const last = new Map();
  for (const line of lines)
    if (line.mark === "sent" || line.mark === "read") last.set(line.mark, line);
  return lines.map((line) =>
    last.has(line.mark) && last.get(line.mark) !== line ? { ...line, mark: null } : line,
  );
}
