"""The hot path: gives a message its number and stores it, in one short transaction.

This is the one place of the portal in hand-written SQL. With the ORM the same work is four to six
statements under a row lock; measured, that halves the throughput (docs/decisions). On PostgreSQL
it is one statement, so one round trip and its own transaction; on SQLite, where a round trip costs
nothing, it is three statements in one transaction.

Locks: the row of the conversation, until the commit. Two messages for one conversation queue there,
which is what gives `seq` no holes and no doubles.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection, transaction

from accounts.models import Role
from chat.states import Author, Kind

_CITIZEN_SETS = """
    citizen_alive_at = %(now)s, silence_ends_at = NULL,
    citizen_tat = %(gap)s + (CASE WHEN citizen_tat > %(clock)s
        AND citizen_tat <= %(clock)s + %(absurd)s THEN citizen_tat ELSE %(clock)s END)
"""
# A theoretical arrival time this far ahead can only come from a clock that was set back since; it
# must not silence a citizen for as long as the clock jumped.
_CITIZEN_MAY = """
    state IN ('waiting', 'active')
    AND (citizen_tat <= %(clock)s + %(burst)s OR citizen_tat > %(clock)s + %(absurd)s)
"""
_AGENT_SETS = """
    owner_answered_at = COALESCE(owner_answered_at, %(now)s),
    first_answered_at = COALESCE(first_answered_at, %(now)s)
"""
# The right of access stands inside the statement: between a check and the write the chat may have
# gone to a colleague, or the role may have been taken away.
_AGENT_MAY = """
    state = 'active' AND agent_id = %(agent)s AND EXISTS (
        SELECT 1 FROM accounts_user u JOIN accounts_rolegrant g ON g.user_id = u.id
        WHERE u.id = %(agent)s AND u.is_active AND g.role IN (%(role)s, %(other_role)s))
"""
# An answer is the first when it set the moment of the first answer itself. Two in the very same
# microsecond would both count; the event log bears that, another column to write would cost more.
_TAKE_NUMBER = """
    UPDATE chat_conversation SET
        last_seq = last_seq + 1, last_author = %(author)s, last_text_at = %(now)s, {sets}
    WHERE id = %(id)s AND {may} AND NOT EXISTS (
        SELECT 1 FROM chat_message m WHERE m.conversation_id = %(id)s AND m.client_ref = %(ref)s)
    RETURNING last_seq, agent_id, first_answered_at = %(now)s AS is_first
"""
_MESSAGE = (
    "INSERT INTO chat_message (conversation_id, seq, kind, author, agent_id, agent_name, text, "
    "reason, client_ref, stored_at) "
)
_EVENT = "INSERT INTO common_event (kind, at, subject, actor, details) "

_ON_POSTGRESQL = (  # pieces are constants of this file; values go in as parameters
    "WITH taken AS ({take_number}), "  # noqa: S608
    f"stored AS ({_MESSAGE} SELECT %(id)s::bigint, last_seq, %(kind)s, %(author)s, "
    "%(agent)s::bigint, %(agent_name)s, %(text)s, '', %(ref)s::uuid, %(now)s::timestamptz "
    f"FROM taken), logged AS ({_EVENT} SELECT 'chat.message', %(now)s::timestamptz, "
    "%(subject)s::uuid, %(agent)s::bigint, %(details)s::jsonb FROM taken), "
    f"first AS ({_EVENT} SELECT 'chat.first_answer', %(now)s::timestamptz, %(subject)s::uuid, "
    "%(agent)s::bigint, '{{}}'::jsonb FROM taken "
    "WHERE %(by_agent)s AND is_first) SELECT last_seq, agent_id FROM taken"
)
_STORE_ON_SQLITE = (
    f"{_MESSAGE} VALUES (%(id)s, %(seq)s, %(kind)s, %(author)s, %(agent)s, %(agent_name)s, "
    "%(text)s, '', %(ref)s, %(now)s)"
)
_LOG_ON_SQLITE = f"{_EVENT} VALUES ('chat.message', %(now)s, %(subject)s, %(agent)s, %(details)s)"
_LOG_FIRST_ON_SQLITE = (
    f"{_EVENT} VALUES ('chat.first_answer', %(now)s, %(subject)s, %(agent)s, '{{}}')"
)

# For citizen and agent; formatted once, no value ever enters the text of a statement.
_TAKE = {
    Author.CITIZEN: _TAKE_NUMBER.format(sets=_CITIZEN_SETS, may=_CITIZEN_MAY),
    Author.AGENT: _TAKE_NUMBER.format(sets=_AGENT_SETS, may=_AGENT_MAY),
}
_WHOLE = {author: _ON_POSTGRESQL.format(take_number=take) for author, take in _TAKE.items()}


CLOCK_WAS_SET_BACK_S = 120.0


class Taken(NamedTuple):
    """The number a text got, and the agent who owned the conversation at that moment."""

    seq: int
    owner_id: int | None


@dataclass(frozen=True)
class Text:
    """A text on its way into a conversation; or a file, which takes its number as a text does."""

    conversation_id: int
    subject: UUID  # public id, what the event log knows the conversation by
    author: Author
    agent_id: int | None
    agent_name: str
    text: str
    client_ref: UUID
    now: datetime
    per_minute: int  # limit of the citizen: a burst of this many, refilled evenly
    kind: Kind = Kind.TEXT
    file_type: str = ""  # what the event log keeps of a file


def append_text(message: Text) -> Taken | None:
    """Stores a text with the next `seq` and its event, and returns the `seq` and the owner.

    Returns None when nothing was stored: the same `client_ref` is there already, the conversation
    is not open to this author (any more), or the citizen writes too fast; the caller finds out
    which. Raises IntegrityError when two sends with one `client_ref` truly coincide. All or
    nothing; safe to repeat.
    """
    if connection.vendor == "postgresql":
        return _append_on_postgresql(message)
    return _append_on_sqlite(message)


def _append_on_postgresql(message: Text) -> Taken | None:
    """One statement, prepared by the server, in its own transaction or in the one that runs.

    Past Django's cursor, which binds on the client, so that the server would plan this long
    statement anew each time (measured: half of its time in the server).
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        cursor = psycopg.Cursor(connection.connection)
        row = cursor.execute(*statement_and_values(message), prepare=True).fetchone()
    return Taken(*row) if row else None


def statement_and_values(message: Text) -> tuple[str, dict[str, Any]]:
    """What PostgreSQL is asked to store a text: returns the number and the owner, or no row."""
    return _WHOLE[message.author], _values(message)


def _append_on_sqlite(message: Text) -> Taken | None:
    values = _values(message)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(_TAKE[message.author], values)
        row = cursor.fetchone()
        if row is None:
            return None
        values["seq"], owner_id, is_first = row
        cursor.execute(_STORE_ON_SQLITE, values)
        cursor.execute(_LOG_ON_SQLITE, values)
        if message.author == Author.AGENT and is_first:
            cursor.execute(_LOG_FIRST_ON_SQLITE, values)
    return Taken(values["seq"], owner_id)


def _values(message: Text) -> dict[str, Any]:
    gap_s = 60 / message.per_minute
    return {
        "id": message.conversation_id,
        "subject": _uuid(message.subject),
        "kind": message.kind.value,
        "author": message.author.value,
        "by_agent": message.author == Author.AGENT,
        "agent": message.agent_id,
        "agent_name": message.agent_name,
        "role": Role.AGENT.value,
        "other_role": Role.SUPERVISOR.value,
        "text": message.text,
        "ref": _uuid(message.client_ref),
        "now": connection.ops.adapt_datetimefield_value(message.now),
        "clock": message.now.timestamp(),
        "gap": gap_s,
        "burst": 60 - gap_s,
        "absurd": CLOCK_WAS_SET_BACK_S,
        "details": json.dumps(_details(message)),
    }


def _details(message: Text) -> dict[str, str]:
    author = {"author": message.author.value}
    return {**author, "file": message.file_type} if message.file_type else author


def _uuid(value: UUID) -> UUID | str:
    # Django's notation on each database: native on PostgreSQL, 32 hex digits on SQLite.
    return value if connection.features.has_native_uuid_field else value.hex
