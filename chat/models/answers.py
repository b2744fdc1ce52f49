"""Texts that agents need often."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadyAnswer(models.Model):
    """A ready answer: `/shortcut` puts it into the field, where the agent may still change it.

    Variables stand in braces, for example {naam}; chat.ready_answers has the list.
    """

    shortcut = models.CharField(
        _("shortcut"),
        max_length=30,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]+$")],
        help_text=_("Small letters, digits and hyphens; the agent types it after a slash."),
    )
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), max_length=2_000)
    text_en = models.TextField(_("text in English"), max_length=2_000, blank=True)
    keywords = models.CharField(
        _("search words"),
        max_length=300,
        blank=True,
        help_text=_("Other words citizens use, separated by commas."),
    )
    topic = models.ForeignKey(
        "city.Topic",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="ready_answers",
        verbose_name=_("topic"),
    )
    is_holding = models.BooleanField(
        _("says that the agent is looking it up"),
        default=False,
        help_text=_("Sent with one key (Alt + Z). The first of these, by shortcut, is taken."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("ready answer")
        verbose_name_plural = _("ready answers")
        ordering = ["shortcut"]

    def __str__(self) -> str:
        return f"/{self.shortcut} {self.title}"

    def clean(self) -> None:
        """Refuses a variable that the portal does not know, at the field where it stands."""
        from chat.ready_answers import refuse_unknown  # which needs the models of the city

        problems = {}
        for name in ("text", "text_en"):
            try:
                refuse_unknown(getattr(self, name))
            except ValidationError as error:
                problems[name] = error
        if problems:
            raise ValidationError(problems)
