"""The database thread of a process: where its sockets talk to the database.

Channels' own `database_sync_to_async` closes the connection before and after each call. For a page
that is right; a socket that stores one text would open SQLite anew, or visit the pool of
PostgreSQL, for every frame (measured: more than half of the time of a delivery). So this thread
keeps its connection and lets go of it only when it has failed. It is a plain thread: what asgiref
adds to carry request contexts over is not needed here and costs as much as the database.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
Result = TypeVar("Result")

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")


async def in_database_thread(
    function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs
) -> Result:
    """Runs `function` in the one thread that all sockets of this process share. Keep it short."""
    call = partial(_keeping_connection, partial(function, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_thread, call)


def _keeping_connection(call: Callable[[], Result]) -> Result:
    try:
        return call()
    finally:
        for connection in connections.all(initialized_only=True):
            if connection.errors_occurred:
                # Asks the server whether it still listens, and reconnects next time if it does not.
                connection.close_if_unusable_or_obsolete()
