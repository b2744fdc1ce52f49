/** The right column: what is known of the visitor, the topic, and the ways to let go. */

import { DeskView } from "./desk-view.js";
import { element, setAttribute, setText } from "./dom.js";
import { age, clock } from "./moments.js";
import { pageLink } from "./page-link.js";
import { standing } from "./standing.js";
import { say } from "./texts.js";
import { chosenTopic, fillTopics } from "./topics.js";
import { waited } from "./visitor.js";

export class ConsoleContext extends DeskView {
  connected() {
    fillTopics(this.part("topic"), this.console.topics);
    this.on(this.part("topic"), "change", (event) => {
      this.desk.stash.keepTopic(this.desk.openId, event.target.value);
    });
    this.on(this.desk, "tick", () => this.draw());
  }

  draw() {
    const { desk } = this;
    const card = desk.cardOf(desk.openId);
    this.hidden = !card;
    if (!card) return;
    this.#facts(card);
    this.part("work").hidden = standing(desk, desk.openId) !== "mine";
    const topic = this.part("topic");
    const isSuggested = !desk.stash.topic(desk.openId) && !card.topic && topic.value;
    setText(this.part("topic-hint"), say(isSuggested ? "topic_suggested" : "topic_hint"));
    if (document.activeElement !== topic) topic.value = chosenTopic(desk, desk.openId);
    for (const button of this.part("work").querySelectorAll("button")) {
      setAttribute(button, "aria-disabled", desk.isOnline ? null : "true");
    }
  }

  #facts(card) {
    const { lang, now } = this.desk;
    this.#fact("name", card.name || say("not_given"), { soft: !card.name });
    this.#fact("language", say(`language_${card.lang}`));
    this.#fact("started", clock(card.opened_at, lang));
    this.#fact("number", String(card.number));
    const ago = age(now - Date.parse(card.queued_at));
    this.#fact(
      "waited",
      card.state === "waiting" ? say("still_waiting", { age: ago }) : waited(card),
    );
    this.#page(card.page);
    this.#rating(this.desk.openTalk?.head?.rating);
  }

  /* Only what was given has a line. */
  #rating(score) {
    for (const part of this.querySelectorAll("[data-rated]")) part.hidden = !score;
    this.#fact("rating", score ? say("rated", { score, word: say(`rate_${score}`) }) : "");
  }

  #fact(name, text, { soft = false } = {}) {
    const place = this.querySelector(`[data-fact="${name}"]`);
    setText(place, text);
    place.classList.toggle("soft", soft);
  }

  #page(page) {
    const place = this.querySelector('[data-fact="page"]');
    const link = page ? pageLink(page, location.origin) : null;
    if (!link) return this.#fact("page", page || say("unknown"), { soft: !page });
    if (place.firstElementChild?.href === link.href) return;
    const attributes = { href: link.href, target: "_blank", rel: "noopener noreferrer" };
    place.replaceChildren(element("a", attributes, link.shown ?? say("home_page")));
  }
}
