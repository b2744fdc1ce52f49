/**
 * What goes over HTTP beside the messages: files, the rating, and copies of the conversation. Few
 * conversations need it, so the panel fetches it when one does; then it brings its own copy of what
 * it imports.
 */

import { afterSheet } from "./after-sheet.js";
import { h } from "./dom.js";
import { keep } from "./keep.js";
import { postFile } from "./post.js";
import { rating } from "./rating.js";
import { Uploads } from "./uploads.js";

const KEPT_MS = 60_000;
const SILENT_MS = 60_000; // a file of which nothing is heard

export class Exchange {
  #conversation;
  #words;
  #origin;
  #limits;
  #tell;
  #sent = new Map();
  uploads;

  /**
   * `root` holds the panel; `memory` is a SafeStorage of this tab; `limits` is {max_bytes, types} of a file, or null when
   * none is taken. `tell` is {changed(), problem(text), speak(text)}.
   */
  constructor({ root, conversation, words, origin, memory, limits, tell }) {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, afterSheet];
    this.#conversation = conversation;
    this.#words = words;
    this.#origin = origin;
    this.#limits = limits;
    this.#tell = tell;
    const speak = (file, text) => tell.speak(`${file.name}: ${text}`);
    this.uploads = new Uploads({
      memory,
      owner: () => conversation.authorization,
      post: (...upload) => this.#post(...upload),
      tell: {
        changed: tell.changed,
        took: (message) => conversation.took(message),
        sent: ({ file }) => speak(file, words.t("sent")),
        failed: ({ file, error }) => speak(file, error || words.t("unsent")),
      },
    });
  }

  /** Sends what was chosen, pasted or let go. */
  files(list) {
    this.#tell.problem("");
    for (const blob of list) this.#take(blob);
  }

  retry(ref) {
    this.uploads.retry(ref);
  }

  drop(ref) {
    this.uploads.drop(ref);
  }

  /** The conversation holds it now. */
  stored(ref) {
    this.uploads.stored(ref);
  }

  /** The Blob of a file in the log; an own one need not be fetched. */
  async content({ key, file }) {
    return this.#sent.get(key) ?? (await this.#conversation.fetch(fileUrl(file))).blob();
  }

  async download(file) {
    this.#tell.problem(await this.#save(fileUrl(file), file.name));
  }

  /** What can be done once the conversation is over; `mayRate` until that is done. */
  after({ mayRate }) {
    const rate = (score, comment) =>
      this.#ask({ type: "rate", score, ...(comment && { comment }) });
    const copies = {
      copy: (kind) => this.#save(`/chat/transcript.${kind}`, `chat-hasselt.${kind}`),
      mail: (mail) => this.#ask({ type: "mail_transcript", mail }),
    };
    const parts = mayRate ? [rating(this.#words, rate)] : [];
    return [...parts, keep(this.#words, copies)];
  }

  #take(blob) {
    const { max_bytes: most, types } = this.#limits;
    const { name, size, type } = blob;
    // What the browser cannot name is for the portal to judge.
    if (size <= most && (!type || types.includes(type))) this.uploads.add(blob);
    else this.#tell.problem(this.#words.t("file_refused", { name }));
  }

  #post(entry, signal) {
    const { ref, blob } = entry;
    this.#sent.set(ref, blob);
    const onPercent = (percent) => {
      entry.percent = percent;
      this.#tell.changed();
    };
    const url = `${this.#origin}/chat/files.json`;
    const headers = { Authorization: this.#conversation.authorization };
    const request = { url, headers, ref, blob, signal, silentMs: SILENT_MS, onPercent };
    return postFile(request).then(frameOf);
  }

  /** Resolves to what went wrong in words, or "". */
  #save(path, name) {
    return this.#attempt(async () => {
      const answer = await this.#conversation.fetch(path);
      if (!answer.ok) return (await answer.json()).text;
      const href = URL.createObjectURL(await answer.blob());
      h("a", { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
    });
  }

  /** Resolves to what went wrong in words, or "". */
  #ask(frame) {
    return this.#attempt(async () => {
      const answers = await this.#conversation.ask([frame]);
      return answers.find(({ type }) => type === "error")?.text;
    });
  }

  async #attempt(act) {
    try {
      return (await act()) ?? "";
    } catch {
      return this.#words.t("try_again");
    }
  }
}

/* The frame of an answer; null when there was none. A proxy refuses without a frame. */
function frameOf({ status, response }) {
  const bare = { type: "error", code: status < 500 ? "" : "failed" };
  return response ?? (status ? bare : null);
}

function fileUrl({ id }) {
  return `/chat/files/${id}`;
}
