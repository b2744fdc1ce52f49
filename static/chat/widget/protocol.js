/** Frames of docs/chat-protocol.md: making and reading them, and the random values they carry. */

export const VERSION = 1;

/** One frame as text, for example `frame("send", { ref, text })`. */
export function frame(type, fields = {}) {
  return JSON.stringify({ type, ...fields });
}

/** The frame in `data` as an object, or null when it is none. */
export function parse(data) {
  try {
    const value = JSON.parse(data);
    return value !== null && typeof value.type === "string" ? value : null;
  } catch {
    return null;
  }
}

/** A random UUID. `crypto.randomUUID` is absent on plain http, `getRandomValues` never. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // Version 4, RFC 9562 §5.4.
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The secret of a new conversation: 32 random bytes, base64url without padding. */
export function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace("=", "");
}

/** Length as the server counts it: in characters, where an emoji is one. */
export function textLength(text) {
  return [...text].length;
}

/** The text as it will be stored, or "" when nothing visible is in it. */
export function cleaned(text) {
  return /[^\s\p{Cc}\p{Cf}]/u.test(text) ? text.trim() : "";
}
