"""Announcements to sockets: only after commit, and never needed for correctness.

An action calls `announce` inside its transaction. After the commit the message goes to the channel
layer. The layer is a bell, not a memory: it may lose anything, and the database remains the truth.

A doorway that runs on an event loop collects the bells (`collected`) and rings them itself on the
loop, which spares a hop between threads for each message; everybody else rings at once.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

log = logging.getLogger(__name__)

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
    """Rings on the event loop. A dead layer is logged, not raised: the catch-up will deliver."""
    layer = get_channel_layer()
    for group, message in bells:
        try:
            await layer.group_send(group, message)
        except Exception as error:
            log.warning(
                "channel layer did not take %s: %s", message.get("type"), type(error).__name__
            )


def _ring_or_collect(bell: Bell) -> None:
    bells = _collecting.get()
    if bells is not None:
        bells.append(bell)
    else:
        async_to_sync(ring)([bell])
