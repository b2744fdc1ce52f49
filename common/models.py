"""The event log: what happened, when, to what; the only source of every figure later."""

import uuid

from django.db import models


class Event(models.Model):
    """One thing that happened. Append-only: no code updates or deletes a row but retention.

    `kind` is `<room>.<what>` (chat.opened); `subject` the UUID of what it happened to; `actor` the
    id of the member of staff, empty for a citizen or the portal itself. `details` holds numbers and
    codes, never names, texts or addresses, so that the log outlives the personal data.
    """

    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    subject = models.UUIDField(default=uuid.uuid4)
    actor = models.BigIntegerField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "at"], name="event_kind_at"),
            models.Index(fields=["subject", "at"], name="event_subject_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.at:%Y-%m-%d %H:%M:%S}"
