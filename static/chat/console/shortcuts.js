/* Which key means what. Alt with a letter works everywhere, also while typing; the one key without
   Alt (`?`) works outside text fields only and can be switched off (WCAG 2.1.4). */

const BY_LETTER = {
  n: "take",
  w: "close",
  r: "give-back",
  g: "context",
  p: "presence",
  h: "help",
  a: "answer",
  b: "attach",
  t: "transfer",
  e: "hand-over",
  c: "ready",
  u: "busy",
  l: "on-phone",
  f: "phone-first",
  k: "palette",
  z: "hold",
  o: "note",
  m: "sound",
  d: "pass-on",
};

/** The command of a keydown event, or null. `typing` says whether a text field has the focus. */
export function commandOf(event, { typing, singleKeys }) {
  if (event.isComposing || event.ctrlKey || event.metaKey || isAltGraph(event)) return null;
  if (event.altKey) return altCommand(event);
  if (event.key === "Escape") return "back";
  if (event.key === "?" && !typing && singleKeys) return "help";
  return null;
}

/** Whether a keydown in a text field sends: Enter alone, and not to choose a word while composing. */
export function isSend(event) {
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing;
}

function altCommand(event) {
  if (event.key === "ArrowDown") return "next";
  if (event.key === "ArrowUp") return "previous";
  return BY_LETTER[letterOf(event)] ?? suggestionOf(event);
}

/* By the place of the key: on AZERTY the row of digits gives other signs. */
function suggestionOf({ code }) {
  const digit = /^(?:Digit|Numpad)([1-3])$/.exec(code)?.[1];
  return digit ? `suggestion-${digit}` : null;
}

/* By the sign on the key, so that AZERTY is right; Option on a Mac gives other signs (≈ for x), and
   only then the place of the key decides. */
function letterOf(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : "";
}

function isAltGraph(event) {
  return event.getModifierState?.("AltGraph") ?? false;
}

/** The id after or before `current` in `ids`, around the end; the first or last without current. */
export function neighbour(ids, current, step) {
  if (!ids.length) return null;
  const at = ids.indexOf(current);
  if (at < 0) return step > 0 ? ids[0] : ids.at(-1);
  return ids[(at + step + ids.length) % ids.length];
}
