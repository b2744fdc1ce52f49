"""The event log, the only source of every figure later, and the reports of the retention."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class RetentionRun(models.Model):
    """The report of one policy in one run of the retention: when, how many, and whether it failed.

    `days` is the period that held then, empty where none applies. A row without `ended_at` belongs
    to a run that goes on or was killed; the next run takes up what is still due.
    """

    policy = models.CharField(_("what"), max_length=40)
    days = models.PositiveIntegerField(_("kept for, days"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    count = models.PositiveIntegerField(_("how many"), default=0)
    # The class of the error, never its words: a database may quote the row in them.
    error = models.CharField(_("error"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("run of the retention")
        verbose_name_plural = _("retention periods")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["policy", "-started_at"], name="retention_run_newest")]

    def __str__(self) -> str:
        return f"{self.policy} {self.started_at:%Y-%m-%d %H:%M}"
