"""A connection to PostgreSQL that belongs to an event loop, for the one path that is worth it.

Elsewhere Django's own connections are used. Here a hot path may send its statements from the event
loop itself: no hop to a thread and back, and no two threads that wait for each other's turn in the
interpreter (measured: docs/decisions). SQLite has nothing to wait for and stays with the thread.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection

# What Django adds for its own cursors and its pool.
ONLY_DJANGO = {"cursor_factory", "pool"}


class LoopConnection:
    """One for each event loop: opened when first needed, closed when nobody holds it any more.

    Serves one user at a time; who uses it sees to that.
    """

    def __init__(self) -> None:
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._holders = 0

    @asynccontextmanager
    async def held(self) -> AsyncIterator["LoopConnection"]:
        """Keeps it from being closed; costs nothing while nobody asks for it."""
        self._holders += 1
        try:
            yield self
        finally:
            self._holders -= 1
            if not self._holders:
                await self.close()

    async def get(self) -> psycopg.AsyncConnection[Any]:
        """The connection, open; raises psycopg.OperationalError when the server is away."""
        if self._connection is None or self._connection.closed:
            parameters = connection.get_connection_params()
            wanted = {name: parameters[name] for name in parameters.keys() - ONLY_DJANGO}
            self._connection = await psycopg.AsyncConnection.connect(**wanted, autocommit=True)
        return self._connection

    async def close(self) -> None:
        """Lets go of it, also of one that has failed; the next `get` opens another."""
        old, self._connection = self._connection, None
        if old is not None:
            await old.close()


_connections: WeakKeyDictionary[asyncio.AbstractEventLoop, LoopConnection] = WeakKeyDictionary()


def loop_connection() -> LoopConnection:
    """The connection of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _connections:
        _connections[loop] = LoopConnection()
    return _connections[loop]
