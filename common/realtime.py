"""Announcements to sockets: only after commit, and never needed for correctness.

An action calls `announce` inside its transaction. After the commit the message goes to the sockets
(`common.hub`). It is a bell, not a memory: it may get lost, and the database remains the truth.

A doorway that runs on an event loop collects the bells (`collected`) and rings them itself on the
loop, which spares a hop between threads for each message; everybody else rings at once.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import async_to_sync
from django.db import transaction

from common.hub import hub

Bell = tuple[str, dict[str, Any]]
P = ParamSpec("P")
Result = TypeVar("Result")

_collecting: ContextVar[list[Bell] | None] = ContextVar("collecting_bells", default=None)


def announce(group: str, message: dict[str, Any]) -> None:
    """Sends `message` (with its channels `type`) to `group` once the transaction has committed."""
    transaction.on_commit(lambda: _ring_or_collect((group, message)))


def collected(
    action: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
) -> tuple[Result, list[Bell]]:
    """Runs `action` and returns its result with the bells to ring, committed work only."""
    bells: list[Bell] = []
    token = _collecting.set(bells)
    try:
        return action(*args, **kwargs), bells
    finally:
        _collecting.reset(token)


async def ring(bells: list[Bell]) -> None:
    """Rings on the event loop; raises nothing: what is not heard the catch-up will deliver."""
    for group, message in bells:
        await hub().ring(group, message)


def _ring_or_collect(bell: Bell) -> None:
    bells = _collecting.get()
    if bells is not None:
        bells.append(bell)
    else:
        async_to_sync(ring)([bell])
