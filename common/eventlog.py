"""Writing to the event log."""

from datetime import datetime
from uuid import UUID

from common.models import Event


def record(
    kind: str, *, subject: UUID, at: datetime, actor: int | None = None, **details: object
) -> None:
    """Appends one event in the caller's transaction, so that fact and event stand or fall together.

    `details` holds numbers, codes and ids only: the log is kept after personal data is gone.
    """
    Event.objects.create(kind=kind, subject=subject, at=at, actor=actor, details=details)
