"""The rules that the city sets for questions that are passed on."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionRules(models.Model):
    """One row; the numbers are examples until the city sets its own."""

    reminder_percent = models.PositiveSmallIntegerField(
        _("remind the department after, percent of the term"),
        default=75,
        validators=[MinValueValidator(10), MaxValueValidator(95)],
    )
    least_term_hours = models.PositiveSmallIntegerField(
        _("when it goes to another department, it gets at least, working hours"),
        default=4,
        validators=[MinValueValidator(1)],
        help_text=_("The promise to the citizen stays when more than this is left."),
    )
    close_after_days = models.PositiveSmallIntegerField(
        _("close an answered question after, days"), default=7, validators=[MinValueValidator(1)]
    )
    reopen_days = models.PositiveSmallIntegerField(
        _("a reply opens it again for, days"), default=14, validators=[MinValueValidator(1)]
    )
    ask_again_days = models.PositiveSmallIntegerField(
        _("remind a citizen who does not reply after, days"),
        default=5,
        validators=[MinValueValidator(1)],
    )
    unreachable_days = models.PositiveSmallIntegerField(
        _("close when the citizen does not reply for, days"),
        default=21,
        validators=[MinValueValidator(2)],
    )
    link_days = models.PositiveSmallIntegerField(
        _("the citizen’s link shows a closed question for, days"),
        default=90,
        validators=[MinValueValidator(14)],
    )
    retention_days = models.PositiveSmallIntegerField(
        _("keep the words and contact data for, days after the end"),
        default=365,
        validators=[MinValueValidator(1)],
        help_text=_("Then texts, names and addresses are removed; the counts stay."),
    )

    class Meta:
        verbose_name = _("rules of questions")
        verbose_name_plural = _("rules of questions")

    def __str__(self) -> str:
        return str(_("rules of questions"))

    @classmethod
    def current(cls) -> "QuestionRules":
        """The one row, or the defaults while an administrator has not saved any."""
        return cls.objects.order_by("pk").first() or cls()
