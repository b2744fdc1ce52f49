/** Finds among what the console knows by heart; forgiving, since people type fast. Pure. */

const BEGINS = 3;
const INSIDE = 2;
const SLIP = 1;
const LEAST_FOR_SLIP = 4;
const NOISE = 0.6; // of the best score: beside words that begin so, a slip is far-fetched

/** Small letters without accents: "Crème" becomes "creme". */
export function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

export function wordsOf(text) {
  return folded(text).match(/[\p{L}\d]+/gu) ?? [];
}

/** Makes `item` findable by `fields`, the most telling first. */
export function findable(item, fields) {
  return { item, fields: fields.map(wordsOf) };
}

/** The items in which every word of `query` is found, best first; all of them without a query. */
export function find(findables, query, most = Infinity) {
  const asked = wordsOf(query);
  if (!asked.length) return findables.slice(0, most).map(({ item }) => item);
  const scored = findables.map(({ item, fields }) => ({ item, score: score(fields, asked) }));
  const worthIt = NOISE * Math.max(0, ...scored.map(({ score }) => score));
  return scored
    .filter(({ score }) => score > 0 && score >= worthIt)
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ item }) => item);
}

function score(fields, asked) {
  const scores = asked.map((word) =>
    Math.max(...fields.map((words, at) => inField(words, word, at))),
  );
  return scores.every(Boolean) ? scores.reduce((sum, one) => sum + one, 0) : 0;
}

/* A word in the first field tells more than in the last. */
function inField(words, asked, at) {
  const best = Math.max(0, ...words.map((word) => likeness(word, asked)));
  return best ? best + 1 / (at + 1) : 0;
}

function likeness(word, asked) {
  if (word === asked) return BEGINS + 1;
  if (word.startsWith(asked)) return BEGINS;
  if (asked.length > 2 && word.includes(asked)) return INSIDE;
  return asked.length >= LEAST_FOR_SLIP && isOneSlip(word, asked) ? SLIP : 0;
}

/** Whether `asked` is (the beginning of) `word` with one letter missing, extra, wrong or swapped. */
function isOneSlip(word, asked) {
  let at = 0;
  while (at < asked.length && word[at] === asked[at]) at += 1;
  if (at === 0) return false;
  const rest = asked.slice(at);
  const swapped = rest.length > 1 ? rest[1] + rest[0] + rest.slice(2) : "-";
  return (
    word.startsWith(rest.slice(1), at + 1) ||
    word.startsWith(rest.slice(1), at) ||
    word.startsWith(rest, at + 1) ||
    word.startsWith(swapped, at)
  );
}
