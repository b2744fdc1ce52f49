/** What the panel shows in which state of the conversation. */

import { say } from "./dom.js";

const SAY_LOST_AFTER_MS = 2_000;
const OFFER_PLAIN_AFTER_MS = 20_000;

export class View {
  #frame;
  #words;
  #on;
  #again;
  #after = null;
  #isTold = false;
  #isSlow = false;
  #lostAt = 0;
  #lostTimer = 0;
  #queue = null;

  /** `again()` asks for a new render when time alone changes what is shown. */
  constructor({ frame, words, on, again }) {
    this.#frame = frame;
    this.#words = words;
    this.#on = on;
    this.#again = again;
  }

  render(conversation, status, isEnding) {
    this.#frame.keepFocus(() => {
      this.#show(conversation, status, isEnding);
      this.#frame.log.render(this.#items(conversation));
    });
    this.#frame.goLive(conversation.ready);
  }

  /** What the launcher says while the panel is folded; empty when it says whether we are open. */
  note({ phase, ledger, queue }) {
    if (ledger.head?.silence_ends_at) return this.#words.t("still_ask");
    if (queue) return queue.sentences[0];
    if (phase === "waiting" || phase === "active") return this.#with(phase, ledger.head.agent);
    return phase === "starting" ? this.#words.t("with_waiting") : "";
  }

  #show(conversation, status, isEnding) {
    const { phase, isOver, typing, ledger, connection } = conversation;
    const { parts, compose, closed, ending } = this.#frame;
    const t = (key, values) => this.#words.t(key, values);
    const isNew = phase === "none";
    const isShut = isNew && status.state === "closed";
    const mayWrite = !isOver && !isEnding && !(isShut && !compose.value);
    say(parts.with, isShut ? t("with_closed") : this.#with(phase, ledger.head?.agent));
    say(parts.announcement, status.announcement);
    parts.fold.setAttribute("aria-label", t(isNew || isOver ? "fold_idle" : "fold"));
    parts.end.hidden = isNew || isOver || isEnding;
    parts.welcome.hidden = parts.privacy.hidden = !isNew || isShut;
    closed.show(isShut, status.sentence);
    say(parts.waiting, this.#waiting(conversation));
    this.#showQueue(conversation.queue);
    say(
      parts.typing,
      typing.isShown ? t("typing", { name: ledger.head?.agent || t("employee") }) : "",
    );
    compose.element.hidden = !mayWrite;
    parts.foot.hidden = isShut && !mayWrite;
    compose.setLabel(t(isNew ? "field_first" : "field"));
    compose.allowFiles(phase === "waiting" || phase === "active");
    if (mayWrite) compose.fit();
    const isFolded = !this.#frame.isOpen;
    this.#frame.showSilence(mayWrite ? ledger.head?.silence_ends_at : null, { isFolded });
    ending.show(isEnding, { text: t("end_ask") });
    this.#showEnded(conversation);
    this.#showAfter(conversation);
    this.#showConnection(connection);
    if (this.#frame.problemPasses && !conversation.unsent.length) this.#frame.showProblem("");
  }

  #with(phase, agent) {
    if (phase === "active") return this.#words.t("with_agent", { name: agent });
    if (phase === "waiting" || phase === "starting") return this.#words.t("with_waiting");
    return this.#words.t(phase === "none" ? "with_city" : "ended");
  }

  #waiting({ phase, ready }) {
    if (!ready) return this.#words.t("loading");
    return phase === "waiting" ? this.#words.t("waiting") : "";
  }

  #showQueue(queue) {
    if (queue === this.#queue) return;
    this.#queue = queue;
    const given = { frame: this.#frame, words: this.#words, on: this.#on, queue };
    import("./waiting.js").then(({ show }) => show(given)).catch(() => {});
  }

  #showEnded({ isOver, canContinue, ledger }) {
    const text = this.#words.t("ended");
    const time = this.#words.time(ledger.head?.continue_until ?? 0);
    const more = canContinue ? this.#words.t("ended_more", { time }) : "";
    this.#frame.ended.show(isOver, { text, more, hasFirst: canContinue });
  }

  /** What can be done with a conversation once it is over; made anew for each end. */
  #showAfter({ isOver, ready, ledger }) {
    const { after } = this.#frame.parts;
    if (!isOver || !ready) {
      this.#after = null;
      after.replaceChildren();
      return;
    }
    if (this.#after) return;
    const asked = this.#on.after({ mayRate: !ledger.head.rating });
    this.#after = asked;
    asked.then((parts) => {
      if (asked !== this.#after) return;
      // Its module could not be fetched: the next render asks again.
      if (parts) after.replaceChildren(...parts);
      else this.#after = null;
      this.#frame.log.grown();
    });
  }

  /** A loss is told after two seconds, since most are over before. Each end is told as well. */
  #showConnection({ state, isPolling }) {
    const { parts } = this.#frame;
    const wasTold = this.#isTold;
    const isLost = state !== "online" && state !== "idle";
    clearTimeout(this.#lostTimer);
    this.#lostAt = isLost ? this.#lostAt || Date.now() : 0;
    const lostMs = isLost ? Date.now() - this.#lostAt : 0;
    const isTold = isLost && (lostMs >= SAY_LOST_AFTER_MS || wasTold || state === "offline");
    const wasSlow = this.#isSlow;
    // A short gap between two answers is still the same slow connection.
    const isSlow = isPolling || (wasSlow && isLost && !isTold);
    const slow = isSlow ? this.#words.t("slow") : "";
    parts.lost.classList.toggle("lost", isTold);
    this.#isTold = isTold;
    this.#isSlow = isSlow;
    // Most tries after a loss succeed: until this one fails, what was told stays.
    if (!(wasTold && state === "connecting"))
      say(parts.lost, isTold ? this.#words.t(state === "offline" ? "offline" : "lost") : slow);
    parts.plain.hidden = lostMs < OFFER_PLAIN_AFTER_MS;
    // That it is slow now says that it is back.
    if (state === "online" && !isSlow && (wasTold || wasSlow))
      this.#frame.speak(this.#words.t(wasTold ? "back" : "fast"));
    const next = isTold ? OFFER_PLAIN_AFTER_MS : SAY_LOST_AFTER_MS;
    if (isLost && lostMs < next) this.#lostTimer = setTimeout(this.#again, next - lostMs);
  }

  #progress({ percent, error, isLost }, otherwise) {
    if (error || isLost) return this.#words.t("unsent");
    return percent ? `${this.#words.t("sending")} ${percent} %` : otherwise;
  }

  #items(conversation) {
    const { ledger, unsent, connection } = conversation;
    const readTo = ledger.readBy("agent");
    const items = ledger.messages.map((message) => {
      const { seq, kind, at, ref, author, text, card } = message;
      const own = author === "citizen";
      const key = ref ?? `seq ${seq}`;
      if (!/^(text|file|card)$/.test(kind)) return { key, at, event: this.#words.event(message) };
      const mark = own ? this.#words.t(seq <= readTo ? "read" : "sent") : "";
      const body = kind === "file" ? { file: message.file } : { text, card };
      return { key, at, own, who: this.#words.author(message), mark, ...body };
    });
    const isHeld = connection.state === "waiting" || connection.state === "offline";
    const mark = this.#words.t(isHeld ? "held" : "sending");
    const [who, own] = [this.#words.t("you"), true];
    // An own text behind a hole stays, or it would be spoken again when the hole is filled.
    for (const { ref: key, at, text, file } of [...ledger.ahead, ...unsent])
      items.push({ key, at, own, who, mark, ...(file ? { file } : { text }) });
    for (const upload of this.#on.uploads()) {
      const { ref: key, at, file } = upload;
      items.push({ key, at, own, who, file, upload, mark: this.#progress(upload, mark) });
    }
    return items.filter((item) => item.text || item.card || item.event || "file" in item);
  }
}
