/** The conversation over plain HTTP, for where WebSockets are blocked. */

const ANSWER_WITHIN_MS = 15_000;
const HIDDEN_FACTOR = 6;

/**
 * Sends `frames` (as text) in one request. Resolves to `{frames, again_in_s, waitMs}`: `waitMs` is
 * set when they were not handled and may come again after it. Rejects when there was no answer.
 */
export async function postFrames(url, frames, signal) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: `{"frames":[${frames}]}`,
    credentials: "omit",
    signal,
  });
  const { status, headers } = answer;
  const waitMs = status === 429 ? 1000 * (Number(headers.get("Retry-After")) || 5) : 0;
  const answered = waitMs ? {} : await answer.json();
  if (!waitMs && !answered.frames.length) throw new Error(`frames.json: ${status}`);
  return { ...answered, waitMs };
}

/**
 * What a Connection takes for a WebSocket: it asks for news as often as the portal says, at once
 * after a `send`, and says `onclose` when an answer stays away.
 */
export class Polling {
  #options;
  #queue = [];
  #undo = new AbortController();
  #timer = 0;
  #heldUntil = 0;
  #isAsking = false;
  #isWelcome = false;
  readyState = 1;

  /** `options`: url, opener() → first frame of each request, isHidden(), random(). */
  constructor(options) {
    this.#options = options;
    this.#askIn(0);
  }

  send(text) {
    this.#queue.push(text);
    this.#askIn(0);
  }

  close() {
    this.readyState = 3;
    clearTimeout(this.#timer);
    this.#undo.abort();
  }

  #askIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), Math.max(ms, this.#heldUntil - Date.now()));
  }

  async #ask() {
    // What was given meanwhile goes out when the answer is here.
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { url, opener } = this.#options;
    const sent = this.#queue.length;
    const late = setTimeout(() => this.#undo.abort(), ANSWER_WITHIN_MS);
    let answer = null;
    try {
      answer = await postFrames(url, [opener(), ...this.#queue], this.#undo.signal);
    } catch {
      // No network, no answer in time, or closed by us: told below.
    }
    clearTimeout(late);
    this.#isAsking = false;
    // Refused later on: who opens anew hears why.
    if (!answer || (this.#isWelcome && answer.frames?.[0].type === "error")) this.onclose();
    else if (answer.waitMs) this.#hold(answer.waitMs);
    else this.#take(answer, sent);
  }

  #hold(ms) {
    this.#heldUntil = Date.now() + ms * (1 + this.#options.random() / 4);
    this.#askIn(0);
  }

  #take({ frames, again_in_s: againS }, sent) {
    this.#queue.splice(0, sent);
    for (const frame of frames) {
      // Only the first welcome begins something, the others bring news.
      const type = this.#isWelcome && frame.type === "welcome" ? "messages" : frame.type;
      this.onmessage({ data: JSON.stringify({ ...frame, type }) });
    }
    this.#isWelcome = true;
    if (this.readyState === 3) return;
    if (this.#queue.length) this.#askIn(0);
    else if (againS) this.#askIn(1000 * againS * (this.#options.isHidden() ? HIDDEN_FACTOR : 1));
  }
}
