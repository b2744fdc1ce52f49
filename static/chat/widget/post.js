/** One file over HTTP, for the widget and the console. Not by fetch, which cannot tell how far it is. */

/**
 * Resolves to `{ status, response }`; `status` is 0 when there was no answer, `response` null when
 * it was not JSON. `onPercent` is called as it goes.
 */
export function postFile({ url, headers, ref, blob, signal, silentMs, onPercent }) {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("ref", ref);
  form.append("file", blob);
  return new Promise((resolve) => {
    let timer = 0;
    // A dead network tells nothing; a scan at the other end may take its time.
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), silentMs);
    };
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => {
      heard();
      onPercent(Math.floor((100 * loaded) / total));
    };
    request.onloadend = () => {
      clearTimeout(timer);
      resolve({ status: request.status, response: request.response });
    };
    signal.addEventListener("abort", () => request.abort());
    heard();
    request.send(form);
  });
}
