"""What a screen reader would announce: additions to live regions, as they happen."""

from playwright.sync_api import BrowserContext, Page

# Follows WAI-ARIA 1.2: the nearest aria-live (or the role that implies one) decides; a region that
# is `off` or not rendered says nothing; aria-relevant decides whether a changed text counts.
LISTEN = """(() => {
  window.spoken = [];
  const IMPLIED = { log: "polite", status: "polite", alert: "assertive" };
  const up = node => node.parentElement ?? node.getRootNode().host ?? null;
  const regionOf = node => {
    for (let at = node; at; at = up(at)) {
      const live = at.getAttribute("aria-live") ?? IMPLIED[at.getAttribute("role")];
      if (live) return { element: at, live };
    }
    return null;
  };
  const say = (target, text, isText) => {
    const element = target.nodeType === Node.ELEMENT_NODE ? target : up(target);
    const region = element?.isConnected && regionOf(element);
    if (!region || region.live === "off" || !text.trim()) return;
    if (!region.element.checkVisibility()) return;
    const relevant = region.element.getAttribute("aria-relevant") ?? "additions text";
    if (!relevant.includes(isText ? "text" : "additions")) return;
    const { element: { role, ariaLabel } } = region;
    window.spoken.push([ariaLabel ?? role ?? region.live, text.replace(/\\s+/g, " ").trim()]);
  };
  const hear = records => {
    for (const { type, target, addedNodes } of records) {
      if (type === "characterData") say(target, target.data, true);
      for (const node of addedNodes) {
        say(target, node.innerText ?? node.data ?? "", node.nodeType === Node.TEXT_NODE);
      }
    }
  };
  const options = { subtree: true, childList: true, characterData: true };
  const listenTo = root => new MutationObserver(hear).observe(root, options);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    listenTo(root);
    return root;
  };
  listenTo(document);
})()"""


def listen(context: BrowserContext) -> None:
    """To all pages that open from now on."""
    context.add_init_script(LISTEN)


def forget(page: Page) -> None:
    page.evaluate("window.spoken = []")


def spoken(page: Page, words: str = "") -> list[list[str]]:
    """`[name or role of the region, text]` of each announcement with `words` in it, in order."""
    return [entry for entry in page.evaluate("window.spoken") if words in entry[1]]
