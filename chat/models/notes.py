"""What agents write down for each other about a conversation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.models.conversations import Conversation


class InternalNote(models.Model):
    """A note that the citizen never sees. Removed with what was said in the conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Unique with the conversation, so that a repeated send is one note.
    client_ref = models.UUIDField()
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["written_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "client_ref"], name="one_note_per_send"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.written_at:%Y-%m-%d %H:%M}"
