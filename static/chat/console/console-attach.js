/** Sending a file: by the button, by pasting a picture, by letting one go above the conversation. */

import { DeskView } from "./desk-view.js";
import { setText } from "./dom.js";
import { say } from "./texts.js";

const HELD_MS = 400; // a browser says at least this often that something is still held above

export class ConsoleAttach extends DeskView {
  #input = null;
  #shownId = null;
  #held = null;

  connected() {
    this.#input = this.part("file");
    this.#input.accept = this.desk.files.limits?.types.join(",") ?? "";
    this.on(this.#input, "change", () => this.#chosen());
    this.on(document, "paste", (event) => this.#paste(event));
    this.on(document, "dragover", (event) => this.#drag(event));
    this.on(document, "drop", (event) => this.#drop(event));
    this.on(window, "beforeunload", (event) => this.#leave(event));
  }

  draw() {
    this.part("attach").hidden = !this.desk.files.limits;
    if (this.desk.openId === this.#shownId) return;
    this.#shownId = this.desk.openId;
    setText(this.part("problem"), "");
  }

  /** Asks for files. */
  choose() {
    if (this.desk.files.limits) this.#input.click();
  }

  #chosen() {
    this.#take(this.#input.files);
    this.#input.value = "";
  }

  #take(chosen) {
    const { files } = this.desk;
    const [id, all] = [this.#shownId, [...chosen]];
    const refused = all.filter((file) => !files.accepts(file));
    const names = refused.map(({ name }) => name).join(", ");
    setText(this.part("problem"), names ? say("file_refused", { name: names }) : "");
    for (const file of all) if (!refused.includes(file)) files.add(id, file);
  }

  get #mayTake() {
    return Boolean(this.desk.files.limits) && this.desk.isMine(this.desk.openId);
  }

  /* Words that were copied with their picture (from a text processor) are pasted as words. */
  #paste(event) {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain") || !this.#mayTake) return;
    event.preventDefault();
    this.#take(files);
  }

  /* Also where it cannot be sent: the browser would leave the page for the file. */
  #drag(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = this.#mayTake ? "copy" : "none";
    this.console.classList.toggle("console-dropping", this.#mayTake);
    clearTimeout(this.#held);
    this.#held = setTimeout(() => this.console.classList.remove("console-dropping"), HELD_MS);
  }

  #drop(event) {
    const { files, types } = event.dataTransfer;
    if (!types.includes("Files")) return;
    event.preventDefault();
    this.console.classList.remove("console-dropping");
    if (this.#mayTake) this.#take(files);
    else this.desk.notify(say("file_not_here"));
  }

  #leave(event) {
    if (this.desk.files.areUnderWay) event.preventDefault();
  }
}
