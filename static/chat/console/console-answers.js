/** The list of ready answers that a slash in the answer opens. */

import { answerText } from "./answering.js";
import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { drawTitled, ListChoice } from "./list-choice.js";
import { askedAt } from "./slash.js";
import { say, sayCount } from "./texts.js";

const MOST = 5; // without scrolling

export class ConsoleAnswers extends DeskView {
  #field = null;
  #choice = null;
  #asked = null;
  #shut = null; // the place of a slash that the agent said no to

  connected() {
    this.#field = this.closest("form").querySelector("textarea");
    const list = this.part("answers");
    this.#choice = new ListChoice({
      field: this.#field,
      list,
      keyOf: ({ shortcut }) => shortcut,
      draw: (node, answer) => this.#drawOption(node, answer),
      onPick: (answer) => this.#pick(answer),
    });
    setAttribute(this.#field, "aria-controls", list.id);
    for (const type of ["input", "click", "keyup"]) this.on(this.#field, type, () => this.#look());
    this.on(this.#field, "blur", () => this.#close());
    // Before the field itself and the shortcuts of the page hear of it.
    this.on(this.closest("form"), "keydown", (event) => this.#key(event), { capture: true });
  }

  draw() {
    if (this.#isOpen && !this.desk.isMine(this.desk.openId)) this.#close();
    // The answers may have come after the slash.
    else if (document.activeElement === this.#field) this.#look();
  }

  get #isOpen() {
    return this.#asked !== null;
  }

  #look() {
    const { value, selectionStart, selectionEnd } = this.#field;
    const asked = selectionStart === selectionEnd ? askedAt(value, selectionStart) : null;
    if (!asked) this.#shut = null;
    if (!asked || asked.from === this.#shut) return this.#close();
    if (asked.query === this.#asked?.query && asked.from === this.#asked?.from) return;
    const found = this.#find(asked.query);
    if (!found.length) return this.#close();
    this.#asked = asked;
    this.part("answers").hidden = false;
    this.#choice.show(found);
    this.#speak(sayCount("answers_found", found.length));
  }

  /* Before anything is typed: what fits the question comes first. */
  #find(query) {
    const { knowledge, suggestions, openId } = this.desk;
    if (query) return knowledge.findAnswers(query, MOST);
    const fitting = suggestions.of(openId).flatMap(({ answer }) => answer ?? []);
    return [...new Set([...fitting, ...knowledge.answers])].slice(0, MOST);
  }

  #key(event) {
    if (!this.#isOpen || event.target !== this.#field || event.isComposing || event.altKey) return;
    const acts = {
      ArrowDown: () => this.#choice.step(1),
      ArrowUp: () => this.#choice.step(-1),
      Enter: () => this.#pick(this.#choice.chosen),
      Tab: () => this.#pick(this.#choice.chosen),
      Escape: () => this.#refuse(),
    };
    if (event.shiftKey || !Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  #refuse() {
    this.#shut = this.#asked.from;
    this.#close();
  }

  #pick(answer) {
    const { from, query } = this.#asked;
    this.#close();
    const text = answerText(this.desk, this.desk.openId, answer);
    this.console.querySelector("console-reply").insert(text, { from, to: from + 1 + query.length });
  }

  #close() {
    if (!this.#isOpen) return;
    this.#asked = null;
    this.part("answers").hidden = true;
    setAttribute(this.#field, "aria-activedescendant", null);
    this.#speak("");
  }

  #speak(words) {
    setText(this.console.querySelector("[data-notice-voice]"), words);
  }

  #drawOption(node, answer) {
    const about = answerText(this.desk, this.desk.openId, answer);
    drawTitled(node, { title: answer.title, hint: `/${answer.shortcut}`, about });
    if (answer.unknown.length) node.append(` ${say("answer_unknown")}`);
  }
}
