// <search-suggest data-source="…">: suggestions under a search form (ARIA combobox with a listbox).
// Without this script the form works as it is: it leads to the page of results.
import { readSuggestions, spoken, step, worthAsking } from "./suggestions.js";

const PAUSE_MS = 150;

class SearchSuggest extends HTMLElement {
  #input;
  #list;
  #status;
  #suggestions = [];
  #active = -1;
  #timer;
  #request;
  #life;

  connectedCallback() {
    this.#input = this.querySelector("input[name=q]");
    if (!this.#input) return;
    this.#life = new AbortController();
    this.#build();
    const { signal } = this.#life;
    this.#input.addEventListener("input", () => this.#ask(), { signal });
    this.#input.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.#list.addEventListener("click", (event) => this.#onClick(event), { signal });
    this.addEventListener("focusout", (event) => this.#onLeave(event), { signal });
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#life?.abort();
    this.#list?.remove();
    this.#status?.remove();
  }

  #build() {
    this.#list = document.createElement("ul");
    this.#list.className = "suggestions";
    this.#list.id = `${this.#input.id}-suggestions`;
    this.#list.setAttribute("role", "listbox");
    this.#list.setAttribute("aria-label", this.#input.labels[0]?.textContent ?? "");
    this.#list.hidden = true;
    this.#status = document.createElement("p");
    this.#status.className = "visually-hidden";
    this.#status.setAttribute("role", "status");
    this.#input.form.append(this.#list);
    this.append(this.#status);
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.#list.id],
    ]) {
      this.#input.setAttribute(name, value);
    }
  }

  #ask() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const words = worthAsking(this.#input.value);
    if (!words) {
      this.#close();
      return;
    }
    this.#timer = setTimeout(() => this.#fetch(words), PAUSE_MS);
  }

  async #fetch(words) {
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      const address = `${this.dataset.source}?q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { signal, credentials: "omit" });
      if (answer.ok) this.#show(readSuggestions(await answer.json()));
    } catch (error) {
      // Offline or overtaken by the next letter: the form itself still searches.
      if (error.name !== "AbortError") this.#close();
    }
  }

  #show(suggestions) {
    if (!this.contains(document.activeElement)) return;
    this.#suggestions = suggestions;
    this.#list.replaceChildren(...suggestions.map((item, index) => this.#option(item, index)));
    this.#list.hidden = suggestions.length === 0;
    this.#input.setAttribute("aria-expanded", String(suggestions.length > 0));
    this.#status.textContent = spoken(suggestions.length, this.dataset);
    this.#mark(-1);
  }

  #option({ title, summary, lang }, index) {
    const option = document.createElement("li");
    option.className = "suggestion";
    option.id = `${this.#list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    if (lang) option.lang = lang;
    const name = document.createElement("strong");
    name.textContent = title;
    const about = document.createElement("span");
    about.textContent = summary;
    option.append(name, about);
    return option;
  }

  #mark(index) {
    this.#active = index;
    [...this.#list.children].forEach((option, n) => {
      option.setAttribute("aria-selected", String(n === index));
    });
    if (index < 0) this.#input.removeAttribute("aria-activedescendant");
    else this.#input.setAttribute("aria-activedescendant", this.#list.children[index].id);
  }

  #onKey(event) {
    if (event.isComposing) return;
    const isOpen = !this.#list.hidden;
    if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      this.#close();
    } else if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.#mark(step(this.#active, event.key, this.#suggestions.length));
    } else if (event.key === "ArrowDown") {
      this.#ask();
    } else if (event.key === "Enter" && isOpen && this.#active >= 0) {
      event.preventDefault();
      this.#go(this.#active);
    }
  }

  #onClick(event) {
    const option = event.target.closest("[role=option]");
    if (option) this.#go([...this.#list.children].indexOf(option));
  }

  #onLeave(event) {
    if (!this.contains(event.relatedTarget)) this.#close();
  }

  #go(index) {
    window.location.assign(this.#suggestions[index].url);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#suggestions = [];
    this.#active = -1;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#status.textContent = "";
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }
}

customElements.define("search-suggest", SearchSuggest);
