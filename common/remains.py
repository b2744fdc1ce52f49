"""What deleted rows leave behind in the database's own files."""

from collections.abc import Iterable

from django.apps import apps
from django.db import connection


def wipe_remains(labels: Iterable[str]) -> None:
    """Gives back the room of rows that were deleted from these models. Not in a transaction.

    SQLite keeps the text of deleted rows in free pages and in its log (sqlite.org/wal.html):
    VACUUM writes the file anew, and the checkpoint empties the log. Writers wait meanwhile, readers
    do not. PostgreSQL takes dead rows away with VACUUM, beside the running work; what its free
    space, its own log and the backups still hold, the runbook tells how to end.
    """
    if connection.vendor == "sqlite":
        _rewrite_sqlite()
    else:
        tables = sorted({apps.get_model(label)._meta.db_table for label in labels})
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"VACUUM {connection.ops.quote_name(table)}")


def _rewrite_sqlite() -> None:
    with connection.cursor() as cursor:
        # The copy goes to a file: in memory (settings) a large database might not fit.
        cursor.execute("PRAGMA temp_store=FILE")
        try:
            cursor.execute("VACUUM")
        finally:
            cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cursor.fetchone()[0]:
            raise RuntimeError("the log of SQLite is still being read")
