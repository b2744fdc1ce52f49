/** How an agent stands to the conversation on the screen; decides what can be done with it. */

/**
 * "mine", "waiting", "colleague", "ended", "gone" (no longer shown to this agent) or "loading".
 */
export function standing(desk, id) {
  const card = desk.cards.get(id);
  const talk = desk.talks.get(id);
  if (card?.state === "waiting") return "waiting";
  if (card?.state === "active") return card.agent === desk.me.id ? "mine" : "colleague";
  if (talk?.ending) return "ended";
  return desk.loaded ? "gone" : "loading";
}
