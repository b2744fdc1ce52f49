// <department-suggest data-source="…">: departments that fit, while somebody types the question.
// Without this script a button asks for the same.
import { askDepartments, isWorthAsking, keptChoice, spokenCount } from "./suggested-departments.js";

const PAUSE_MS = 400;

class DepartmentSuggest extends HTMLElement {
  #form;
  #all;
  #timer;
  #request;
  #life;

  connectedCallback() {
    this.#form = this.closest("form");
    this.#all = this.querySelector("[data-all]");
    this.#life = new AbortController();
    const { signal } = this.#life;
    const button = this.querySelector("[value=suggest]");
    // Also no longer what Enter in a field presses.
    Object.assign(button, { hidden: true, disabled: true });
    for (const name of ["text", "topic"]) {
      this.#form.elements[name].addEventListener("input", () => this.#ask(), { signal });
    }
    this.#all.addEventListener("change", () => this.#choseInList(), { signal });
    this.addEventListener("change", (event) => this.#choseRadio(event), { signal });
    if (!this.querySelector("[data-list]").childElementCount) this.#ask();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#life?.abort();
  }

  #ask() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const { text, topic } = this.#form.elements;
    if (!isWorthAsking(text.value, topic.value)) return;
    this.#timer = setTimeout(() => this.#fetch(text.value, topic.value), PAUSE_MS);
  }

  async #fetch(text, topic) {
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      const csrf = this.#form.elements.csrfmiddlewaretoken.value;
      const found = await askDepartments({
        source: this.dataset.source,
        text,
        topic,
        csrf,
        signal,
      });
      if (found) this.#show(found);
    } catch {
      // Offline or overtaken by the next letter: the list of all departments is there.
    }
  }

  #show(found) {
    const list = this.querySelector("[data-list]");
    const known = [...list.querySelectorAll("input")].map(({ value }) => value);
    if (known.join() === found.map(({ slug }) => slug).join()) return;
    const another = this.querySelector("[data-another]");
    const before = { chosen: this.#chosen, other: this.#all.value };
    const hadFocus = list.contains(document.activeElement);
    list.replaceChildren(...found.map(newChoice));
    const { chosen, other } = keptChoice(before, found, another.value);
    this.#all.value = other;
    for (const box of this.querySelectorAll("[name=department]"))
      box.checked = box.value === chosen;
    if (hadFocus) (this.querySelector("[name=department]:checked") ?? another).focus();
    this.querySelector("[data-voice]").textContent = spokenCount(found.length, this.dataset);
  }

  get #chosen() {
    return this.querySelector("[name=department]:checked")?.value ?? "";
  }

  #choseInList() {
    if (this.#all.value) this.querySelector("[data-another]").checked = true;
  }

  /* One department at a time: the list lets go of its own when a suggested one is taken. */
  #choseRadio({ target }) {
    if (target.name === "department" && !("another" in target.dataset)) this.#all.value = "";
  }
}

function newChoice({ slug, name, reason }) {
  const label = document.createElement("label");
  label.className = "department";
  const box = Object.assign(document.createElement("input"), {
    type: "radio",
    name: "department",
    value: slug,
  });
  label.append(box, part("department-name", name), part("department-reason", reason));
  return label;
}

function part(className, text) {
  return Object.assign(document.createElement("span"), { className, textContent: text });
}

customElements.define("department-suggest", DepartmentSuggest);
