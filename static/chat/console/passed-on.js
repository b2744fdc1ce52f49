/** The questions of conversations that were passed on to a department, and passing on one more. */

import { mentions } from "./passing-on.js";

const AGAIN_MS = 60_000;

export class PassedOn {
  #desk;
  #door;
  #lists = new Map(); // conversation → {list, mentions, at}
  #asking = new Set();
  sending = new Set(); // conversations of which one is on its way

  /** `door` is {list(id), send(id, fields), suggest(typed)}; null when nothing can be passed on. */
  constructor({ desk, door }) {
    this.#desk = desk;
    this.#door = door;
  }

  /** `{reference, facts, url}` of each, oldest first. */
  of(id) {
    return this.#lists.get(id)?.list ?? [];
  }

  /** Asks anew for what is on the screen when there is news of it, and each minute. */
  refresh() {
    const { openTalk, openId } = this.#desk;
    if (!openTalk?.loaded || openTalk.gone || this.#asking.has(openId)) return;
    const known = this.#lists.get(openId);
    const told = mentions(openTalk.messages);
    const isOld = known?.list.length && this.#desk.clock() - known.at > AGAIN_MS;
    if (!known || told !== known.mentions || isOld) this.#load(openId, told);
  }

  /** Passes a question on; resolves to the error frame of the portal, or null when it went. */
  async send(id, fields) {
    this.sending.add(id);
    this.#desk.changed();
    const answer = await this.#door.send(id, fields);
    this.sending.delete(id);
    if (answer.type !== "error") this.#take(id, answer);
    this.#desk.changed();
    return answer;
  }

  /** Departments that fit; null when there was no answer. */
  suggest(typed) {
    return this.#door.suggest(typed);
  }

  forget(id) {
    this.#lists.delete(id);
  }

  async #load(id, told) {
    if (!this.#door) return;
    this.#asking.add(id);
    const answer = await this.#door.list(id);
    this.#asking.delete(id);
    // What cannot be reached stays as it was, and is asked again in a minute.
    if (answer.type === "error") this.#note(id, this.of(id), told);
    else this.#take(id, answer, told);
    this.#desk.changed();
  }

  #take(id, { passed_on: list }, told = this.#lists.get(id)?.mentions ?? 0) {
    this.#note(id, list, told);
  }

  #note(id, list, told) {
    this.#lists.set(id, { list, mentions: told, at: this.#desk.clock() });
  }
}
