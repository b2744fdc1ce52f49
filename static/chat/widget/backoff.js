/** How long to wait before a lost connection is tried again. */

export const FIRST_MS = 300;
export const CAP_MS = 15_000;
const GROWTH = 1.6;

/**
 * Milliseconds before retry `attempt` (0 is the first). The first is quick, for a server that only
 * restarts; later ones are drawn over the whole range up to a growing ceiling, so that thousands
 * of clients do not return in step.
 */
export function nextDelay(attempt, random = Math.random) {
  const floor = FIRST_MS / 2;
  const ceiling = Math.min(CAP_MS, FIRST_MS * 1.5 * GROWTH ** Math.max(0, attempt));
  return Math.round(floor + random() * (ceiling - floor));
}
