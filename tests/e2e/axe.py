"""axe-core on what stands on the screen."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from tests.e2e.waiting import until

SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WIDTHS = (360, 768, 1280)
HEIGHT = 900
TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    "best-practice",
]
AT_REST = "document.getAnimations().every(a => a.playState !== 'running')"
RUN = """async tags => {
  const { violations } = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
  });
  return violations.map(({ id, help, nodes }) => [
    id, help, nodes.slice(0, 5).map(node => [node.target.flat().join(" "), node.failureSummary]),
  ]);
}"""


def violations(page: Page) -> list[str]:
    """What axe finds; each as one readable line. By evaluation, since the policy bars scripts."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(SOURCE + "; undefined")
    found: list[Any] = page.evaluate(RUN, TAGS)
    return [f"{rule} ({help}): {where}: {why}" for rule, help, all in found for where, why in all]


def check(page: Page, *, widths: tuple[int, ...] = WIDTHS, name: str = "") -> list[str]:
    """Violations at each width, and whatever sticks out sideways there and on 320 px."""
    problems = []
    for width in (*widths, 320):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        until(page, lambda: page.evaluate(AT_REST), what="the end of all movement")
        if width in widths:
            problems += [f"{name} at {width}: {line}" for line in violations(page)]
        problems += [f"{name} at {width}: {line}" for line in sideways(page)]
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    return problems


def large_text(page: Page) -> list[str]:
    """Text at 200 % (WCAG 1.4.4): nothing may stick out sideways."""
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    problems = sideways(page)
    page.evaluate("document.documentElement.style.fontSize = ''")
    return problems


def sideways(page: Page) -> list[str]:
    """The page, or a part of it that scrolls up and down, that is wider than it may be."""
    return page.evaluate(
        """() => {
          const root = document.documentElement;
          const wide = root.scrollWidth > root.clientWidth ? ["the page scrolls sideways"] : [];
          const panel = document.querySelector("hasselt-chat")?.shadowRoot
            ?.querySelector("[role=region]");
          for (const box of panel?.querySelectorAll(".scroller, footer, header") ?? []) {
            if (box.scrollWidth > box.clientWidth + 1) wide.push(`${box.className} is too wide`);
          }
          return wide;
        }"""
    )
