/** A file as it stands in the log: what it is, how far it is, and what can be done with it. */

import { h, say } from "./dom.js";
import { picture } from "./picture.js";

/** `on` is {content(item) → Blob, download(file), retry(ref), drop(ref)}. */
export function fileBody(words, on, first) {
  let item = first;
  const name = h("span", { class: "strong" });
  const facts = h("span", { class: "facts" });
  const problem = h("span", { class: "facts" });
  const act = (key, react) => {
    const click = () => react(item);
    return h("button", { class: "act", type: "button", click }, words.t(key));
  };
  const download = act("download", ({ file }) => on.download(file));
  const retry = act("retry", ({ key }) => on.retry(key));
  const drop = act("drop", ({ key }) => on.drop(key));
  const acts = h("span", { class: "acts", "aria-live": "off" }, download, retry, drop);
  const hint = h("span", { class: "unseen" }, words.t("file"), " ");
  const element = h("div", { class: "bubble file" }, hint, name, facts, problem, acts);
  let hasPicture = false;
  const update = (now) => {
    item = now;
    const { file, upload } = item;
    say(name, file?.name ?? "");
    say(facts, file ? words.size(file) : words.t("file_gone"));
    say(problem, upload?.isLost ? words.t("file_lost") : (upload?.error ?? ""));
    download.hidden = !file?.id;
    retry.hidden = !upload?.mayPass || !upload.error;
    drop.hidden = !upload;
    if (!file?.id || !file.width || hasPicture) return;
    hasPicture = true;
    element.prepend(picture(file, () => on.content(item)));
  };
  update(first);
  return { element, update };
}
