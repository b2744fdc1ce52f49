"""A person with open work cannot simply be switched off.

Rooms above know what work is; they register it in their `apps.py`. Each item says which roles the
work needs: who keeps one of them, and the account, can still do it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import User
from common.errors import RuleBroken
from common.registry import Registry


@dataclass(frozen=True)
class OpenWork:
    """One kind of work. `sentences` say what is open and what to do, or nothing; one query."""

    roles: tuple[str, ...]
    sentences: Callable[[User], list[str]]


OPEN_WORK: Registry[OpenWork] = Registry("open work")


def left_behind(user: User, *, keeps: Iterable[str]) -> list[str]:
    """What this person could no longer finish with only the roles in `keeps`; empty is fine."""
    kept = frozenset(keeps)
    return [
        sentence
        for work in OPEN_WORK
        if kept.isdisjoint(work.roles)
        for sentence in work.sentences(user)
    ]


def require_nothing_left_behind(user: User, *, keeps: Iterable[str] = ()) -> None:
    """Raises RuleBroken("open_work"), with one text of `sentences`: what is open, what to do.

    Work that is taken between this look and the change is not lost: the room's own clock sees that
    nobody is there (a chat goes back to the queue).
    """
    if sentences := left_behind(user, keeps=keeps):
        raise RuleBroken("open_work", sentences=" ".join(sentences))
