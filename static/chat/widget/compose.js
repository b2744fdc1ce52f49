/** The field in which the citizen writes. What is typed is kept until it is sent. */

import { h, say } from "./dom.js";
import { icon } from "./icon.js";
import { cleaned, textLength } from "./protocol.js";

/** The shortest of what is left out. */
const SECRET_DIGITS = 9;

export class Compose {
  #words;
  #limits;
  #files;
  #storage;
  #on;
  #field = h("textarea", { id: "field", rows: "1", enterkeyhint: "send", autocomplete: "off" });
  #label = h("label", { for: "field" });
  #counter = h("p", { class: "counter", role: "status" });
  #error = h("p", { class: "error", id: "error", role: "alert", hidden: true });
  #secret = h("p", { class: "secret", role: "status" });
  #attach;
  element;

  /**
   * `on` is {send(text), typed(), confirm(), files(list)}: confirm is Enter in an empty field; true
   * when used.
   */
  constructor({ words, settings: { limits, files }, storage, on }) {
    this.#words = words;
    this.#limits = limits;
    this.#files = files;
    this.#storage = storage;
    this.#on = on;
    const keys = h("p", { class: "keys", id: "keys" }, words.t("keys"));
    const send = h("button", { class: "send", "aria-label": words.t("send") }, icon("send"));
    this.#attach = this.#attachButton();
    const line = h("div", { class: "line" }, this.#attach, this.#field, send);
    const above = h("div", { class: "above" }, this.#label, this.#counter);
    this.element = h("form", {
      class: "compose",
      novalidate: true,
      submit: (event) => this.#submit(event),
    });
    this.element.append(this.#secret, above, line, this.#error, keys);
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("paste", ({ clipboardData: { files } }) => this.take(files));
    this.#describe();
    this.value = storage.get("draft") ?? "";
  }

  get value() {
    return this.#field.value;
  }

  set value(text) {
    this.#field.value = text;
    if (text) this.#storage.set("draft", text);
    else if (this.#storage.get("draft") !== null) this.#storage.remove("draft");
    this.#fit();
    this.#count();
    this.#warn();
  }

  setLabel(text) {
    say(this.#label, text);
  }

  /** `mayAttach`: a conversation runs, so a file has where to go. */
  allowFiles(mayAttach) {
    this.#attach.hidden = !mayAttach || !this.#files;
  }

  /** Files that were chosen, pasted or let go here. */
  take(files) {
    if (!this.#attach.hidden && files.length) this.#on.files([...files]);
  }

  focus() {
    this.#field.focus();
  }

  /** Puts a text that could not be sent back, above what was typed since. */
  putBack(text) {
    if (!this.value.includes(text)) this.value = [text, this.value].filter(Boolean).join("\n\n");
  }

  showError(text) {
    this.#error.hidden = !text;
    say(this.#error, text);
    this.#describe();
  }

  /** Gives the field its height; only possible once it is on screen. */
  fit() {
    this.#fit();
  }

  #attachButton() {
    const input = h("input", { type: "file", multiple: true });
    if (this.#files) input.accept = this.#files.types;
    input.addEventListener("change", () => {
      this.take(input.files);
      input.value = "";
    });
    const label = this.#words.t("attach");
    const click = () => input.click();
    const props = { class: "attach", type: "button", title: label, "aria-label": label, click };
    return h("button", props, icon("clip"));
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) this.element.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = cleaned(this.value);
    const over = textLength(text) - this.#limits.text;
    if (!text && this.#on.confirm()) return;
    if (!text) this.showError(this.#words.t("error_empty"));
    else if (over > 0) this.showError(this.#words.t("error_long", { count: over }));
    else {
      this.showError("");
      this.value = "";
      this.#on.send(text);
    }
    this.focus();
  }

  #typed() {
    this.value = this.#field.value;
    if (!this.#error.hidden && textLength(cleaned(this.value)) <= this.#limits.text)
      this.showError("");
    if (this.value) this.#on.typed();
  }

  #fit() {
    const { style } = this.#field;
    style.height = "auto";
    const border = this.#field.offsetHeight - this.#field.clientHeight;
    if (this.#field.scrollHeight) style.height = `${this.#field.scrollHeight + border}px`;
  }

  /** From the warning on; spoken in steps, not at each key. */
  #count() {
    const length = textLength(cleaned(this.value));
    const left = this.#limits.text - length;
    const shown = length >= this.#limits.warn_from;
    const key = left < 0 ? "over_characters" : "left_characters";
    this.#counter.classList.toggle("over", left < 0);
    say(this.#counter, shown ? this.#words.t(key, { count: Math.abs(left) }) : "");
    this.#counter.setAttribute("aria-live", left % 50 === 0 || left === -1 ? "polite" : "off");
  }

  /** What need not be sent is named while it is typed; the portal leaves it out in any case. */
  async #warn() {
    let kind = "";
    if (this.value.match(/\p{Nd}/gu)?.length >= SECRET_DIGITS) {
      // Few type so many digits. Without it nobody warns, and nothing else changes.
      const masking = await import("./masking.js").catch(() => null);
      kind = masking?.findsSecret(this.value);
    }
    const what = kind && this.#words.t(`secret_${kind}`);
    say(this.#secret, what ? this.#words.t("secret", { what }) : "");
  }

  #describe() {
    const hasError = !this.#error.hidden;
    this.#field.setAttribute("aria-describedby", hasError ? "error keys" : "keys");
    this.#field.toggleAttribute("aria-invalid", false);
    if (hasError) this.#field.setAttribute("aria-invalid", "true");
  }
}
