/** What the elements of the console share: the desk they show, and the undo of all they began. */

export class DeskView extends HTMLElement {
  #undo = null;
  desk = null;

  connectedCallback() {
    this.#undo = new AbortController();
    this.console = this.closest("chat-console");
    this.desk = this.console.desk;
    this.connected();
    this.on(this.desk, "change", () => this.draw());
    this.draw();
  }

  disconnectedCallback() {
    this.#undo.abort();
  }

  /** Listens until the element leaves the page. */
  on(target, type, react, options = {}) {
    target.addEventListener(type, react, { ...options, signal: this.#undo.signal });
  }

  /** The part of this element's own HTML that carries `data-<name>`. */
  part(name) {
    return this.querySelector(`[data-${name}]`);
  }

  /** Called once it is in the page, before the first `draw`. */
  connected() {}

  /** Brings the page in line with the desk; called after each change. */
  draw() {}
}
