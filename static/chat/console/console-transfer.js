/** Passes the conversation on: who of the colleagues, and a note for that colleague. */

import { hasDraft } from "./centre.js";
import { element, follow, setText } from "./dom.js";
import { LettingGo } from "./letting-go.js";
import { say } from "./texts.js";

export class ConsoleTransfer extends LettingGo {
  aboutKey = "transfer_about";

  connected() {
    super.connected();
    this.on(this.part("list"), "change", () => this.problem(""));
  }

  opened() {
    this.part("note").value = "";
    this.part("draft").hidden = !hasDraft(this.desk, this.id);
    // Nobody is chosen any more, so who is full since the last time is no choice either.
    for (const box of this.#boxes()) box.checked = false;
    this.#drawColleagues();
    const first = this.#boxes().find((box) => !box.disabled);
    if (first) first.checked = true;
  }

  draw() {
    super.draw();
    if (this.dialog?.open) this.#drawColleagues();
  }

  act() {
    const chosen = this.#boxes().find((box) => box.checked);
    if (chosen) this.desk.transfer(this.id, chosen.value, this.part("note").value);
    else this.problem(say("colleague_needed"));
    return Boolean(chosen);
  }

  #boxes() {
    return [...this.part("list").querySelectorAll("input")];
  }

  #drawColleagues() {
    const { colleagues } = this.desk;
    this.part("nobody").hidden = colleagues.length > 0;
    follow(this.part("list"), [...colleagues].sort(byRoom), {
      key: ({ id }) => id,
      make: newColleague,
      update: updateColleague,
    });
  }
}

/* Who can take it first; then the least busy. */
function byRoom(one, other) {
  return (
    Number(other.is_free) - Number(one.is_free) ||
    Number(other.state === "available") - Number(one.state === "available") ||
    one.open - other.open
  );
}

function newColleague({ id }) {
  const box = element("input", { type: "radio", name: "colleague", value: id });
  const name = element("span", { class: "colleague-name" });
  const facts = element("span", { class: "colleague-facts" });
  return element("label", { class: "colleague" }, box, name, facts);
}

function updateColleague(row, { name, state, open, cap, is_free: isFree }) {
  const box = row.querySelector("input");
  // Who is chosen stays chosen: the portal says it when that one has just left.
  box.disabled = !isFree && !box.checked;
  row.classList.toggle("colleague-full", !isFree);
  setText(row.querySelector(".colleague-name"), name);
  const load = say("load", { open, cap });
  setText(row.querySelector(".colleague-facts"), `${say(`state_${state}`)}, ${load}`);
}
