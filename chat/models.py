"""Rows of the live chat: conversations, numbered messages, who is available, and the rules."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat.states import ALLOWED_MOVES, CONTINUABLE, Author, Kind, Reason, State
from city.remembered import remembered


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def in_queue_order(self) -> "ConversationQuerySet":
        """First come first served, also after a return to the queue."""
        return self.order_by("queued_at", "pk")


class Conversation(models.Model):
    """One chat between a citizen and the contact centre.

    Invariants kept here: an agent owns it exactly while it is active; the token's hash names one
    conversation. `last_seq` is the number of the newest message and is moved only by
    `chat.append` and `chat.actions.log`, in the transaction that stores that message.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("agent"),
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("last handled by"),
    )
    topic = models.ForeignKey(
        "city.Topic", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("topic")
    )
    name = models.CharField(_("name of the citizen"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=2, default="nl")
    page = models.CharField(_("page"), max_length=500, blank=True)
    first_words = models.CharField(_("first words"), max_length=160, blank=True)

    last_seq = models.PositiveIntegerField(default=0)
    citizen_read_seq = models.PositiveIntegerField(default=0)
    agent_read_seq = models.PositiveIntegerField(default=0)

    opened_at = models.DateTimeField(_("opened"))
    queued_at = models.DateTimeField(_("queued"))
    joined_at = models.DateTimeField(_("agent joined"), null=True, blank=True)
    owner_answered_at = models.DateTimeField(null=True, blank=True)
    first_answered_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    close_reason = models.CharField(
        _("why it closed"), max_length=20, choices=Reason.choices, blank=True
    )

    last_author = models.CharField(max_length=8, choices=Author.choices, default=Author.CITIZEN)
    last_text_at = models.DateTimeField()
    citizen_alive_at = models.DateTimeField()
    citizen_seen_at = models.DateTimeField()
    silence_ends_at = models.DateTimeField(null=True, blank=True)
    # Theoretical arrival time of the citizen's next message, in epoch seconds: the one number that
    # the generic cell rate algorithm needs (ITU-T I.371) to allow 20 a minute.
    citizen_tat = models.FloatField(default=0)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", agent__isnull=False)
                | (~Q(state="active") & Q(agent__isnull=True)),
                name="agent_exactly_while_active",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"],
                condition=Q(state__in=("waiting", "active")),
                name="open_conversations",
            ),
            models.Index(fields=["agent", "state"], name="conversations_of_agent"),
            models.Index(fields=["opened_at"], name="conversation_opened_at"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"

    @property
    def number(self) -> int:
        """A short number to tell visitors apart on a screen; says nothing to outsiders."""
        return self.pk % 1000

    def can_move(self, to: State) -> bool:
        return to in ALLOWED_MOVES[State(self.state)]

    def continue_until(self, rules: "ChatRules") -> datetime | None:
        """Until when the citizen may pick it up again; None when not, or while it is open."""
        if self.closed_at is None or self.close_reason not in CONTINUABLE:
            return None
        return self.closed_at + timedelta(minutes=rules.continue_minutes)


class Message(models.Model):
    """One numbered thing in a conversation: a text, an agent who joined, the end. Never changed."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.TEXT)
    author = models.CharField(max_length=8, choices=Author.choices)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agent_name = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    client_ref = models.UUIDField(null=True, blank=True)
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["conversation", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_message_per_seq"),
            models.UniqueConstraint(
                fields=["conversation", "client_ref"], name="one_message_per_send"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}:{self.seq} {self.kind}"


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
    pilot_until = models.DateField(_("the chat is a test until"), null=True, blank=True)
    pilot_text = models.CharField(_("what happens then"), max_length=300, blank=True)
    pilot_text_en = models.CharField(_("what happens then (English)"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("rules of the chat")
        verbose_name_plural = _("rules of the chat")

    def __str__(self) -> str:
        return str(_("rules of the chat"))

    @classmethod
    def current(cls) -> "ChatRules":
        """The one row, or the defaults while an administrator has not saved any."""
        return _current_rules()


@remembered
def _current_rules() -> ChatRules:
    return ChatRules.objects.select_related("schedule").order_by("pk").first() or ChatRules()
