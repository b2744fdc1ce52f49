// Keys on the pages of questions; `?` lists them. Nothing is heard while somebody types.
const TYPING = "input, textarea, select, [contenteditable]";

function open(selector) {
  const field = document.querySelector(selector);
  if (!field) return;
  const folded = field.closest("details");
  if (folded) folded.open = true;
  field.focus();
}

function step(by) {
  const links = [...document.querySelectorAll(".asked-words")];
  if (!links.length) return;
  const now = links.indexOf(document.activeElement);
  const next = now < 0 ? 0 : Math.min(Math.max(now + by, 0), links.length - 1);
  links[next].focus();
}

const KEYS = {
  "?": () => document.querySelector("[data-key-help]")?.showModal(),
  "/": () => open("#search"),
  j: () => step(1),
  k: () => step(-1),
  a: () => open("#answer"),
  n: () => open("#note"),
  u: () => document.querySelector("[data-back]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  if (document.querySelector("dialog[open]") || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});
