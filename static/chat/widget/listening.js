/** While the panel is open without a conversation: hears at once whether the chat is open. */

import { Connection } from "./connection.js";
import { frame, VERSION } from "./protocol.js";

/**
 * A Connection that gives each frame to `heard`. Once lost it stays so until the next `start`: the
 * launcher asks for the status anyway, and who cannot open a socket must not try for ever.
 */
export function listening({ lang, heard, ...options }) {
  const connection = new Connection({
    opener: () => frame("listen", { v: VERSION, lang }),
    onFrame: (received) => {
      connection.settled();
      heard(received);
    },
    onState: (state) => state === "waiting" && queueMicrotask(() => connection.stop()),
    ...options,
  });
  return connection;
}
