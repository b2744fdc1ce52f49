// What is known of suggested departments without a page: pure, tested in tests/js.

const SHORTEST = 8;

/** Whether there is enough to suggest a department by. */
export function isWorthAsking(text, topic) {
  return topic !== "" || text.trim().length >= SHORTEST;
}

/** The departments in an answer of the portal, best first; anything that is none is left out. */
export function readDepartments(answer) {
  const found = Array.isArray(answer?.suggested) ? answer.suggested : [];
  return found
    .filter((one) => typeof one?.slug === "string" && one.slug && typeof one.name === "string")
    .map(({ slug, name, reason = "" }) => ({ slug, name, reason }));
}

/** What stays chosen when other departments are suggested: among them, or in the list of all. */
export function keptChoice({ chosen, other }, suggested, another) {
  if (!chosen || chosen === another || suggested.some(({ slug }) => slug === chosen)) {
    return { chosen, other };
  }
  return { chosen: another, other: chosen };
}

/** The sentence for who cannot see the list. */
export function spokenCount(count, { none, one, many }) {
  if (count === 0) return none;
  return count === 1 ? one : many.replace("{count}", count);
}

/** Asks the portal what departments fit; null when there was no answer. */
export async function askDepartments({ source, text, topic, csrf, signal }) {
  const answer = await fetch(source, {
    method: "POST",
    headers: { "X-CSRFToken": csrf },
    body: new URLSearchParams({ text, topic }),
    signal,
  });
  return answer.ok && !answer.redirected ? readDepartments(await answer.json()) : null;
}
