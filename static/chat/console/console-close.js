/** Asks the topic, then closes the conversation. */

import { setAttribute } from "./dom.js";
import { LettingGo } from "./letting-go.js";
import { say } from "./texts.js";
import { chosenTopic, fillTopics } from "./topics.js";

export class ConsoleClose extends LettingGo {
  aboutKey = "close_about";

  connected() {
    super.connected();
    fillTopics(this.part("topic"), this.console.topics);
    this.on(this.part("topic"), "change", (event) => {
      this.desk.stash.keepTopic(this.id, event.target.value);
      this.problem("");
      this.desk.changed();
    });
  }

  opened() {
    this.part("topic").value = chosenTopic(this.desk, this.id);
    this.part("draft").hidden = !this.desk.stash.draft(this.id).trim();
    this.part("abuse").checked = false;
    this.part("unsent-file").hidden = !this.desk.files.unsent(this.id).length;
  }

  act() {
    const topic = this.part("topic").value;
    if (topic) this.desk.close(this.id, topic, this.part("abuse").checked ? "abuse" : "");
    else {
      this.problem(say("topic_needed"));
      this.part("topic").focus();
    }
    return Boolean(topic);
  }

  problem(sentence) {
    super.problem(sentence);
    setAttribute(this.part("topic"), "aria-invalid", sentence ? "true" : null);
  }
}
