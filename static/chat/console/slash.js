/** A slash at the beginning of a word asks for a ready answer. Pure. */

const ASKED = /(?:^|\s)\/([^\s/]{0,30})$/u;

/** What is asked before the caret: `{query, from}` with the place of the slash; null when nothing. */
export function askedAt(text, caret) {
  const query = ASKED.exec(text.slice(0, caret))?.[1];
  return query === undefined ? null : { query, from: caret - query.length - 1 };
}
