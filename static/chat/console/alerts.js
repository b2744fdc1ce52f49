/*
 * What an agent is told of when the eyes are elsewhere: by a tone, by a notification of the desktop,
 * or not at all. Pure: every case has a test. The badge in the list and the number in the title are
 * there in any case, so that nobody depends on either.
 */

/**
 * How an event is told.
 *
 * @param {object} event `kind` ("waiting", "assigned" or "message"), `id` (the conversation).
 * @param {object} view `inView` (the page is looked at), `openId` (the conversation on the screen),
 *   `showsLists` (the lists are on the screen; on a telephone a conversation covers them).
 * @param {object} wish `sound` and `desktop`: what the agent switched on.
 * @returns {{sound: boolean, desktop: boolean}}
 */
export function waysToTell(event, view, wish) {
  if (isSeen(event, view)) return { sound: false, desktop: false };
  // Over a page that is looked at, a notification of the desktop only covers it.
  return { sound: wish.sound, desktop: wish.desktop && !view.inView };
}

/** Whether the agent looks at it already: who waits stands in the list, a message in its talk. */
export function isSeen({ kind, id }, { inView, openId, showsLists }) {
  if (!inView) return false;
  return kind === "waiting" ? showsLists : id === openId;
}

/** The same event has the same name in every tab. */
export function nameOf({ kind, id, mark }) {
  return `${kind} ${id} ${mark}`;
}

const KEPT = 60;
const OTHER_TAB_FIRST_MS = 350;

/**
 * Lets one tab of many tell an event: the first that asks. A tab that is looked at asks at once, the
 * others a moment later, so that a hidden tab does not call for what another one shows.
 *
 * `storage` keeps what was told; `alone(act)` runs `act` while no other tab does; `later(act, ms)`.
 */
export class Teller {
  #options;

  constructor({ storage, alone, later }) {
    this.#options = { storage, alone, later };
  }

  /** Runs `tell` if no tab told `name` yet. */
  async once(name, { inView }, tell) {
    const { alone, later } = this.#options;
    if (!inView) await later(OTHER_TAB_FIRST_MS);
    await alone(() => {
      if (this.#claim(name)) tell();
    });
  }

  #claim(name) {
    const { storage } = this.#options;
    const told = (storage.get("told") ?? "").split("\n").filter(Boolean);
    if (told.includes(name)) return false;
    storage.set("told", [...told, name].slice(-KEPT).join("\n"));
    return true;
  }
}
