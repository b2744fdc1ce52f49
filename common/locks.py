"""Locks with a name, held until the transaction ends."""

import zlib

from django.db import connection


def hold(name: str) -> None:
    """Waits until nobody else holds `name`, and holds it until the transaction ends.

    For decisions that look at many rows, such as who of all agents is least busy. On PostgreSQL an
    advisory lock; on SQLite the transaction itself (BEGIN IMMEDIATE) already excludes every other
    one that writes. Take it before any row lock, or two transactions may wait for each other.
    """
    assert connection.in_atomic_block, "a lock ends with its transaction"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
