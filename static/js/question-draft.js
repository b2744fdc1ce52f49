// What somebody types on the page of a question survives a reload; ready answers go in by a click.
import { SafeStorage } from "../chat/widget/storage.js";

const page = document.querySelector("[data-question]");
const kept = new SafeStorage(`hasselt-question.${page.dataset.person}.`);
const SENT = "sent";

function keyOf(field) {
  return `draft.${page.dataset.question}.${field.dataset.draft}`;
}

/** The field that was sent and came through: its draft is over. */
function forgetSent() {
  const sent = kept.get(SENT);
  if (sent && page.dataset.sent) kept.remove(sent);
  kept.remove(SENT);
}

function follow(field) {
  const draft = kept.get(keyOf(field));
  if (!field.value && draft) {
    field.value = draft;
    const folded = field.closest("details");
    if (folded) folded.open = true;
  }
  const keep = () => {
    if (field.value) kept.set(keyOf(field), field.value);
    else kept.remove(keyOf(field));
  };
  // Who types quickly was there before this script.
  if (field.value !== field.defaultValue) keep();
  field.addEventListener("input", keep);
  field.form.addEventListener("submit", () => kept.set(SENT, keyOf(field)));
}

function insertReady(event) {
  const chosen = document.querySelector("#ready").selectedOptions[0];
  const answer = document.querySelector("#answer");
  event.preventDefault();
  if (!chosen?.dataset.text) return;
  answer.focus();
  const { selectionStart, selectionEnd } = answer;
  answer.setRangeText(chosen.dataset.text, selectionStart, selectionEnd, "end");
  answer.dispatchEvent(new Event("input", { bubbles: true }));
}

forgetSent();
for (const field of page.querySelectorAll("[data-draft]")) follow(field);
page.querySelector("[data-insert]")?.addEventListener("click", insertReady);
