/** Finds addresses in what people wrote. Only http, https and mailto ever become links. */

const ADDRESS = /https?:\/\/[^\s<>"'`]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;
const TAIL = /[.,:;!?…'’”»*]+$/u;

/** Splits `text` into `{text}` and `{text, href}` parts that together are the whole text. */
export function splitLinks(text) {
  const parts = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(found);
    const href = addressOf(address);
    if (!href) continue;
    if (index > from) parts.push({ text: text.slice(from, index) });
    parts.push({ text: address, href });
    from = index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** Without the full stop of the sentence, or a bracket that was opened before the address. */
function trimmed(found) {
  let address = found.replace(TAIL, "");
  while (address.endsWith(")") && address.split(")").length > address.split("(").length) {
    address = address.slice(0, -1).replace(TAIL, "");
  }
  return address;
}

function addressOf(address) {
  try {
    if (!/^https?:/i.test(address)) return `mailto:${address}`;
    return new URL(address).href;
  } catch {
    return null;
  }
}
