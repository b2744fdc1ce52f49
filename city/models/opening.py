"""When a place is open, as the city edits it. `city/hours.py` reads these rows and answers.

The layers, each over the one before: the weekly pattern of the period that is valid, dated
exceptions and extra openings, closing days and holidays.
"""

from datetime import time

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from city.localised import Bilingual

MIDNIGHT = time(0)


def whole_minute(value: time) -> None:
    if value.second or value.microsecond:
        raise ValidationError(_("Give hours and minutes, no seconds."))


class OpeningSchedule(Bilingual, models.Model):
    """The opening hours of one place or channel; `slug` is how code asks for them."""

    slug = models.SlugField(
        _("short name"),
        unique=True,
        help_text=_("The portal asks for the hours by this name. Do not change it."),
    )
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    is_listed = models.BooleanField(
        _("on the opening hours page"),
        default=True,
        help_text=_("Switch off for hours that only count inside the city."),
    )

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Location(Bilingual, models.Model):
    """A building where citizens can come."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    address = models.CharField(_("address"), max_length=160)
    directions = models.TextField(
        _("how to get there"), blank=True, help_text=_("Bus, bicycle, parking, wheelchair.")
    )
    directions_en = models.TextField(_("how to get there, in English"), blank=True)
    schedule = models.ForeignKey(
        OpeningSchedule,
        verbose_name=_("opening hours"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="locations",
    )

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WeeklyPeriod(models.Model):
    """A weekly pattern and the days on which it is valid, both ends included.

    When two periods cover a day, the one with the latest `valid_from` wins as a whole. So summer
    hours, or new hours from a day on, are added without touching the pattern below them.
    """

    schedule = models.ForeignKey(
        OpeningSchedule,
        verbose_name=_("opening hours"),
        on_delete=models.CASCADE,
        related_name="periods",
    )
    name = models.CharField(_("name"), max_length=80, help_text=_("For example: summer hours."))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(
        _("valid until and including"),
        null=True,
        blank=True,
        help_text=_("Empty means: until another period begins."),
    )

    class Meta:
        verbose_name = _("weekly pattern")
        verbose_name_plural = _("weekly patterns")
        ordering = ["schedule", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="period_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.UniqueConstraint(
                fields=["schedule", "valid_from"],
                name="one_period_per_first_day",
                violation_error_message=_("Another pattern already begins on this day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule}: {self.name}"


class TimeWindow(models.Model):
    """From `opens_at` until just before `closes_at`, wall time; 00:00 as the end is midnight."""

    opens_at = models.TimeField(_("opens at"), validators=[whole_minute])
    closes_at = models.TimeField(
        _("closes at"), validators=[whole_minute], help_text=_("00:00 means midnight.")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


def _closes_later(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(closes_at__gt=F("opens_at")) | Q(closes_at=MIDNIGHT),
        name=name,
        violation_error_message=_("The closing time must come after the opening time."),
    )


class WeeklyWindow(TimeWindow):
    """One window on one weekday of a pattern; a day may have several."""

    period = models.ForeignKey(
        WeeklyPeriod,
        verbose_name=_("weekly pattern"),
        on_delete=models.CASCADE,
        related_name="windows",
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=list(WEEKDAYS.items()))

    class Meta:
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_is_monday_to_sunday"),
            _closes_later("weekly_window_closes_later"),
            models.UniqueConstraint(
                fields=["period", "weekday", "opens_at"],
                name="one_weekly_window_per_opening",
                violation_error_message=_("This day already has a window that opens then."),
            ),
        ]


class ExceptionKind(models.TextChoices):
    REPLACES = "replaces", _("instead of the weekly pattern")
    EXTRA = "extra", _("on top of the weekly pattern")


class DatedException(Bilingual, models.Model):
    """Other hours on one day. Kind `replaces` without windows: closed that day."""

    schedule = models.ForeignKey(
        OpeningSchedule,
        verbose_name=_("opening hours"),
        on_delete=models.CASCADE,
        related_name="exceptions",
    )
    on = models.DateField(_("day"))
    kind = models.CharField(
        _("kind"), max_length=10, choices=ExceptionKind, default=ExceptionKind.REPLACES
    )
    reason = models.CharField(
        _("reason"), max_length=120, blank=True, help_text=_("Citizens read this.")
    )
    reason_en = models.CharField(_("reason in English"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("exception on one day")
        verbose_name_plural = _("exceptions on one day")
        ordering = ["-on"]
        indexes = [models.Index(fields=["schedule", "on"], name="exception_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "on"],
                condition=Q(kind="replaces"),
                name="one_replacement_per_day",
                violation_error_message=_(
                    "This day already has other hours; change those instead."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule}, {self.on}"

    def clean(self) -> None:
        """Refuses an exception that a closing day would silence."""
        if not self.on or not self.schedule_id:
            return
        closing = ClosingDay.objects.closing(self.schedule_id).filter(on=self.on).first()
        if closing:
            raise ValidationError(
                {
                    "on": _(
                        "This day is a closing day (%(name)s), so the exception would change "
                        "nothing. First let “%(schedule)s” stay open in that closing day."
                    )
                    % {"name": closing.name, "schedule": self.schedule}
                }
            )


class ExceptionWindow(TimeWindow):
    """One window of an exception."""

    exception = models.ForeignKey(DatedException, on_delete=models.CASCADE, related_name="windows")

    class Meta:
        verbose_name = _("window")
        verbose_name_plural = _("windows")
        ordering = ["opens_at"]
        constraints = [
            _closes_later("exception_window_closes_later"),
            models.UniqueConstraint(
                fields=["exception", "opens_at"],
                name="one_exception_window_per_opening",
                violation_error_message=_("This day already has a window that opens then."),
            ),
        ]


class ClosingDays(models.QuerySet["ClosingDay"]):
    def closing(self, schedule_id: int) -> "ClosingDays":
        """The days on which this schedule is closed."""
        return self.exclude(
            pk__in=ClosingDay.open_schedules.through.objects.filter(
                openingschedule_id=schedule_id
            ).values("closingday_id")
        )


class ClosingDay(Bilingual, models.Model):
    """A day on which the whole city is closed, but for the schedules in `open_schedules`."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("public holiday")
        CITY = "city", _("city holiday")
        BRIDGE = "bridge", _("bridge day")

    on = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80, help_text=_("Citizens read this."))
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CITY)
    open_schedules = models.ManyToManyField(
        OpeningSchedule,
        verbose_name=_("these stay open"),
        blank=True,
        related_name="open_closing_days",
        help_text=_("They keep their weekly pattern and exceptions on this day."),
    )

    objects = ClosingDays.as_manager()

    class Meta:
        verbose_name = _("closing day")
        verbose_name_plural = _("closing days")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                fields=["on"],
                name="one_closing_day_per_date",
                violation_error_message=_("This day is already a closing day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.name}"
