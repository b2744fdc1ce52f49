"""The panels of the workbench: every room adds its own in `apps.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from common.registry import Registry


@dataclass(frozen=True)
class Panel:
    """One entry of the workbench home and of the bar above the pages of staff.

    `count` gives the number of things that wait, or is None; where it differs from person to
    person it is `count_for`. `place` orders the entries, the lowest
    first: the rooms register in the order in which they start.
    """

    title: Any  # a lazy translation
    description: Any
    url_name: str
    roles: tuple[str, ...]
    icon: str
    count: Callable[[], int] | None = None
    place: int = 100
    count_for: Callable[[User], int] | None = None

    def waiting(self, user: User) -> int | None:
        """How many things wait for this person; None when nothing is counted."""
        if self.count_for:
            return self.count_for(user)
        return self.count() if self.count else None


PANELS: Registry[Panel] = Registry("workbench panels")


def panels_of(user: User) -> list[tuple[str, Panel]]:
    """The entries that this person may open, with their keys, in order."""
    opened = [(key, panel) for key, panel in PANELS.items() if user.has_role(*panel.roles)]
    return sorted(opened, key=lambda entry: entry[1].place)
