"""A person without a mouse."""

from playwright.sync_api import Locator, Page

MOST_STOPS = 80
# The element that has the focus, also inside a shadow root.
HAS_FOCUS = """element => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active === element;
}"""
IS_IN_CHAT = """() => {
  const chat = document.querySelector("hasselt-chat");
  const active = chat.shadowRoot.activeElement;
  return document.activeElement === chat && Boolean(active?.getClientRects().length);
}"""
SHOWS_FOCUS = """element => {
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  return element.matches(":focus-visible") && (outlined || boxShadow !== "none");
}"""
IN_SIGHT = """element => {
  const box = element.getBoundingClientRect();
  const middle = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 20)];
  const top = element.getRootNode().elementFromPoint(...middle);
  return element === top || element.contains(top);
}"""


def tab_to(page: Page, target: Locator, *, key: str = "Tab") -> None:
    """Presses Tab until `target` has the focus, which must then be plain to see and not covered."""
    for _ in range(MOST_STOPS):
        if target.count() and target.evaluate(HAS_FOCUS):
            break
        page.keyboard.press(key)
    assert target.evaluate(HAS_FOCUS), f"{target} was not reached with {key}"
    assert target.evaluate(SHOWS_FOCUS), f"the focus on {target} cannot be seen"
    assert target.evaluate(IN_SIGHT), f"{target} has the focus but lies under something"


def press(page: Page, key: str) -> None:
    """Presses `key`, after which the focus must still be on something of the chat."""
    page.keyboard.press(key)
    assert page.evaluate(IS_IN_CHAT), f"{key} lost the focus"
