/** Starts the console: the words, then the elements, the outermost first. */

import { ChatConsole } from "./chat-console.js";
import { ConsoleAlerts } from "./console-alerts.js";
import { ConsoleAttach } from "./console-attach.js";
import { ConsoleCards } from "./console-cards.js";
import { ConsoleClose } from "./console-close.js";
import { ConsoleContext } from "./console-context.js";
import { ConsoleKeys } from "./console-keys.js";
import { ConsoleLink } from "./console-link.js";
import { ConsoleLog } from "./console-log.js";
import { ConsoleNotice } from "./console-notice.js";
import { ConsolePresence } from "./console-presence.js";
import { ConsoleReply } from "./console-reply.js";
import { ConsoleReturn } from "./console-return.js";
import { ConsoleScheme } from "./console-scheme.js";
import { ConsoleTalk } from "./console-talk.js";
import { ConsoleVoice } from "./console-voice.js";
import { useTexts } from "./texts.js";

const bootstrap = JSON.parse(document.getElementById("console-bootstrap").textContent);
useTexts(bootstrap.texts);
ChatConsole.bootstrap = bootstrap;

const elements = {
  "chat-console": ChatConsole,
  "console-alerts": ConsoleAlerts,
  "console-attach": ConsoleAttach,
  "console-cards": ConsoleCards,
  "console-close": ConsoleClose,
  "console-context": ConsoleContext,
  "console-keys": ConsoleKeys,
  "console-link": ConsoleLink,
  "console-log": ConsoleLog,
  "console-notice": ConsoleNotice,
  "console-presence": ConsolePresence,
  "console-reply": ConsoleReply,
  "console-return": ConsoleReturn,
  "console-scheme": ConsoleScheme,
  "console-talk": ConsoleTalk,
  "console-voice": ConsoleVoice,
};
for (const [tag, type] of Object.entries(elements)) customElements.define(tag, type);
