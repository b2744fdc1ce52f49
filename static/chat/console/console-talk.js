/** The middle column: who this is and since when, or what there is to choose. */

import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { age, clock } from "./moments.js";
import { pageLink } from "./page-link.js";
import { standing } from "./standing.js";
import { say, sayCount } from "./texts.js";
import { visitorName, waited } from "./visitor.js";

export class ConsoleTalk extends DeskView {
  connected() {
    this.on(this.desk, "tick", () => this.draw());
  }

  draw() {
    const id = this.desk.openId;
    this.part("none").hidden = Boolean(id);
    this.part("open").hidden = !id;
    if (id) this.#drawOpen(id);
    else this.#drawNone();
  }

  focusTitle() {
    (this.desk.openId ? this.part("name") : this.part("none-title")).focus();
  }

  #drawOpen(id) {
    const card = this.desk.cardOf(id);
    setText(this.part("name"), card ? visitorName(card) : this.#nameless(id));
    setText(this.part("about"), card ? this.#about(card) : "");
    for (const button of [this.part("pass-on"), this.part("close")]) {
      button.hidden = standing(this.desk, id) !== "mine";
      setAttribute(button, "aria-disabled", this.desk.isOnline ? null : "true");
    }
  }

  /* The lists do not know it (any more), for example after a reload. */
  #nameless(id) {
    return say(standing(this.desk, id) === "loading" ? "loading" : "conversation");
  }

  #about(card) {
    const { lang, now } = this.desk;
    const start = (at) => clock(at, lang);
    const page = card.page && pageLink(card.page, location.origin);
    const parts = [
      card.state === "waiting"
        ? say("about_waiting", {
            age: age(now - Date.parse(card.queued_at)),
            time: start(card.queued_at),
          })
        : say("about_waited", { time: start(card.opened_at), length: waited(card) }),
    ];
    if (page) parts.push(say("about_page", { page: page.shown ?? say("home_page") }));
    return parts.join(", ");
  }

  #drawNone() {
    const { desk } = this;
    const waits = desk.waiting.length;
    const button = this.part("none").querySelector("button");
    button.hidden = !desk.loaded || !waits;
    setAttribute(button, "aria-disabled", desk.isOnline ? null : "true");
    setText(this.part("none-title"), this.#noneTitle(waits));
    setText(this.part("none-text"), this.#noneText(waits));
  }

  #noneTitle(waits) {
    const { loaded, mine } = this.desk;
    if (this.#isLost) return say("none_offline_title");
    if (!loaded) return say("loading");
    return say(waits || mine.length ? "none_title" : "none_quiet_title");
  }

  #noneText(waits) {
    const { loaded, mine } = this.desk;
    if (this.#isLost) return say("none_offline");
    if (!loaded) return "";
    if (waits) return sayCount("none_waiting", waits);
    return say(mine.length ? "none_mine" : "none_quiet");
  }

  get #isLost() {
    const { loaded, link, isOnline } = this.desk;
    return loaded ? !isOnline : ["waiting", "offline"].includes(link);
  }
}
