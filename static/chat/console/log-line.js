/** Draws one line of the log: a day, a thing that happened, or a text with who, when and its mark. */

import { splitLinks } from "../widget/links.js";
import { newCard } from "./card-body.js";
import { element, setAttribute, setText } from "./dom.js";
import { newFile, updateFile } from "./file-body.js";
import { clock } from "./moments.js";
import { say } from "./texts.js";

export function newLine(line, view) {
  if (line.type === "day")
    return element("p", { class: "log-day" }, element("span", {}, line.text));
  if (line.type === "system") {
    return element("p", { class: "log-system" }, systemSentence(line.message, view));
  }
  return newText(line, view);
}

export function updateLine(node, line, view) {
  if (line.type !== "text") return;
  node.className = classOf(line);
  setText(node.querySelector(".msg-head"), heading(line, view));
  const body = node.querySelector(".msg-text");
  if ("file" in line) updateFile(body, line, view);
  // What was stored may differ from what was sent.
  else if (!line.card && body.textContent !== line.text) body.replaceWith(words(line, view));
  drawMark(node.querySelector(".msg-mark"), line, view);
}

function newText(line, view) {
  const head = element("p", { class: "msg-head" }, heading(line, view));
  const body = newBody(line, view);
  // What changes later (sent, read) is not spoken again: only new lines are news.
  const mark = element("div", { class: "msg-mark", "aria-live": "off" });
  return element("div", { class: classOf(line) }, head, body, mark);
}

function newBody(line, view) {
  if (line.card) return newCard(line, view);
  return "file" in line ? newFile(line, view) : words(line, view);
}

function words(line, view) {
  const body = element("p", { class: "msg-text", lang: line.who === "citizen" ? view.lang : null });
  for (const part of splitLinks(line.text)) {
    const link = { href: part.href, target: "_blank", rel: "noopener noreferrer" };
    body.append(part.href ? element("a", link, part.text) : part.text);
  }
  return body;
}

function classOf({ who, mark, follows }) {
  const own = who === "citizen" ? "" : who === "me" ? " msg-mine" : " msg-mine msg-colleague";
  return `msg${own}${mark === "failed" ? " msg-failed" : ""}${follows ? " msg-follows" : ""}`;
}

function heading({ who, name, at }, view) {
  const person = { me: say("you"), colleague: name, citizen: view.visitor }[who];
  return `${person}, ${clock(at, view.pageLang)}`;
}

function drawMark(mark, line, view) {
  const words = line.mark === "sending" && !view.online ? "waiting" : line.mark;
  setAttribute(mark, "data-mark", words);
  if (line.upload) drawUpload(mark, line, words);
  else if (line.mark === "failed") drawFailed(mark, line);
  else setText(mark, words ? say(`mark_${words}`) : "");
}

function drawUpload(mark, { ref, upload, reason }, words) {
  if (!mark.querySelector("button")) {
    mark.append(element("span"), button("retry", ref), button("drop-file", ref));
  }
  const { percent, error, mayPass } = upload;
  const far = percent ? ` ${percent} %` : "";
  setText(
    mark.querySelector("span"),
    error ? `${say("mark_failed")}. ${reason}` : say(`mark_${words}`) + far,
  );
  mark.querySelector("[data-retry]").hidden = !error || !mayPass;
}

function drawFailed(mark, line) {
  if (mark.querySelector("button")) return;
  mark.textContent = "";
  mark.append(
    element("span", {}, `${say("mark_failed")}. ${line.reason} `),
    button("retry", line.ref),
    button("take-back", line.ref),
  );
}

function button(action, ref) {
  const words = say(action.replaceAll("-", "_"));
  return element(
    "button",
    { type: "button", class: "link-button", [`data-${action}`]: ref },
    words,
  );
}

export function systemSentence({ kind, name, at, reason }, { me, pageLang }) {
  const values = { name, time: clock(at, pageLang) };
  const own = name !== "" && name === me;
  if (kind === "joined") return say(own ? "joined_you" : "joined", values);
  if (kind === "left") return say(own ? ownLeft(reason) : `left_${reason}`, values);
  if (kind !== "closed") return say(kind, values);
  if (reason === "agent") return say(own ? "closed_agent_you" : "closed_agent", values);
  const known = ["abuse", "citizen", "silence"].includes(reason);
  return say(`closed_${known ? reason : "other"}`, values);
}

function ownLeft(reason) {
  if (reason === "agent_returned") return "left_you";
  return ["transferred", "shift_end"].includes(reason) ? `left_${reason}_you` : `left_${reason}`;
}
