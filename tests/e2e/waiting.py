"""Waiting in a browser test: for what happens, never for a time."""

from collections.abc import Callable
from time import monotonic

from playwright.sync_api import Page

PATIENCE_S = 15.0


def until(
    page: Page, question: Callable[[], object], *, what: str, within_s: float = PATIENCE_S
) -> None:
    """Asks until the answer is truthy, while the browser goes on. The limit only ends a failure."""
    deadline = monotonic() + within_s
    while not (answer := question()):
        assert monotonic() < deadline, f"not within {within_s} s: {what}; last answer: {answer!r}"
        page.wait_for_timeout(50)


def until_equal(
    page: Page,
    one: Callable[[], object],
    other: Callable[[], object],
    *,
    within_s: float = PATIENCE_S,
) -> None:
    """Asks both until they agree, and shows both when they do not."""
    deadline = monotonic() + within_s
    while (left := one()) != (right := other()):
        assert monotonic() < deadline, f"after {within_s} s: {left} is not {right}"
        page.wait_for_timeout(50)
