"""Departments of the city and who works in them."""

from django.conf import settings
from django.db import models
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
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="departments"
    )

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["name"]

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
