/** What the console knows by heart: the ready answers, and the catalogue of the city. */

import { find, findable } from "./finding.js";

const AGAIN_MS = 5 * 60_000;
const RETRY_MS = 10_000;
const IN_BRACES = /\{[^{}\n]{0,80}\}/gu;

export class Knowledge {
  #desk;
  #load;
  #etag = "";
  #askedAt = -Infinity;
  #answers = [];
  #products = [];
  answers = [];
  products = [];

  /** `load(etag)` resolves to {etag, answers, products}, or null when nothing is new. */
  constructor({ desk, load }) {
    this.#desk = desk;
    this.#load = load;
  }

  /** Fetches what is new, at most once in five minutes. What cannot be reached stays as it was. */
  async refresh(now) {
    if (now - this.#askedAt < AGAIN_MS) return;
    this.#askedAt = now;
    try {
      const news = await this.#load(this.#etag);
      if (news) this.#take(news);
    } catch {
      this.#askedAt = now - AGAIN_MS + RETRY_MS;
    }
  }

  answer(shortcut) {
    return this.answers.find((answer) => answer.shortcut === shortcut);
  }

  product(slug) {
    return this.products.find((product) => product.slug === slug);
  }

  /** The answer that says "I am looking it up". */
  get holding() {
    return this.answers.find(({ holding }) => holding);
  }

  findAnswers(query, most) {
    return find(this.#answers, query, most);
  }

  findProducts(query, most) {
    return find(this.#products, query, most);
  }

  #take({ etag, answers, products }) {
    Object.assign(this, { answers, products });
    this.#etag = etag;
    this.#answers = answers.map((answer) =>
      findable(answer, [answer.shortcut, answer.title, answer.keywords]),
    );
    this.#products = products.map((product) => {
      const { nl, en } = product.card;
      const titles = `${nl.title} ${en.title}`;
      return findable(product, [titles, product.keywords, `${nl.summary} ${en.summary}`]);
    });
    this.#desk.changed();
  }
}

/** The text of an answer for one citizen: in the own language, the name filled in or left out. */
export function textFor(answer, { lang, name }) {
  const text = answer.text[lang] ?? answer.text.nl;
  if (name) return text.replaceAll("{naam}", () => name);
  return text.replace(/ ?\{naam\}/gu, "").replace(/^[ ,]+/u, "");
}

/** What still stands in braces: a citizen must never read that. */
export function unfilled(text) {
  return [...new Set(text.match(IN_BRACES) ?? [])];
}
