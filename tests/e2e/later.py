"""Parts of the widget that are fetched later, and cannot be."""

import contextlib
import re
from collections.abc import Iterator

from playwright.sync_api import Page


@contextlib.contextmanager
def without(page: Page, part: str) -> Iterator[None]:
    """Meanwhile the module `part` of the widget cannot be fetched."""
    address = re.compile(rf"/chat/widget/{part}(\.\w+)?\.js$")
    page.route(address, lambda route: route.abort("connectionrefused"))
    yield
    page.unroute(address)
