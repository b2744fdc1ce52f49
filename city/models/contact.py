"""How to reach the city, and what it announces on every page."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from city.localised import Bilingual


class Announcements(models.QuerySet["Announcement"]):
    def unfinished_at(self, moment: datetime) -> "Announcements":
        """Switched on and not over at `moment`; some may still have to begin."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), is_on=True)

    def on_at(self, moment: datetime) -> "Announcements":
        """What the announcement bar shows at `moment`."""
        return self.unfinished_at(moment).filter(starts_at__lte=moment)


class Announcement(Bilingual, models.Model):
    """A message above every page, from `starts_at` until just before `ends_at`."""

    class Kind(models.TextChoices):
        INFO = "info", _("information")
        PHONE_FIRST = "phone_first", _("the telephone comes first")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INFO)
    text = models.CharField(_("text"), max_length=240)
    text_en = models.CharField(_("text in English"), max_length=240, blank=True)
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty means: until you switch it off.")
    )
    is_on = models.BooleanField(_("on"), default=True)

    objects = Announcements.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["is_on", "ends_at"], name="announcement_on_until")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="announcement_ends_after_it_starts",
                violation_error_message=_("The end lies before the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class CityContact(Bilingual, models.Model):
    """Phone, mail and address of the city. There is one row."""

    name = models.CharField(_("name"), max_length=80, default="Stad Hasselt")
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    address = models.CharField(_("address"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("contact data of the city")
        verbose_name_plural = _("contact data of the city")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_city_contact"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.pk = 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @classmethod
    def current(cls) -> "CityContact":
        """The row; an empty one while the city has not filled it in."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def phone_uri(self) -> str:
        """For a link: `tel:+3211000000` from "011 00 00 00"."""
        digits = "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")
        if digits.startswith("00"):
            return f"tel:+{digits[2:]}"
        return f"tel:+32{digits[1:]}" if digits.startswith("0") else f"tel:{digits}"
