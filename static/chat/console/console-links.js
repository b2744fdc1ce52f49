/** Beside the conversation: the pages that fit the question, and the cards that were sent. */

import { DeskView } from "./desk-view.js";
import { element, follow, setAttribute, setText } from "./dom.js";
import { sentCards, sentPages } from "./sent-pages.js";
import { standing } from "./standing.js";
import { say } from "./texts.js";

export class ConsoleLinks extends DeskView {
  connected() {
    this.on(this, "click", ({ target }) => {
      const slug = target.closest("[data-send]")?.dataset.send;
      if (slug && this.desk.isMine(this.desk.openId)) this.#send(slug);
    });
  }

  draw() {
    const { desk } = this;
    const id = desk.openId;
    if (!id) return;
    const isMine = standing(desk, id) === "mine";
    const fits = isMine ? desk.suggestions.of(id).filter(({ product }) => product) : [];
    const sent = sentPages(desk, id);
    this.part("fits").hidden = !isMine;
    this.part("none").hidden = fits.length > 0;
    follow(this.part("fits-list"), fits, {
      key: ({ key }) => key,
      make: (fit) => this.#newFit(fit),
      update: (node, fit) => this.#updateFit(node, fit, sent),
    });
    this.#drawSent([...sentCards(desk, id).values()]);
  }

  #drawSent(cards) {
    this.part("sent").hidden = !cards.length;
    follow(this.part("sent-list"), cards, { key: ({ url }) => url, make: newLink });
  }

  #send(slug) {
    this.desk.sendCard(this.desk.openId, slug);
    this.console.run("answer");
  }

  #newFit({ product, title }) {
    const url = product.card[this.desk.lang].url;
    const act = element("button", {
      type: "button",
      class: "link-button",
      "data-send": product.slug,
    });
    const node = element("li", { class: "fit" }, pageLinkTo(url, title), act);
    return Object.assign(node, { act });
  }

  #updateFit(node, { product, title }, sent) {
    const wasSent = sent.has(product.card.nl.url);
    setText(node.act, say(wasSent ? "card_sent" : "card_send"));
    setAttribute(
      node.act,
      "aria-label",
      say(wasSent ? "card_sent_name" : "card_send_name", { title }),
    );
    setAttribute(node.act, "aria-disabled", wasSent ? "true" : null);
    if (wasSent) node.act.removeAttribute("data-send");
    else node.act.dataset.send = product.slug;
  }
}

function newLink({ title, url }) {
  return element("li", { class: "fit" }, pageLinkTo(url, title));
}

function pageLinkTo(href, title) {
  return element("a", { href, target: "_blank", rel: "noopener" }, title);
}
