"""Who takes chats now."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Presence(models.Model):
    """Whether an agent takes chats now. A row that was not heard for 45 s counts as gone."""

    class State(models.TextChoices):
        AVAILABLE = "available", _("available")
        AWAY = "away", _("away")

    agent = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="chat_presence"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.AWAY)
    heard_at = models.DateTimeField()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")

    def __str__(self) -> str:
        return f"{self.agent}: {self.state}"
