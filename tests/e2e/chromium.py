"""The Chromium or Chrome of this machine."""

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# Nothing of the browser's own goes out to the network while it is under test.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A tab in the background stays as quick as the one in front: two people share this browser.
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
]


def find() -> str | None:
    """Where it is; CHROMIUM names another one. None when there is none."""
    if named := os.environ.get("CHROMIUM"):
        return named
    found = [path for name in NAMES if (path := shutil.which(name))]
    return next(iter(found + [path for path in MAC if os.path.exists(path)]), None)


def launch(playwright: Playwright, path: str) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


@contextlib.contextmanager
def open_browser(path: str) -> Iterator[Browser]:
    """A browser, and the end of it.

    Playwright's loop counts as running in this thread for as long as it lives, which coroutines of
    other tests would trip over: so it is opened for a file of tests, not for the session.
    """
    with sync_playwright() as playwright:
        browser = launch(playwright, path)
        yield browser
        browser.close()
