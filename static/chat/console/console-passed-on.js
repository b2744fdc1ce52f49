/** Beside the conversation: its questions that were passed on, and how they stand. */

import { DeskView } from "./desk-view.js";
import { element, follow, setAttribute, setText } from "./dom.js";

export class ConsolePassedOn extends DeskView {
  connected() {
    this.on(this.desk, "open", () => this.desk.passedOn.refresh());
  }

  draw() {
    const { desk } = this;
    const list = desk.openId ? desk.passedOn.of(desk.openId) : [];
    this.hidden = !list.length;
    follow(this.part("list"), list, {
      key: ({ reference }) => reference,
      make: newLine,
      update: updateLine,
    });
  }
}

function newLine() {
  const link = element("a", { target: "_blank", rel: "noopener" });
  const facts = element("span", { class: "passed-facts" });
  return Object.assign(element("li", { class: "passed" }, link, facts), { link, facts });
}

function updateLine(node, { reference, facts, url }) {
  setText(node.link, reference);
  setAttribute(node.link, "href", url);
  setText(node.facts, facts);
}
