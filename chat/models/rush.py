"""When the telephone comes first, and when the chat stops for now."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PhoneFirst(models.Model):
    """A time in which telephone questions go before chats, from its beginning to its end."""

    class Source(models.TextChoices):
        SUPERVISOR = "supervisor", _("supervisor")
        EXCHANGE = "exchange", _("telephone exchange")

    class EndReason(models.TextChoices):
        SWITCHED_OFF = "switched_off", _("switched off")
        TIME_OVER = "time_over", _("its time was over")
        CALLS_DOWN = "calls_down", _("few calls waited")
        EXCHANGE_SILENT = "exchange_silent", _("the exchange was silent")

    source = models.CharField(_("by"), max_length=12, choices=Source.choices)
    started_at = models.DateTimeField(_("from"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("switched on by"),
    )
    until = models.DateTimeField(_("until at the latest"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("switched off by"),
    )
    end_reason = models.CharField(
        _("why it ended"), max_length=16, choices=EndReason.choices, blank=True
    )
    # What the bar of every page shows meanwhile.
    announcement = models.OneToOneField(
        "city.Announcement", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("time in which the telephone comes first")
        verbose_name_plural = _("times in which the telephone comes first")
        ordering = ["-started_at"]
        constraints = [
            # All that run have the same (empty) reason, so there is one at most.
            models.UniqueConstraint(
                fields=["end_reason"], condition=Q(end_reason=""), name="one_phone_first_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(end_reason="", ended_at__isnull=True)
                | (~Q(end_reason="") & Q(ended_at__isnull=False)),
                name="phone_first_ends_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} ({self.get_source_display()})"


class ExchangeReport(models.Model):
    """The last number of waiting calls that the telephone exchange told. One row."""

    waiting_calls = models.PositiveIntegerField(_("waiting calls"))
    reported_at = models.DateTimeField(_("reported"))

    class Meta:
        verbose_name = _("report of the telephone exchange")
        verbose_name_plural = _("reports of the telephone exchange")

    def __str__(self) -> str:
        return f"{self.reported_at:%H:%M:%S}: {self.waiting_calls}"


class ChatStop(models.Model):
    """A supervisor closed the chat for now; running conversations go on."""

    text = models.CharField(
        _("what citizens read"), max_length=200, help_text=_("For example: why, and until when.")
    )
    text_en = models.CharField(_("what citizens read, in English"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("from"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("closed by"),
    )
    until = models.DateTimeField(_("until at the latest"), null=True, blank=True)
    ended_at = models.DateTimeField(_("opened again"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opened again by"),
    )

    class Meta:
        verbose_name = _("closing of the chat")
        verbose_name_plural = _("closings of the chat")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"
