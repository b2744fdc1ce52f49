"""Who takes chats now, and how many at once."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_CAP = 20


class Presence(models.Model):
    """Whether an agent takes chats now. A row that was not heard for 45 s counts as offline."""

    class State(models.TextChoices):
        AVAILABLE = "available", _("available")
        BUSY = "busy", _("busy")
        ON_PHONE = "on_phone", _("on the phone")
        AWAY = "away", _("away")

    agent = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chat_presence"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.AWAY)
    heard_at = models.DateTimeField()
    cap = models.PositiveSmallIntegerField(
        _("chats at once"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_CAP)],
        help_text=_("Empty means: as the rules of the chat say for everybody."),
    )
    # When the agent last got or ended a chat: who is idle longest is served first.
    idle_since = models.DateTimeField(null=True, blank=True, editable=False)
    wrap_up_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")

    def __str__(self) -> str:
        return f"{self.agent}: {self.state}"
