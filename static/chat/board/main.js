/** Starts the wall board with its words. */

import { useTexts } from "../console/texts.js";
import { WallBoard } from "./wall-board.js";

useTexts(JSON.parse(document.getElementById("board-texts").textContent));
customElements.define("wall-board", WallBoard);
