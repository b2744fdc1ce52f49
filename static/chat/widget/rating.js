/** "How was it?", once, in words. */

import { h, say } from "./dom.js";

const SCORES = [1, 2, 3, 4, 5];
const MOST_COMMENT = 500;

/** `rate(score, comment)` resolves to what went wrong in words, or "". */
export function rating(words, rate) {
  let score = 0;
  const t = (key) => words.t(key);
  const comment = h("textarea", { id: "why", rows: "2", maxlength: MOST_COMMENT });
  const error = h("p", { class: "error", role: "alert" });
  const more = h("div", { class: "more", hidden: true });
  more.append(h("label", { for: "why" }, t("rate_why")), comment, error);
  more.append(h("button", { class: "button" }, t("send")));
  const option = (value) => {
    const change = () => {
      score = value;
      more.hidden = false;
      more.scrollIntoView({ block: "nearest" });
    };
    const radio = h("input", { type: "radio", name: "score", value, change });
    return h("label", { class: "option" }, radio, t(`rate_${value}`));
  };
  const submit = async (event) => {
    event.preventDefault();
    const problem = await rate(score, comment.value.trim());
    say(error, problem);
    if (problem) return;
    const thanks = h("p", { class: "waiting", tabindex: "-1" }, t("rate_thanks"));
    form.replaceWith(thanks);
    thanks.focus();
  };
  const legend = h("legend", { class: "strong" }, t("rate_ask"));
  const form = h("form", { submit }, h("fieldset", {}, legend, ...SCORES.map(option)), more);
  return form;
}
