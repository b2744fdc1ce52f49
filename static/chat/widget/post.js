/** One file over HTTP. Not by fetch, which cannot tell how far it is. */

const SILENT_MS = 60_000;

/** Resolves to the answer frame; null when there was none. `onPercent` is called as it goes. */
export function postFile({ url, authorization, ref, blob, signal, onPercent }) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("ref", ref);
  form.append("file", blob);
  return new Promise((resolve) => {
    let timer = 0;
    // A dead network tells nothing; a scan at the other end may take its time.
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), SILENT_MS);
    };
    request.open("POST", url);
    request.setRequestHeader("Authorization", authorization);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => {
      heard();
      onPercent(Math.floor((100 * loaded) / total));
    };
    request.onloadend = () => {
      clearTimeout(timer);
      const { status, response } = request;
      // A proxy refuses without a frame.
      const bare = { type: "error", code: status < 500 ? "" : "failed" };
      resolve(response ?? (status ? bare : null));
    };
    signal.addEventListener("abort", () => request.abort());
    heard();
    request.send(form);
  });
}
