"""The database thread of a process: where its sockets talk to the database.

Channels' own `database_sync_to_async` closes the connection before and after each call. For a page
that is right; a socket that stores one text would open SQLite anew, or visit the pool of
PostgreSQL, for every frame (measured: more than half of the time of a delivery). So this thread
keeps its connection and lets go of it only when it has failed.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connections

P = ParamSpec("P")
Result = TypeVar("Result")


async def in_database_thread(
    function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
) -> Result:
    """Runs `function` in the one thread that all sockets of this process share. Keep it short."""
    return await sync_to_async(_keeping_connection, thread_sensitive=True)(
        function, *args, **kwargs
    )


def _keeping_connection(function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    try:
        return function(*args, **kwargs)
    finally:
        for connection in connections.all(initialized_only=True):
            if connection.errors_occurred:
                # Asks the server whether it still listens, and reconnects next time if it does not.
                connection.close_if_unusable_or_obsolete()
