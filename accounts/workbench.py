"""The panels of the workbench: every room adds its own in `apps.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from common.registry import Registry


@dataclass(frozen=True)
class Panel:
    """One entry of the workbench home. `count` gives the number of things that wait, or is None."""

    title: Any  # a lazy translation
    description: Any
    url_name: str
    roles: tuple[str, ...]
    icon: str
    count: Callable[[], int] | None = None


PANELS: Registry[Panel] = Registry("workbench panels")
