/** The page a citizen came from. */

/** As a link, or null: the address is the citizen's word, so only web addresses are followed. */
export function pageLink(page, origin) {
  try {
    const url = new URL(page, origin);
    if (!["http:", "https:"].includes(url.protocol)) return null;
    return {
      href: url.href,
      shown: url.origin === origin ? url.pathname : url.host + url.pathname,
    };
  } catch {
    return null;
  }
}
