/** Starts the console: the words, then the elements, the outermost first. */

import { ChatConsole } from "./chat-console.js";
import { ConsoleAlerts } from "./console-alerts.js";
import { ConsoleAnswers } from "./console-answers.js";
import { ConsoleAttach } from "./console-attach.js";
import { ConsoleAway } from "./console-away.js";
import { ConsoleCards } from "./console-cards.js";
import { ConsoleClose } from "./console-close.js";
import { ConsoleContext } from "./console-context.js";
import { ConsoleHandOver } from "./console-hand-over.js";
import { ConsoleHints } from "./console-hints.js";
import { ConsoleKeys } from "./console-keys.js";
import { ConsoleLink } from "./console-link.js";
import { ConsoleLinks } from "./console-links.js";
import { ConsoleLog } from "./console-log.js";
import { ConsoleNotes } from "./console-notes.js";
import { ConsoleNotice } from "./console-notice.js";
import { ConsolePalette } from "./console-palette.js";
import { ConsolePassOn } from "./console-pass-on.js";
import { ConsolePassedOn } from "./console-passed-on.js";
import { ConsolePresence } from "./console-presence.js";
import { ConsoleReply } from "./console-reply.js";
import { ConsoleReturn } from "./console-return.js";
import { ConsoleRush } from "./console-rush.js";
import { ConsoleRushState } from "./console-rush-state.js";
import { ConsoleScheme } from "./console-scheme.js";
import { ConsoleStop } from "./console-stop.js";
import { ConsoleTalk } from "./console-talk.js";
import { ConsoleTransfer } from "./console-transfer.js";
import { ConsoleVoice } from "./console-voice.js";
import { ConsoleWrapUp } from "./console-wrap-up.js";
import { useTexts } from "./texts.js";

const bootstrap = JSON.parse(document.getElementById("console-bootstrap").textContent);
useTexts(bootstrap.texts);
ChatConsole.bootstrap = bootstrap;

const elements = {
  "chat-console": ChatConsole,
  "console-answers": ConsoleAnswers,
  "console-alerts": ConsoleAlerts,
  "console-attach": ConsoleAttach,
  "console-away": ConsoleAway,
  "console-cards": ConsoleCards,
  "console-close": ConsoleClose,
  "console-context": ConsoleContext,
  "console-hand-over": ConsoleHandOver,
  "console-hints": ConsoleHints,
  "console-keys": ConsoleKeys,
  "console-link": ConsoleLink,
  "console-links": ConsoleLinks,
  "console-log": ConsoleLog,
  "console-notes": ConsoleNotes,
  "console-notice": ConsoleNotice,
  "console-palette": ConsolePalette,
  "console-pass-on": ConsolePassOn,
  "console-passed-on": ConsolePassedOn,
  "console-presence": ConsolePresence,
  "console-reply": ConsoleReply,
  "console-return": ConsoleReturn,
  "console-rush": ConsoleRush,
  "console-rush-state": ConsoleRushState,
  "console-scheme": ConsoleScheme,
  "console-stop": ConsoleStop,
  "console-talk": ConsoleTalk,
  "console-transfer": ConsoleTransfer,
  "console-voice": ConsoleVoice,
  "console-wrap-up": ConsoleWrapUp,
};
for (const [tag, type] of Object.entries(elements)) customElements.define(tag, type);
