/** Asks once more before a conversation goes back to the queue. */

import { LettingGo } from "./letting-go.js";

export class ConsoleReturn extends LettingGo {
  aboutKey = "return_about";

  act() {
    this.desk.giveBack(this.id);
    return true;
  }
}
