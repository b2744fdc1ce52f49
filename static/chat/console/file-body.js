/** A file in the log: its picture, what it is, and a way to keep it. */

import { element, setText } from "./dom.js";
import { fileAddress } from "./file-door.js";
import { say } from "./texts.js";

const MOST_PX = { width: 288, height: 216 };
const LEAST_PX = 24;

export function newFile({ file }, view) {
  const hint = element("span", { class: "visually-hidden" }, `${say("file")} `);
  const name = element("span", { class: "file-name" });
  const facts = element("span", { class: "file-facts" });
  const body = element("div", { class: "msg-text msg-file" }, hint, name, facts);
  updateFile(body, { file }, view);
  return body;
}

/** Fills in what is known by now: a file on its way has no address yet. */
export function updateFile(body, { file }, view) {
  setText(body.querySelector(".file-name"), file?.name ?? "");
  setText(body.querySelector(".file-facts"), file ? view.size(file) : say("file_gone"));
  if (!file?.id || body.querySelector(".file-keep")) return;
  if (file.width) body.prepend(picture(file));
  const keep = { class: "file-keep", href: fileAddress(file.id), download: file.name };
  keep["aria-label"] = say("download_name", { name: file.name });
  body.append(element("a", keep, say("download")));
}

/* Its place has its size before it is loaded, so that nothing jumps when it comes. */
function picture({ id, name, width, height }) {
  const address = fileAddress(id, { shown: true });
  const alt = say("picture_open", { name });
  const image = element("img", { src: address, alt, loading: "lazy", ...shownSize(width, height) });
  const link = { class: "file-picture", href: address, target: "_blank", rel: "noopener" };
  const place = element("a", link, image);
  // Removed meanwhile, or no connection: the name and the way to keep it remain.
  image.addEventListener("error", () => place.remove());
  return place;
}

/** The size on the screen of a picture of `width` × `height`: within the frame, and never a thread. */
export function shownSize(width, height) {
  const scale = Math.min(1, MOST_PX.width / width, MOST_PX.height / height);
  const shown = (pixels) => Math.max(LEAST_PX, Math.round(pixels * scale));
  return { width: shown(width), height: shown(height) };
}
