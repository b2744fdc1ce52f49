"""What rooms above know of a department, and let an administrator do with it.

They register it in their `apps.py`; this room knows neither questions nor mailboxes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise

from accounts.models import User
from city.models import Department
from common.registry import Registry


@dataclass(frozen=True)
class OpenWork:
    """One kind of work of departments: how much there is, one query; and what to do about it."""

    label: str | Promise
    count: Callable[[Department], int]
    sentence: Callable[[Department, int], str]


class Do(Protocol):
    """Does it and says what was done; RuleBroken has the `sentence` for who asked."""

    def __call__(self, *, department: Department, by: User, now: datetime) -> str: ...


@dataclass(frozen=True)
class Button:
    """One thing to do with a department, on its page in the admin."""

    label: str | Promise
    do: Do


OPEN_WORK: Registry[OpenWork] = Registry("open work of departments")
BUTTONS: Registry[Button] = Registry("buttons of departments")


def left_behind(department: Department) -> list[str]:
    """What nobody would finish if the department were switched off; empty is fine."""
    counted = ((work, work.count(department)) for work in OPEN_WORK)
    return [work.sentence(department, count) for work, count in counted if count]
