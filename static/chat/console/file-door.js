/** The doors of files: where to send one, where to read one. */

import { postFile } from "../widget/post.js";
import { say } from "./texts.js";

const SILENT_MS = 90_000;

/** Where the content of a file lies; `shown` is for a picture on the page. */
export function fileAddress(id, { shown = false } = {}) {
  return `${location.pathname}bestanden/${id}/${shown ? "?inline" : ""}`;
}

/** Sends a file; resolves to the answer frame, or null when there was none. */
export async function sendFile({ conversation, ...file }) {
  const { status, response } = await postFile({
    url: `${location.pathname}${conversation}/bestanden/`,
    headers: { "X-CSRFToken": csrfToken() },
    silentMs: SILENT_MS,
    ...file,
  });
  return answerOf(status, response);
}

/**
 * The frame in an answer; null when there was none. A page in its place comes from a proxy, or from
 * the login when it is over or was done anew in another tab (the CSRF token of this page is old).
 */
export function answerOf(status, response) {
  if (response?.type) return response;
  if (!status) return null;
  if (status >= 500) return { type: "error", code: "failed", text: say("file_later") };
  return { type: "error", code: "", text: say(status === 413 ? "file_too_big" : "file_page_old") };
}

/* The cookie cannot be read by a script; the form to log out carries the same token. */
export function csrfToken() {
  return document.querySelector("[name=csrfmiddlewaretoken]").value;
}
