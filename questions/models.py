"""Every question to the city, by whatever channel it came."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Question(models.Model):
    """A question that was answered at once. Its words are not kept: the topic tells enough.

    A chat counts by itself in the room of the chat; here are the other channels, so that they can
    be compared. Passing a question on to a department will add its course to this model.
    """

    class Channel(models.TextChoices):
        PHONE = "phone", _("telephone")
        MAIL = "mail", _("e-mail")
        SOCIAL = "social", _("social media")
        DESK = "desk", _("desk")

    class Outcome(models.TextChoices):
        ANSWERED_AT_ONCE = "answered_at_once", _("answered at once")
        NOT_FOR_CITY = "not_for_city", _("not for the city")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Made by the form, so that a double click registers one question.
    client_ref = models.UUIDField(unique=True, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    topic = models.ForeignKey("city.Topic", on_delete=models.PROTECT, verbose_name=_("topic"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("registered by"),
    )
    registered_at = models.DateTimeField(_("registered"))
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["-registered_at"]
        indexes = [models.Index(fields=["registered_at"], name="question_registered_at")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.topic}"
