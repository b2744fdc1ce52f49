"""Texts of several sockets, stored in one visit to the database with one commit.

On PostgreSQL the event loop itself sends the statements, all at once, and takes the answers as they
come (pipeline mode); on SQLite the database thread stores them in one transaction. If one of them
breaks, none is stored by the common visit; then each is stored alone, so that nobody's text waits
for somebody else's error. Rows are locked in the order of their keys, so two processes that store
for the same conversations cannot lock each other out.
"""

import logging
from collections.abc import Sequence

import psycopg
from django.db import DatabaseError, OperationalError, connection, transaction

from chat.append import Taken, Text, append_text, statement_and_values
from common.database import in_database_thread
from common.loop_database import loop_connection

log = logging.getLogger(__name__)

Outcome = Taken | Exception | None


async def append_together(messages: Sequence[Text]) -> list[Outcome]:
    """`chat.append.append_text` for each; an error stands in its text's place."""
    order = sorted(range(len(messages)), key=lambda n: messages[n].conversation_id)
    found = dict(zip(order, await _append([messages[n] for n in order]), strict=True))
    return [found[n] for n in range(len(messages))]


async def _append(messages: list[Text]) -> list[Outcome]:
    if len(messages) > 1:
        try:
            return [*await _visit(messages)]
        except DatabaseError:
            log.info("a common visit failed; storing %s texts one by one", len(messages))
    return [await _append_alone(message) for message in messages]


async def _append_alone(message: Text) -> Outcome:
    try:
        return (await _visit([message]))[0]
    except DatabaseError as error:
        return error


async def _visit(messages: list[Text]) -> list[Taken | None]:
    if connection.vendor != "postgresql":
        return await in_database_thread(_visit_in_thread, messages)
    try:
        return await _visit_on_loop(messages)
    except OperationalError:
        # The server was restarted, or the line is cut: once more on a fresh connection. A text that
        # was stored all the same is found by its ref and not stored again.
        await loop_connection().close()
        return await _visit_on_loop(messages)


def _visit_in_thread(messages: list[Text]) -> list[Taken | None]:
    with transaction.atomic():
        return [append_text(message) for message in messages]


async def _visit_on_loop(messages: list[Text]) -> list[Taken | None]:
    """One transaction, all or nothing; its beginning and end travel with the statements."""
    with connection.wrap_database_errors:
        server = await loop_connection().get()
        cursors = [psycopg.AsyncCursor(server) for _ in messages]
        if len(messages) == 1:
            await cursors[0].execute(*statement_and_values(messages[0]), prepare=True)
        else:
            async with server.pipeline(), server.transaction():
                for cursor, message in zip(cursors, messages, strict=True):
                    await cursor.execute(*statement_and_values(message), prepare=True)
        rows = [await cursor.fetchone() for cursor in cursors]
    return [Taken(*row) if row else None for row in rows]
