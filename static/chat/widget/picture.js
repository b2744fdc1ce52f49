/** A picture of the conversation, small. */

import { h } from "./dom.js";

const MOST_PX = 560;

/**
 * Drawn on a canvas, since a strict policy of the host page bars `<img>` from other places.
 * `content()` resolves to a Blob; it is asked when the place comes into view.
 */
export function picture({ name, width, height }, content) {
  const scale = Math.min(1, MOST_PX / width, MOST_PX / height);
  const size = [width, height].map((pixels) => Math.max(1, Math.round(pixels * scale)));
  const canvas = h("canvas", { class: "picture", role: "img", "aria-label": name });
  [canvas.width, canvas.height] = size;
  const draw = async ([entry], observer) => {
    if (!entry.isIntersecting) return;
    observer.disconnect();
    try {
      const bitmap = await createImageBitmap(await content());
      canvas.getContext("2d").drawImage(bitmap, 0, 0, ...size);
      // A photo in full takes far more memory than as a file.
      bitmap.close();
    } catch {
      // The name and the button to download it remain.
      canvas.remove();
    }
  };
  new IntersectionObserver(draw).observe(canvas);
  return canvas;
}
