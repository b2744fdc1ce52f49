/** The page a citizen came from. */

/**
 * As a link, or null: the address is the citizen's word, so only web addresses are followed.
 * `shown` is null for the portal's own home page, which has a name instead of an address.
 */
export function pageLink(page, origin) {
  try {
    const url = new URL(page, origin);
    if (!["http:", "https:"].includes(url.protocol)) return null;
    const isHome = url.origin === origin && url.pathname === "/";
    const address = url.origin === origin ? url.pathname : url.host + url.pathname;
    return { href: url.href, shown: isHome ? null : address };
  } catch {
    return null;
  }
}
