"""The rules that the city sets for the chat."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.models.presence import MAX_CAP
from city.remembered import remembered


class ChatRules(models.Model):
    """The rules that the city sets for the chat. One row; the demo's values are examples."""

    schedule = models.ForeignKey(
        "city.OpeningSchedule",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("opening hours"),
        help_text=_("The chat is open within these hours, while an agent is available."),
    )
    last_chat_margin_minutes = models.PositiveSmallIntegerField(
        _("last new chat, minutes before closing"), default=10
    )
    silence_minutes = models.PositiveSmallIntegerField(
        _("ask a silent citizen after, minutes"), default=5, validators=[MinValueValidator(1)]
    )
    silence_answer_seconds = models.PositiveSmallIntegerField(
        _("time to answer that question, seconds"),
        default=120,
        validators=[MinValueValidator(20)],
        help_text=_("At least 20 seconds (WCAG 2.2.1)."),
    )
    continue_minutes = models.PositiveSmallIntegerField(
        _("may be continued for, minutes"), default=60
    )
    readable_hours = models.PositiveSmallIntegerField(
        _("the citizen can read an ended chat for, hours"),
        default=24,
        validators=[MinValueValidator(1)],
        help_text=_("Protects who chatted on a computer that others use too."),
    )
    first_answer_seconds = models.PositiveSmallIntegerField(
        _("back to the queue when the first answer stays out for, seconds"),
        default=90,
        validators=[MinValueValidator(20)],
    )
    agent_gone_seconds = models.PositiveSmallIntegerField(
        _("back to the queue when the agent is gone for, seconds"),
        default=60,
        validators=[MinValueValidator(50)],
        help_text=_("More than 45 seconds, the time after which an agent counts as gone."),
    )
    abandon_minutes = models.PositiveSmallIntegerField(
        _("leave the queue when the citizen is out of reach for, minutes"),
        default=10,
        validators=[MinValueValidator(1)],
    )
    new_chats_per_hour = models.PositiveIntegerField(
        _("new chats an hour from one internet address"),
        default=120,
        help_text=_("High enough for a library or a school behind one address."),
    )
    assigns_automatically = models.BooleanField(
        _("give new chats to agents by itself"),
        default=True,
        help_text=_("To the available agent with the fewest chats, who is idle longest."),
    )
    default_cap = models.PositiveSmallIntegerField(
        _("chats at once for each agent"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_CAP)],
        help_text=_("An agent can have another number, under presences."),
    )
    wrap_up_seconds = models.PositiveSmallIntegerField(
        _("time to round off after a chat, seconds"),
        default=30,
        help_text=_("No new chat comes meanwhile; the agent can end it earlier. 0 means none."),
    )
    phone_first_cap = models.PositiveSmallIntegerField(
        _("chats at once for each agent while the telephone comes first"),
        default=1,
        validators=[MaxValueValidator(MAX_CAP)],
        help_text=_("Running chats stay. 0 means: no new chats then."),
    )
    phone_first_text = models.CharField(
        _("what citizens read while the telephone comes first"),
        max_length=240,
        default=(
            "Het is nu druk aan de telefoon. Telefonische vragen gaan voor; een antwoord in de "
            "chat kan langer duren."
        ),
    )
    phone_first_text_en = models.CharField(
        _("the same in English"),
        max_length=240,
        blank=True,
        default=(
            "It is busy on the telephone now. Telephone questions come first; an answer in the "
            "chat may take longer."
        ),
    )
    phone_first_on_calls = models.PositiveSmallIntegerField(
        _("telephone first from so many waiting calls"),
        default=6,
        validators=[MinValueValidator(1)],
        help_text=_("As the telephone exchange reports them."),
    )
    phone_first_off_calls = models.PositiveSmallIntegerField(
        _("and no longer at so many waiting calls"),
        default=2,
        help_text=_("Lower than the number above, so that it does not go on and off all the time."),
    )
    files_allowed = models.BooleanField(
        _("pictures and PDF may be sent"),
        default=True,
        help_text=_("By citizen and agent, at most 10 MB each; checked before they are stored."),
    )
    retention_days = models.PositiveSmallIntegerField(
        _("keep what was said for, days after the end"),
        default=90,
        validators=[MinValueValidator(1)],
        help_text=_("Then texts, files and names are removed; the counts stay."),
    )
    pilot_until = models.DateField(_("the chat is a test until"), null=True, blank=True)
    pilot_text = models.CharField(_("what happens then"), max_length=300, blank=True)
    pilot_text_en = models.CharField(_("what happens then (English)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("rules of the chat")
        verbose_name_plural = _("rules of the chat")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(phone_first_off_calls__lt=models.F("phone_first_on_calls")),
                name="phone_first_ends_below_its_start",
                violation_error_message=_(
                    "The telephone must stop coming first at fewer calls than it starts at."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(_("rules of the chat"))

    @classmethod
    def current(cls) -> "ChatRules":
        """The one row, or the defaults while an administrator has not saved any."""
        return _current_rules()


@remembered
def _current_rules() -> ChatRules:
    return ChatRules.objects.select_related("schedule").order_by("pk").first() or ChatRules()
