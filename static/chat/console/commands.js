/** What an agent can ask of the console, by key or by button. */

import { Holding } from "./answering.js";
import { neighbour } from "./shortcuts.js";
import { say } from "./texts.js";

export function commandsOf(page) {
  const { desk } = page;
  const holding = new Holding(desk);
  const find = (selector) => page.querySelector(selector);
  const reply = () => find("console-reply");
  const list = (of) => find(`console-cards[of=${of}]`);

  const focusOpen = () => {
    if (page.isNarrow || !reply().focusAnswer()) find("console-talk").focusTitle();
  };

  const open = (id) => {
    desk.open(id);
    requestAnimationFrame(focusOpen); // after the page has drawn it
  };

  const step = (by) => {
    // Own conversations are what an agent hops between; with none, those that wait.
    const cards = desk.mine.length ? desk.mine : desk.waiting;
    const id = neighbour(
      cards.map((card) => card.conversation),
      desk.openId,
      by,
    );
    if (id) open(id);
  };

  const whenOnline = (act) => (argument) => {
    if (desk.isOnline) act(argument);
    else desk.notify(say("no_connection"));
  };

  const ofOpenOwn = (act) => () => {
    if (desk.isMine(desk.openId)) act(desk.openId);
  };

  const toList = () => {
    const id = desk.openId;
    if (page.isNarrow) desk.open(null);
    requestAnimationFrame(() => {
      const found = ["mine", "waiting", "colleagues"].some((of) => list(of).focusCard(id));
      if (!found) list("waiting").focusFirst();
    });
  };

  /* Whether the details lie over the conversation instead of beside it. */
  const overlays = () => getComputedStyle(find(".context-toggle")).display !== "none";

  const context = () => {
    page.foldContext(!page.contextIsOpen);
    if (page.contextIsOpen || !overlays()) find("console-context h2").focus();
    else find(".context-toggle").focus();
  };

  const suggestion = (place) => ofOpenOwn(() => find("console-hints").choose(place));

  return {
    open,
    claim: whenOnline((id) => desk.claim(id)),
    take: whenOnline(() => {
      if (desk.waiting.length) desk.claimLongest();
      else desk.notify(say("nobody_waits"));
    }),
    claimed: focusOpen,
    "let-go": () => list(desk.mine.length ? "mine" : "waiting").focusFirst(),
    next: () => step(1),
    previous: () => step(-1),
    answer: () => {
      if (overlays()) page.foldContext(false);
      reply().focusAnswer();
    },
    close: ofOpenOwn((id) => find("console-close").show(id)),
    "give-back": ofOpenOwn((id) => find("console-return").show(id)),
    transfer: ofOpenOwn((id) => find("console-transfer").show(id)),
    "pass-on": ofOpenOwn((id) => find("console-pass-on").show(id)),
    "hand-over": whenOnline(() => find("console-hand-over").show()),
    ready: whenOnline(() => desk.ready()),
    context,
    busy: whenOnline(() => desk.setPresence("busy")),
    "on-phone": whenOnline(() => desk.setPresence("on_phone")),
    available: whenOnline(() => desk.setPresence("available")),
    away: whenOnline(() => desk.setPresence("away")),
    presence: whenOnline(() =>
      desk.setPresence(desk.presence === "available" ? "away" : "available"),
    ),
    "phone-first": () => find("console-rush").open(),
    "stop-chat": whenOnline(() => find("console-stop").show()),
    rush: whenOnline(({ type, fields }) => desk.switchRush(type, fields)),
    // The button that ended it goes with it.
    "after-rush": () => find("console-rush [data-toggle]").focus(),
    help: () => find("console-keys").show(),
    sound: () => find("console-alerts").toggleSound(),
    retry: (ref) => desk.retry(ref),
    "take-back": (ref) => reply().putBack(desk.takeBack(ref)),
    attach: ofOpenOwn(() => find("console-attach").choose()),
    "drop-file": (ref) => {
      desk.files.drop(ref);
      reply().focusAnswer();
    },
    palette: ofOpenOwn((id) => find("console-palette").show(id)),
    hold: ofOpenOwn((id) => holding.send(id)),
    note: () => {
      if (!desk.openId) return;
      page.foldContext(true);
      find("console-notes").focusField();
    },
    "suggestion-1": suggestion(0),
    "suggestion-2": suggestion(1),
    "suggestion-3": suggestion(2),
    "back-to-list": toList,
    back: () => {
      if (find("console-notice").dismiss()) return;
      if (page.contextIsOpen) context();
      else toList();
    },
  };
}
