/** The door of questions that are passed on from a conversation. */

import { askDepartments } from "../../js/suggested-departments.js";
import { answerOf, csrfToken } from "./file-door.js";
import { say } from "./texts.js";

const SILENT_MS = 20_000;

/** `{list(id), send(id, fields), suggest({text, topic, signal})}` for the desk. */
export function passedOnDoor(suggestAddress) {
  return {
    list: (id) => ask(id),
    send: (id, fields) =>
      ask(id, {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken() },
        body: new URLSearchParams(fields),
      }),
    suggest: (typed) => askDepartments({ source: suggestAddress, csrf: csrfToken(), ...typed }),
  };
}

/* The answer of the portal, or an error frame; never throws. */
async function ask(id, options = {}) {
  try {
    const signal = AbortSignal.timeout(SILENT_MS);
    const address = `${location.pathname}${id}/doorgestuurd.json`;
    const answer = await fetch(address, { ...options, signal, redirect: "manual" });
    const found = await answer.json().catch(() => null);
    if (answer.ok && found) return found;
    return answerOf(answer.status, found) ?? problem(answer.type);
  } catch {
    return { type: "error", code: "failed", text: say("no_connection") };
  }
}

/* Sent to the login: the session is over. */
function problem(type) {
  const key = type === "opaqueredirect" ? "pass_page_old" : "no_connection";
  return { type: "error", code: "", text: say(key) };
}
