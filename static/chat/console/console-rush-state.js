/** Under the bar, for every agent: that the telephone comes first, that the chat is closed for now. */

import { DeskView } from "./desk-view.js";
import { setText } from "./dom.js";
import { phoneWords, stopWords } from "./rush-words.js";
import { say } from "./texts.js";

export class ConsoleRushState extends DeskView {
  connected() {
    this.on(this.part("off"), "click", () => this.#end("phone_first", { on: false }));
    this.on(this.part("resume"), "click", () => this.#end("resume_chat"));
  }

  draw() {
    const { rush } = this.desk;
    this.part("phone").hidden = !rush?.phone_first;
    this.part("stop").hidden = !rush?.stop;
    this.hidden = !rush?.phone_first && !rush?.stop;
    if (this.hidden) return;
    this.part("off").hidden = this.part("resume").hidden = !rush.may_switch;
    if (rush.phone_first) this.#showPhone(rush.phone_first);
    if (rush.stop) this.#showStop(rush.stop);
  }

  #showPhone(first) {
    const { by, source } = first;
    setText(this.part("phone-what"), phoneWords(first, this.desk.lang));
    const who = source === "exchange" ? say("rush_by_exchange") : say("rush_by", { name: by });
    setText(this.part("phone-who"), who);
  }

  #showStop(stop) {
    setText(this.part("stop-what"), stopWords(stop, this.desk.lang));
    setText(this.part("stop-who"), say("stop_by", { name: stop.by, text: stop.text }));
  }

  #end(type, fields) {
    this.console.run("rush", { type, fields });
    this.console.run("after-rush");
  }
}
