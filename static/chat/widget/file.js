/**
 * A file as it stands in the log: what it is, how far it is, and what can be done with it. Fetched
 * when the first file comes; then it brings its own copy of what it imports.
 */

import { adopt } from "./adopt.js";
import { h, say } from "./dom.js";
import { fileSize } from "./file-size.js";
import { picture } from "./picture.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
.file, .file > [aria-live] { display: grid; gap: .25em; justify-items: start; white-space: normal }
.facts, .act { font-size: .875em; line-height: 1.4 }
.facts:empty { display: none }
.acts { display: flex; flex-wrap: wrap; gap: 0 1em }
.act { min-height: 2.75em; background: none; font-weight: 600; text-decoration: underline; text-underline-offset: .2em }
.picture { max-width: 100%; max-height: 14em; border-radius: .5em; background: #fff }`);

/**
 * Draws what a bubble shows beside the name: the picture before it, the rest into `more`. Returns
 * `update(item)`, for now and each change. `on` is {content(item) → Blob, download(file), retry(ref),
 * drop(ref)}.
 */
export function drawFile(more, words, on) {
  const bubble = more.parentNode;
  let item;
  const facts = h("span", { class: "facts" });
  const problem = h("span", { class: "facts" });
  const act = (key, react) => {
    const click = () => react(item);
    return h("button", { class: "act", type: "button", click }, words.t(key));
  };
  const download = act("download", ({ file }) => on.download(file));
  const retry = act("retry", ({ key }) => on.retry(key));
  const drop = act("drop", ({ key }) => on.drop(key));
  const acts = h("span", { class: "acts" }, download, retry, drop);
  let hasPicture = false;
  adopt(sheet, bubble);
  bubble.classList.add("file");
  more.append(facts, problem, acts);
  return (now) => {
    item = now;
    const { file, upload } = item;
    say(facts, file ? fileSize(file, words.locale) : "");
    say(problem, upload?.isLost ? words.t("file_lost") : (upload?.error ?? ""));
    download.hidden = !file?.id;
    retry.hidden = !upload?.mayPass || !upload.error;
    drop.hidden = !upload;
    if (!file?.id || !file.width || hasPicture) return;
    hasPicture = true;
    bubble.prepend(picture(file, () => on.content(item)));
  };
}
