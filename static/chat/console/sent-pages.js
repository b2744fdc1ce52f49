/** The link cards of a conversation: those that are there and those on their way. */

/** By address, in the order they were sent; `{title, url}`. */
export function sentCards(desk, id) {
  const stored = desk.talks.get(id)?.messages ?? [];
  const cards = [...stored, ...desk.stash.unsent(id)].map(({ card }) => card).filter(Boolean);
  return new Map(cards.map((card) => [card.url, card]));
}

/** The Dutch address of every page that was sent, in whichever language. */
export function sentPages(desk, id) {
  const sent = sentCards(desk, id);
  const pages = desk.knowledge.products.filter(
    ({ card }) => sent.has(card.nl.url) || sent.has(card.en.url),
  );
  return new Set(pages.map(({ card }) => card.nl.url));
}
