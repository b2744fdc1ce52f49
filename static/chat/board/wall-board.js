/** The wall board: asks for the figures, draws what changed, says when they are old. */

import { element, follow, setText } from "../console/dom.js";
import { age, clock } from "../console/moments.js";
import { say } from "../console/texts.js";
import { Figures } from "./figures.js";

const PLAIN = ["waiting", "answered", "missed", "missed_about", "telephone", "overdue"];
const ABOUT = ["satisfaction_about", "agents_about"];
const LATE_MS = 2 * 60_000;

export class WallBoard extends HTMLElement {
  #figures = null;
  #timer = null;
  #clock = null;
  #said = "fresh";

  connectedCallback() {
    const ask = (address, options) => fetch(address, options);
    const everyMs = Number(this.dataset.every);
    this.#figures = new Figures({ from: this.dataset.from, everyMs, ask });
    this.#look();
    this.#clock = setInterval(() => this.#drawAge(), 1_000);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    clearInterval(this.#clock);
    this.#figures = null;
  }

  async #look() {
    const figures = this.#figures;
    const changed = await figures.next();
    if (figures !== this.#figures) return; // gone from the page meanwhile
    if (changed) this.#draw();
    this.#drawState();
    this.#timer = setTimeout(() => this.#look(), figures.pauseMs);
  }

  #draw() {
    const found = this.#figures.figures;
    if (!found) return;
    for (const name of [...PLAIN, ...ABOUT]) this.#write(name, String(found[name]));
    this.#write("satisfaction", found.satisfaction || "–");
    this.#part("[data-figure=waiting]").classList.toggle("board-some", found.waiting > 0);
    this.#part("[data-figure=overdue]").classList.toggle("board-late", found.overdue > 0);
    this.#part("[data-nobody]").hidden = found.agents.length > 0;
    this.#drawNotes(found.notes);
    this.#drawAgents(found.agents);
    this.#drawAge();
  }

  #drawNotes(notes) {
    follow(this.#part("[data-notes]"), notes, {
      key: ({ kind }) => kind,
      make: ({ kind }) => element("li", { class: `board-note board-note-${kind}` }),
      update: (node, { text }) => setText(node, text),
    });
  }

  #drawAgents(agents) {
    // Two may have the same first name, so the place in the list is the key.
    const lines = agents.map((agent, place) => ({ ...agent, place }));
    follow(this.#part("[data-agents]"), lines, {
      key: ({ place }) => place,
      make: newAgent,
      update: updateAgent,
    });
  }

  /* The portal's moment and this screen's clock may differ by a little; an age below zero is zero. */
  #drawAge() {
    const found = this.#figures?.figures;
    if (!found) return;
    const waitedMs = found.waiting_since ? Date.now() - Date.parse(found.waiting_since) : null;
    const longest = this.#part("[data-figure=longest]");
    setText(longest, waitedMs === null ? "–" : age(waitedMs));
    longest.classList.toggle("board-late", waitedMs > LATE_MS);
  }

  #drawState() {
    const { state, at } = this.#figures;
    if (at === null && state === "fresh") return;
    const time = clock(at ?? performance.timeOrigin, document.documentElement.lang);
    this.dataset.link = state;
    setText(this.#part("[data-at-text]"), say(state === "fresh" ? "at" : state, { time }));
    if (state === this.#said) return;
    this.#said = state;
    setText(this.#part("[data-voice]"), say(state === "fresh" ? "back" : state, { time }));
  }

  #write(name, text) {
    setText(this.#part(`[data-figure=${name}]`), text);
  }

  #part(selector) {
    return this.querySelector(selector);
  }
}

function newAgent() {
  return element(
    "li",
    { class: "board-agent" },
    element("span", { class: "dot", "aria-hidden": "true" }),
    element("span", { class: "board-name" }),
    element("span", { class: "board-state" }),
    element("span", { class: "board-load" }),
  );
}

function updateAgent(node, { name, state, state_name: stateName, open, cap }) {
  const [, first, second, third] = node.children;
  node.dataset.state = state;
  node.classList.toggle("board-full", open >= cap);
  setText(first, name);
  setText(second, stateName);
  setText(third, say("load", { open, cap }));
}
