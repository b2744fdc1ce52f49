/** Notes about the open conversation: colleagues read them, the citizen never does. */

import { findsSecret } from "../widget/masking.js";
import { textLength } from "../widget/protocol.js";
import { DeskView } from "./desk-view.js";
import { element, follow, setAttribute, setText } from "./dom.js";
import { shortClock } from "./moments.js";
import { isSend } from "./shortcuts.js";
import { say } from "./texts.js";

export class ConsoleNotes extends DeskView {
  #field = null;
  #shownId = null;

  connected() {
    this.#field = this.part("note-text");
    this.on(this.#field, "input", () => this.#typed());
    this.on(this.#field, "keydown", (event) => this.#key(event));
    this.on(this.part("note-form"), "submit", (event) => this.#submit(event));
    this.on(window, "storage", () => this.#fromOtherTab());
  }

  draw() {
    const { desk } = this;
    const id = desk.openId;
    if (id !== this.#shownId) this.#turnTo(id);
    if (!id) return;
    follow(this.part("notes-list"), desk.notes.of(id), {
      key: (note) => note.id,
      make: newNote,
      update: (node, note) => updateNote(node, note, desk.lang),
    });
    const refused = desk.notes.problem(id);
    if (refused) this.#problem(refused);
    // What the portal refused came back, and what closing kept has gone, unless somebody types here.
    if (document.activeElement !== this.#field) this.#fill(id);
  }

  focusField() {
    this.#field.focus();
  }

  #turnTo(id) {
    this.#shownId = id;
    this.#fill(id);
    this.#problem("");
    this.#warn();
  }

  #fill(id) {
    const draft = id ? this.desk.notes.draft(id) : "";
    if (this.#field.value !== draft) this.#field.value = draft;
  }

  #typed() {
    this.desk.notes.keepDraft(this.#shownId, this.#field.value);
    this.#problem("");
    this.#warn();
  }

  #key(event) {
    if (!isSend(event)) return;
    event.preventDefault();
    this.part("note-form").requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const problem = this.desk.notes.save(this.#shownId);
    const over = textLength(this.#field.value.trim()) - this.console.limits.text;
    if (problem) this.#problem(say(`note_${problem}`, { count: over }));
    else this.#field.value = "";
    this.#warn();
    this.#field.focus();
  }

  #problem(sentence) {
    setText(this.part("note-problem"), sentence);
    setAttribute(this.#field, "aria-invalid", sentence ? "true" : null);
  }

  /* The portal leaves it out in any case. */
  #warn() {
    const kind = findsSecret(this.#field.value);
    setText(
      this.part("note-secret"),
      kind ? say("secret_note", { what: say(`secret_${kind}`) }) : "",
    );
  }

  #fromOtherTab() {
    if (this.#shownId && !document.hasFocus()) this.#fill(this.#shownId);
  }
}

function newNote() {
  const head = element("p", { class: "note-head" });
  const text = element("p", { class: "note-text" });
  return Object.assign(element("li", { class: "note" }, head, text), { head, text });
}

function updateNote(node, { text, name, at, own, pending }, lang) {
  const who = own ? say("you") : name;
  const when = pending ? say("note_pending") : shortClock(at, lang);
  setText(node.head, `${who}, ${when}`);
  setText(node.text, text);
}
