"""The panels of the workbench: every room adds its own in `apps.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from common.registry import Registry


@dataclass(frozen=True)
class Panel:
    """One entry of the workbench home and of the bar above the pages of staff.

    `count` gives the number of things that wait, or is None. `place` orders the entries, the lowest
    first: the rooms register in the order in which they start.
    """

    title: Any  # a lazy translation
    description: Any
    url_name: str
    roles: tuple[str, ...]
    icon: str
    count: Callable[[], int] | None = None
    place: int = 100


PANELS: Registry[Panel] = Registry("workbench panels")


def panels_of(user: User) -> list[tuple[str, Panel]]:
    """The entries that this person may open, with their keys, in order."""
    opened = [(key, panel) for key, panel in PANELS.items() if user.has_role(*panel.roles)]
    return sorted(opened, key=lambda entry: entry[1].place)
