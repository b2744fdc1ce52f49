// What the list of suggestions knows without a page: pure, tested in tests/js.

export const MOST = 5;
const SHORTEST = 2;

/** The words to ask for, or "" when there is too little to go on. */
export function worthAsking(typed) {
  const words = typed.trim().replace(/\s+/g, " ");
  return words.length < SHORTEST ? "" : words;
}

/** The suggestions in an answer of the portal; anything that is not one is left out. */
export function readSuggestions(answer) {
  const found = Array.isArray(answer?.suggestions) ? answer.suggestions : [];
  return found
    .filter(({ title, url } = {}) => typeof title === "string" && isOwnAddress(url))
    .slice(0, MOST)
    .map(({ title, url, summary = "", lang = "" }) => ({ title, url, summary, lang }));
}

function isOwnAddress(url) {
  return typeof url === "string" && url.startsWith("/") && !url.startsWith("//");
}

/** Where an arrow key leads: -1 is the field itself, before the first and after the last. */
export function step(active, key, count) {
  if (count === 0) return -1;
  if (key === "ArrowDown") return active + 1 >= count ? -1 : active + 1;
  if (key === "ArrowUp") return active === -1 ? count - 1 : active - 1;
  return active;
}

/** The sentence for who cannot see the list. */
export function spoken(count, { none, one, many }) {
  if (count === 0) return none;
  return count === 1 ? one : many.replace("{n}", count);
}
