/** Under the log: the answer being written, or why none can be written here. */

import { findsSecret } from "../widget/masking.js";
import { textLength } from "../widget/protocol.js";
import { unfilledProblem } from "./answering.js";
import { DeskView } from "./desk-view.js";
import { setAttribute, setText } from "./dom.js";
import { isSend } from "./shortcuts.js";
import { standing } from "./standing.js";
import { say } from "./texts.js";
import { visitorName } from "./visitor.js";

const WARN_LEFT = 200;
const SECRET_DIGITS = 9; // the shortest of what is left out

export class ConsoleReply extends DeskView {
  #field = null;
  #shownId = null;

  connected() {
    this.#field = this.querySelector("#reply-text");
    this.on(this.#field, "input", () => this.#typed());
    this.on(this.#field, "keydown", (event) => this.#key(event));
    this.on(this.part("form"), "submit", (event) => this.#submit(event));
    this.on(this.part("claim"), "click", () => this.console.run("claim", this.desk.openId));
    this.on(this.desk, "tick", () => this.#drawTyping());
    this.on(window, "storage", () => this.#fromOtherTab());
  }

  /** Brings the focus to what can be done here; returns whether there is something. */
  focusAnswer() {
    const target = [this.#field, this.part("claim")].find((node) => node.offsetParent);
    target?.focus();
    return Boolean(target);
  }

  /** Puts a text that was refused back before what is being written. */
  putBack(text) {
    this.#field.value = [text, this.#field.value].filter(Boolean).join("\n");
    this.#typed();
    this.#field.focus();
  }

  /** Puts a ready answer where the caret is, or in place of what stands `from` … `to`. */
  insert(text, { from, to } = {}) {
    const field = this.#field;
    const [start, end] = [from ?? field.selectionStart, to ?? field.selectionEnd];
    const gap = /\S$/u.test(field.value.slice(0, start)) ? " " : "";
    field.setRangeText(gap + text, start, end, "end");
    this.#typed();
    this.#problem(unfilledProblem(text));
    field.focus();
  }

  draw() {
    const id = this.desk.openId;
    if (id !== this.#shownId) this.#turnTo(id);
    if (!id) return;
    const how = standing(this.desk, id);
    this.part("form").hidden = how !== "mine";
    this.part("note").hidden = how === "mine" || how === "loading";
    this.#drawNote(id, how);
    this.#drawLeft(id, how);
    this.#drawTyping();
  }

  #turnTo(id) {
    this.#shownId = id;
    this.#field.value = id ? this.desk.stash.draft(id) : "";
    this.#problem("");
    this.#measure();
  }

  #drawNote(id, how) {
    const card = this.desk.cardOf(id);
    const busy = this.desk.busy.get(id) === "claim";
    const claim = this.part("claim");
    if (!this.part("note").hidden) {
      setText(this.part("note-text"), say(`note_${how}`, { name: card?.agent_name ?? "" }));
    }
    claim.hidden = how !== "waiting";
    setAttribute(claim, "aria-busy", busy ? "true" : null);
    setAttribute(claim, "aria-disabled", busy || !this.desk.isOnline ? "true" : null);
  }

  /* A draft whose conversation went away stays readable, to copy from. */
  #drawLeft(id, how) {
    const draft = how === "mine" || how === "loading" ? "" : this.desk.stash.draft(id);
    this.part("left").hidden = !draft;
    const field = this.part("left").querySelector("textarea");
    if (field.value !== draft) field.value = draft;
  }

  #drawTyping() {
    const { desk } = this;
    const types = desk.openTalk?.isTyping(desk.clock()) ?? false;
    const name = visitorName(desk.cardOf(desk.openId));
    setText(this.part("typing"), types ? say("is_typing", { name }) : "");
  }

  #typed() {
    this.desk.stash.keepDraft(this.#shownId, this.#field.value);
    if (this.#field.value) this.desk.signals.typed(this.#shownId);
    this.#problem("");
    this.#measure();
  }

  #key(event) {
    if (!isSend(event)) return;
    event.preventDefault();
    this.part("form").requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#field.value;
    const unfilled = unfilledProblem(text);
    const problem = !unfilled && this.desk.write(this.#shownId, text);
    if (unfilled) this.#problem(unfilled);
    else if (problem) this.#refuse(problem, text);
    else {
      this.#field.value = "";
      this.#problem("");
      this.#measure();
    }
    this.#field.focus();
  }

  #refuse(problem, text) {
    const over = textLength(text.trim()) - this.console.limits.text;
    this.#problem(say(`text_${problem === "long" ? "too_long" : "empty"}`, { count: over }));
  }

  #problem(sentence) {
    setText(this.part("problem"), sentence);
    setAttribute(this.#field, "aria-invalid", sentence ? "true" : null);
  }

  #measure() {
    const left = this.console.limits.text - textLength(this.#field.value.trim());
    const key = left < 0 ? "characters_over" : "characters_left";
    setText(this.part("count"), left <= WARN_LEFT ? say(key, { count: Math.abs(left) }) : "");
    this.part("count").classList.toggle("reply-over", left < 0);
    this.#warn();
  }

  /* The portal leaves it out in any case. */
  #warn() {
    const text = this.#field.value;
    const many = text.match(/\p{Nd}/gu)?.length >= SECRET_DIGITS;
    const kind = many ? findsSecret(text) : "";
    setText(this.part("secret"), kind ? say("secret", { what: say(`secret_${kind}`) }) : "");
  }

  #fromOtherTab() {
    if (!this.#shownId || document.hasFocus()) return;
    this.#field.value = this.desk.stash.draft(this.#shownId);
    this.#measure();
  }
}
