/** The time of the portal, for a computer whose own clock is wrong. */

const TOLERATED_MS = 5_000;

export class Clock {
  #skewMs = 0;

  get now() {
    return Date.now() - this.#skewMs;
  }

  /** `at` is a moment that the portal wrote just now. */
  set(at) {
    const skewMs = Date.now() - Date.parse(at);
    if (!Number.isNaN(skewMs)) this.#skewMs = Math.abs(skewMs) > TOLERATED_MS ? skewMs : 0;
  }
}
