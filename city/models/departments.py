"""Departments of the city and who works in them."""

from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from city.localised import Bilingual
from city.models.opening import OpeningSchedule


class Department(Bilingual, models.Model):
    """A department (dienst). The contact centre is the one with slug `contactcentrum`."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    schedule = models.ForeignKey(
        OpeningSchedule,
        verbose_name=_("opening hours"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="departments",
        help_text=_("Terms for an answer are counted in these hours."),
    )
    answer_hours = models.PositiveSmallIntegerField(
        _("answers a question within, working hours"),
        default=16,
        validators=[MinValueValidator(1)],
    )
    urgent_hours = models.PositiveSmallIntegerField(
        _("answers an urgent question within, working hours"),
        default=4,
        validators=[MinValueValidator(1)],
    )
    keywords = models.TextField(
        _("words of its questions"),
        blank=True,
        help_text=_("What citizens write when it is for this department, separated by commas."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Switch off instead of deleting, so that the history keeps its names."),
    )
    # Where its work went when it became part of another one.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("became part of"),
        editable=False,
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="departments"
    )

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(is_active=False),
                name="merged_department_is_not_active",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person in one department. A head hears of what is overdue."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member of staff"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    is_head = models.BooleanField(_("head of the department"), default=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department"],
                name="one_membership_per_person",
                violation_error_message=_("This person is already in the department."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.department}"


class Absences(models.QuerySet["Absence"]):
    def on(self, day: date) -> "Absences":
        """Who is away on that day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Absence(models.Model):
    """A member of staff is away, both days included, and somebody stands in."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who is away"),
        on_delete=models.CASCADE,
        related_name="absences",
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("stand-in"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="stands_in_for",
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = Absences.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("user")),
                name="absence_needs_somebody_else",
                violation_error_message=_("Somebody else stands in."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.starts_on} – {self.ends_on}"
