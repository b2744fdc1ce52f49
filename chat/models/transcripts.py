"""Copies of a conversation that are still to be mailed."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.models.conversations import Conversation


class TranscriptMail(models.Model):
    """A citizen asked for a copy by mail: the row that Celery works off, so that none is lost.

    `address` is emptied once the mail has gone or was given up: it is needed for nothing else.
    """

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="transcript_mails"
    )
    # Fixed per mail, so that a repetition after a kill is recognised as the same one.
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    address = models.EmailField(_("mail address"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up"), null=True, blank=True)

    class Meta:
        verbose_name = _("copy by mail")
        verbose_name_plural = _("copies by mail")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="transcript_mails_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.asked_at:%Y-%m-%d %H:%M}"
