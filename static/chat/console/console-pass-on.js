/** Passes a question on to a department: the citizen sees the text first, then it may go. */

import { isWorthAsking, keptChoice, spokenCount } from "../../js/suggested-departments.js";
import { uuid } from "../widget/protocol.js";
import { AskingDialog } from "./asking-dialog.js";
import { element, setAttribute, setText } from "./dom.js";
import { shortClock } from "./moments.js";
import { problemOf, proposalOf, questionFrom, replyAfter, shownIn, tidy } from "./passing-on.js";
import { say } from "./texts.js";
import { chosenTopic, fillTopics } from "./topics.js";
import { visitorName } from "./visitor.js";

const PAUSE_MS = 400;
const KEPT = ["text", "topic", "department", "other", "way", "name", "mail", "phone", "urgency"];
const ANOTHER = "other";

export class ConsolePassOn extends AskingDialog {
  #id = null;
  #ref = "";
  #form = null;
  #timer = null;
  #request = null;

  connected() {
    super.connected();
    this.#form = this.querySelector("form");
    fillTopics(this.#field("topic"), this.console.topics);
    for (const { slug, shown } of this.console.passing.departments) {
      this.#field("other").append(element("option", { value: slug }, shown));
    }
    this.on(this.#form, "input", ({ target }) => this.#typed(target));
    this.on(this.part("show"), "click", () => this.#show());
    this.on(this.dialog, "close", () => clearTimeout(this.#timer));
  }

  /** Asks about conversation `id`, with what was filled in before or else what is known of it. */
  show(id) {
    this.#id = id;
    const kept = this.desk.stash.passing(id);
    const fields = kept ?? this.#known(id);
    this.#ref = fields.ref;
    for (const name of KEPT) if (name !== "department") this.#field(name).value = fields[name];
    this.#choices([], { chosen: ANOTHER, other: fields.department || fields.other });
    this.problem("");
    this.#suggest();
    this.dialog.showModal();
    this.#field("text").focus();
    this.draw();
  }

  draw() {
    if (!this.dialog?.open) return;
    if (!this.desk.isMine(this.#id)) return this.dialog.close();
    this.#follow();
    const sending = this.desk.passedOn.sending.has(this.#id);
    const { messages } = this.desk.talks.get(this.#id) ?? { messages: [] };
    const proposal = this.#proposal;
    const shown = shownIn(messages, proposal);
    const reply = shown && replyAfter(messages, shown);
    const unsent = this.#unsent;
    const isOnItsWay = Boolean(unsent) && !this.desk.sender.failed.has(unsent.ref);
    setText(this.part("proposal"), this.#chosen ? proposal : "");
    this.part("preview").hidden = !this.#chosen || !tidy(this.#field("text").value);
    setText(this.part("standing"), this.#standing(shown, unsent));
    this.part("standing").classList.toggle("pass-shown", Boolean(shown));
    const name = visitorName(this.desk.cardOf(this.#id));
    setText(this.part("reply"), reply ? say("pass_reply", { name, text: reply.text }) : "");
    setAttribute(this.part("show"), "aria-disabled", shown || isOnItsWay ? "true" : null);
    setAttribute(this.part("go"), "aria-disabled", shown && !sending ? null : "true");
    this.drawBusy(sending);
  }

  async submit() {
    const [id, proposal] = [this.#id, this.#proposal];
    if (this.desk.passedOn.sending.has(id)) return;
    if (!this.#isComplete()) return;
    if (!shownIn(this.desk.talks.get(id)?.messages ?? [], proposal)) {
      this.#refuse({ text: say("pass_show_first") });
      return;
    }
    this.problem("");
    const answer = await this.desk.passedOn.send(id, this.#fields());
    if (answer.type === "error") this.#refused(answer);
    else this.#done(id, answer.reference);
  }

  problem(sentence) {
    super.problem(sentence);
    if (!sentence) for (const field of this.#form.elements) field.removeAttribute("aria-invalid");
  }

  // --- what is filled in -------------------------------------------------------------------------

  #field(name) {
    return this.#form.elements[name];
  }

  /* The department that gets it: among the suggested ones, or of the list of all. */
  get #chosen() {
    const box = this.part("departments").querySelector("input:checked");
    return box ? box.value : this.#field("other").value;
  }

  get #proposal() {
    const lang = this.desk.cardOf(this.#id)?.lang ?? "nl";
    const { departments, proposal } = this.console.passing;
    const name = departments.find(({ slug }) => slug === this.#chosen)?.name[lang] ?? "";
    return proposalOf(proposal[lang], { text: this.#field("text").value, department: name });
  }

  #known(id) {
    const card = this.desk.cardOf(id);
    return {
      ref: uuid(),
      text: questionFrom(this.desk.talks.get(id)?.messages ?? []),
      topic: chosenTopic(this.desk, id) ?? "",
      department: "",
      other: "",
      way: "mail",
      name: card?.name ?? "",
      mail: "",
      phone: "",
      urgency: "normal",
    };
  }

  /* What the citizen writes meanwhile, or what comes late after a reload, belongs to the question as
     long as nobody worked on it. */
  #follow() {
    if (this.desk.stash.passing(this.#id)) return;
    const text = questionFrom(this.desk.talks.get(this.#id)?.messages ?? []);
    if (this.#field("text").value === text) return;
    this.#field("text").value = text;
    this.#suggest();
  }

  #fields() {
    const fields = Object.fromEntries(KEPT.map((name) => [name, this.#field(name)?.value ?? ""]));
    return { ...fields, ref: this.#ref, text: tidy(fields.text), department: this.#chosen };
  }

  #typed(target) {
    if (target === this.#field("other") && target.value) this.#uncheck();
    if (target.name === "department") this.#field("other").value = "";
    if (["text", "topic"].includes(target.name)) this.#suggest();
    this.problem("");
    this.desk.stash.keepPassing(this.#id, this.#fields());
    this.draw();
  }

  #uncheck() {
    for (const box of this.part("departments").querySelectorAll("input")) box.checked = false;
  }

  #isComplete() {
    const typed = { text: this.#field("text").value, department: this.#chosen };
    const problem = problemOf(typed, this.#proposal, this.console.limits.text);
    if (!problem) return true;
    const { field, key, values, secret } = problem;
    const what = secret ? say(`secret_${secret}`) : "";
    this.#refuse({ field, text: say(key, { what, ...values }) });
    return false;
  }

  // --- the departments ---------------------------------------------------------------------------

  #suggest() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const [text, topic] = [this.#field("text").value, this.#field("topic").value];
    if (isWorthAsking(text, topic)) {
      this.#timer = setTimeout(() => this.#ask(text, topic), PAUSE_MS);
    }
  }

  async #ask(text, topic) {
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      const found = await this.desk.passedOn.suggest({ text, topic, signal });
      if (!found || !this.dialog.open) return;
      this.#choices(found, { chosen: this.#chosen, other: this.#field("other").value });
      const words = { none: say("pass_none"), one: say("pass_one"), many: say("pass_many") };
      setText(this.part("voice"), spokenCount(found.length, words));
      this.draw();
    } catch {
      // Offline, or overtaken by the next letter: the list of all departments is there.
    }
  }

  #choices(found, before) {
    const list = this.part("departments");
    const { chosen, other } = keptChoice(before, found, ANOTHER);
    const hadFocus = list.contains(document.activeElement);
    list.replaceChildren(...found.map(newChoice));
    for (const box of list.querySelectorAll("input")) box.checked = box.value === chosen;
    this.#field("other").value = list.querySelector(":checked") ? "" : other;
    if (hadFocus) (list.querySelector(":checked") ?? this.#field("other")).focus();
  }

  // --- showing and sending -------------------------------------------------------------------------

  #show() {
    if (this.part("show").getAttribute("aria-disabled") === "true" || !this.#isComplete()) return;
    if (!this.desk.isOnline) {
      this.problem(say("no_connection"));
      return;
    }
    this.problem("");
    this.desk.stash.keepPassing(this.#id, this.#fields());
    if (this.#unsent) this.desk.retry(this.#unsent.ref);
    else this.desk.sayToo(this.#id, this.#proposal);
  }

  /* The proposal on its way, or as the portal refused it. */
  get #unsent() {
    const proposal = this.#proposal;
    return this.desk.stash.unsent(this.#id).find(({ text }) => text === proposal);
  }

  #standing(shown, unsent) {
    if (shown) return say("pass_shown", { time: shortClock(shown.at, this.desk.lang) });
    if (unsent) return this.desk.sender.failed.get(unsent.ref) ?? say("pass_showing");
    return say("pass_not_shown");
  }

  #done(id, reference) {
    this.desk.stash.keepPassing(id, null);
    this.dialog.close();
    this.desk.notify(say("pass_done", { reference }));
  }

  #refused({ code, text, field }) {
    // What this page sent before was another question; the next try is one of its own.
    if (code === "ref_used") this.#ref = uuid();
    this.#refuse({ field, text });
  }

  #refuse({ field, text }) {
    this.problem(text);
    const place = field && this.#place(field);
    if (!place) return;
    place.setAttribute("aria-invalid", "true");
    place.focus();
  }

  #place(name) {
    return name === "department" ? this.#field("other") : this.#field(name);
  }
}

function newChoice({ slug, name, reason }) {
  const box = element("input", { type: "radio", name: "department", value: slug });
  const words = [
    element("span", { class: "department-name" }, name),
    element("span", { class: "department-reason" }, reason),
  ];
  return element("label", { class: "department" }, box, ...words);
}
