/** "Keep this conversation": as a document, as plain text, or by mail. */

import { h, say } from "./dom.js";

/**
 * `on.copy(kind)` fetches "pdf" or "txt", `on.mail(address)` asks for a mail; both resolve to what
 * went wrong in words, or "".
 */
export function keep(words, on) {
  const t = (key, values) => words.t(key, values);
  const problem = h("p", { class: "error", role: "alert" });
  const button = (kind) => {
    const click = async () => say(problem, await on.copy(kind));
    return h("button", { class: "button quiet", type: "button", click }, t(`keep_${kind}`));
  };
  const field = h("input", { id: "mail", class: "mail", type: "email", autocomplete: "email" });
  field.setAttribute("aria-describedby", "mail-said");
  const error = h("p", { class: "error", id: "mail-said", role: "alert" });
  const sent = h("p", { class: "left", role: "status" });
  const submit = async (event) => {
    event.preventDefault();
    const mail = field.value.trim();
    const wrong = await on.mail(mail);
    say(error, wrong);
    say(sent, wrong ? "" : t("keep_mailed", { mail }));
    field.ariaInvalid = String(wrong !== "");
    if (wrong) field.focus();
    form.scrollIntoView({ block: "nearest" });
  };
  const form = h("form", { novalidate: true, submit }, h("label", { for: "mail" }, t("keep_mail")));
  const send = h("button", { class: "button quiet" }, t("send"));
  // Above the field, where a keyboard or the edge of the panel does not hide it.
  form.append(error, h("div", { class: "line" }, field, send), sent);
  const buttons = h("div", { class: "buttons" }, button("pdf"), button("txt"));
  const toggle = () => element.scrollIntoView({ block: "nearest" });
  const element = h("details", { toggle }, h("summary", {}, t("keep")), buttons, problem, form);
  return element;
}
