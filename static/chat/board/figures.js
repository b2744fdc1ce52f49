/* Asking for the figures: what came, what stayed out, and when to ask again. No page in here. */

const ANSWER_WITHIN_MS = 8_000;
const SLOWEST_MS = 15_000;

/**
 * Asks for the figures with the ETag of the last answer.
 *
 * `ask` is `fetch`, `clock` gives milliseconds. After `next()`: `figures` (the newest known, or null),
 * `at` (the moment they were true), `state` ("fresh", "lost" or "logged_out").
 */
export class Figures {
  #etag = null;
  #failed = 0;
  #options;
  figures = null;
  at = null;
  state = "fresh";

  constructor({ from, everyMs, ask, clock = Date.now }) {
    this.#options = { from, everyMs, ask, clock };
  }

  /** One question. Returns whether there is something else to draw than before. */
  async next() {
    const before = [this.state, this.#etag];
    try {
      await this.#ask();
      this.#failed = 0;
    } catch {
      this.#failed += 1;
      this.state = "lost";
    }
    return before[0] !== this.state || before[1] !== this.#etag;
  }

  /** When to ask again: soon, and ever later while nothing answers. */
  get pauseMs() {
    const { everyMs } = this.#options;
    return Math.min(SLOWEST_MS, everyMs * 2 ** Math.min(this.#failed, 4));
  }

  async #ask() {
    const { from, ask, clock } = this.#options;
    const headers = this.#etag ? { "If-None-Match": this.#etag } : {};
    // The address keeps nothing itself: the condition is ours, and so is the 304.
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const answer = await ask(from, { headers, cache: "no-store", redirect: "manual", signal });
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
      this.state = "logged_out";
      return;
    }
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(String(answer.status));
      this.figures = await answer.json();
      this.#etag = answer.headers.get("ETag");
    }
    this.at = clock();
    this.state = "fresh";
  }
}
