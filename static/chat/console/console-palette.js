/** "Show the way": search the catalogue and send the page as a link card. */

import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { drawTitled, ListChoice } from "./list-choice.js";
import { say, sayCount } from "./texts.js";
import { visitorName } from "./visitor.js";

const MOST = 6;

export class ConsolePalette extends DeskView {
  #dialog = null;
  #field = null;
  #choice = null;
  #id = null;

  connected() {
    this.#dialog = this.querySelector("dialog");
    this.#field = this.querySelector("input");
    this.#choice = new ListChoice({
      field: this.#field,
      list: this.part("pages"),
      keyOf: ({ slug }) => slug,
      draw: (node, product) => this.#drawOption(node, product),
      onPick: (product) => this.#send(product),
    });
    this.on(this.#field, "input", () => this.#look());
    this.on(this.#field, "keydown", (event) => this.#key(event));
    this.on(this.part("cancel"), "click", () => this.#dialog.close());
    this.on(this.#dialog, "close", () => this.console.run("answer"));
  }

  /** Opens it for one conversation. */
  show(id) {
    if (this.#dialog.open) return;
    this.#id = id;
    this.#field.value = "";
    setText(this.part("about"), say("palette_about", { name: visitorName(this.desk.cardOf(id)) }));
    this.#dialog.showModal();
    this.#look();
  }

  draw() {
    // Over, or with a colleague: there is nobody to send it to.
    if (this.#dialog?.open && !this.desk.isMine(this.#id)) this.#dialog.close();
  }

  /* The first hit is chosen, so that Enter sends it; before anything is typed only what fits is. */
  #look() {
    const { knowledge, suggestions } = this.desk;
    const query = this.#field.value.trim();
    const fitting = suggestions.of(this.#id).flatMap(({ product }) => product ?? []);
    const found = query
      ? knowledge.findProducts(query, MOST)
      : [...new Set([...fitting, ...knowledge.products])].slice(0, MOST);
    this.#choice.show(found, query || fitting.length ? 0 : -1);
    setAttribute(this.#field, "aria-expanded", String(found.length > 0));
    this.part("pages").hidden = !found.length;
    setText(this.part("count"), found.length ? sayCount("pages_found", found.length) : "");
    setText(this.part("nothing"), found.length ? "" : say("palette_nothing", { query }));
  }

  #key(event) {
    if (event.isComposing) return;
    const acts = {
      ArrowDown: () => this.#choice.step(1),
      ArrowUp: () => this.#choice.step(-1),
      Enter: () => this.#choice.chosen && !event.repeat && this.#send(this.#choice.chosen),
    };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
  }

  #send(product) {
    this.desk.sendCard(this.#id, product.slug);
    this.#dialog.close();
  }

  #drawOption(node, product) {
    const { title, summary } = product.card[this.desk.lang];
    drawTitled(node, { title, about: summary });
  }
}
