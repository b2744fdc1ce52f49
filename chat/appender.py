"""Texts of several sockets that come at once go to the database in one visit and one commit.

While one visit is under way, what comes in the meantime waits and makes up the next one. A single
text waits for nothing, so a quiet chat is as quick as before; at rush fifty texts share the cost
of a commit, as a database does with its own log (group commit). A text is acknowledged after the
commit that holds it.
"""

import asyncio
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from chat.append import Taken, Text
from chat.append_together import append_together
from common.loop_database import loop_connection

MOST_AT_ONCE = 64
Waiting = tuple[Text, "asyncio.Future[Taken | None]"]


class Appender:
    """One for each event loop."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._visits: asyncio.Task[None] | None = None

    async def append(self, text: Text) -> Taken | None:
        """`append_text`, together with whatever else waits; the same result and the same errors."""
        stored: asyncio.Future[Taken | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((text, stored))
        if self._visits is None or self._visits.done():
            self._visits = asyncio.create_task(self._visit_until_empty())
        return await stored

    async def _visit_until_empty(self) -> None:
        async with loop_connection().held():
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                await self._visit(batch)

    async def _visit(self, batch: list[Waiting]) -> None:
        outcomes: Sequence[Taken | Exception | None]
        try:
            outcomes = await append_together([text for text, _ in batch])
        except Exception as error:
            outcomes = [error] * len(batch)
        for (_, stored), outcome in zip(batch, outcomes, strict=True):
            _settle(stored, outcome)


def _settle(stored: "asyncio.Future[Taken | None]", outcome: Taken | BaseException | None) -> None:
    if stored.done():  # the socket went away meanwhile; its text is stored all the same
        return
    if isinstance(outcome, BaseException):
        stored.set_exception(outcome)
    else:
        stored.set_result(outcome)


_appenders: WeakKeyDictionary[asyncio.AbstractEventLoop, Appender] = WeakKeyDictionary()


def appender() -> Appender:
    """The appender of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _appenders:
        _appenders[loop] = Appender()
    return _appenders[loop]
