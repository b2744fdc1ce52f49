/** Above the lists: that no chat comes by itself now, why, and the way back. */

import { DeskView } from "./desk-view.js";
import { setText } from "./dom.js";
import { say } from "./texts.js";

export class ConsoleAway extends DeskView {
  draw() {
    const { isOnline, presence, letLie } = this.desk;
    this.hidden = !isOnline || !presence || presence === "available";
    if (this.hidden) return;
    setText(this.part("title"), say(`you_are_${presence}`));
    setText(this.part("text"), say(letLie ? `put_away_${letLie}` : "no_chats_come"));
  }
}
