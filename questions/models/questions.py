"""Every question to the city, and the course of those that were passed on to a department."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from questions.models.rules import QuestionRules
from questions.states import (
    ALLOWED_MOVES,
    IN_HAND_STATES,
    OWED_STATES,
    TO_ROUTE_STATES,
    State,
    Urgency,
    Way,
)


class Question(models.Model):
    """One question, by whatever channel. Here are no words: the topic tells enough.

    A chat counts by itself in the room of the chat, unless its question was passed on; here are
    the other channels, so that they can be compared. A question that was passed on has an
    `escalation`, and no outcome as long as it is under way.
    """

    class Channel(models.TextChoices):
        PHONE = "phone", _("telephone")
        MAIL = "mail", _("e-mail")
        SOCIAL = "social", _("social media")
        DESK = "desk", _("desk")
        CHAT = "chat", _("chat")
        FORM = "form", _("contact form")

    class Outcome(models.TextChoices):
        ANSWERED_AT_ONCE = "answered_at_once", _("answered at once")
        ANSWERED = "answered", _("answered by the department")
        CALLED_BACK = "called_back", _("called back")
        CITIZEN_UNREACHABLE = "citizen_unreachable", _("citizen unreachable")
        DEPARTMENT_UNREACHABLE = "department_unreachable", _("department unreachable")
        NOT_FOR_CITY = "not_for_city", _("not for the city")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Made by the form, so that a double click registers one question.
    client_ref = models.UUIDField(unique=True, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    outcome = models.CharField(_("outcome"), max_length=24, choices=Outcome.choices, blank=True)
    # A citizen who writes by the contact form may leave it out.
    topic = models.ForeignKey(
        "city.Topic", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("topic")
    )
    # Empty when the citizen wrote it.
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
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
        return f"{self.get_channel_display()}: {self.topic or '–'}"


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def owed(self) -> "EscalationQuerySet":
        """Questions to which the city still owes an answer."""
        return self.filter(state__in=OWED_STATES)

    def to_route(self) -> "EscalationQuerySet":
        """Questions for which the contact centre must choose a department."""
        return self.filter(state__in=TO_ROUTE_STATES, department=None)

    def overdue(self, now: datetime) -> "EscalationQuerySet":
        """Promised for a moment that is over. While the citizen must reply, no term runs."""
        return self.owed().filter(due_at__lte=now)

    def by_term(self) -> "EscalationQuerySet":
        """The one that is due first, first; those whose term stands still at the end."""
        return self.order_by(models.F("due_at").asc(nulls_last=True), "pk")

    def joined(self) -> "EscalationQuerySet":
        """With everything that a line of a list shows."""
        return self.select_related("question", "question__topic", "department", "assignee")


class Escalation(models.Model):
    """A question that was passed on to a department: its words, its course and its term.

    `state` moves by `questions.states.ALLOWED_MOVES` only, under the lock of this row, together
    with a line in its course (`Entry`). A department has it in every state but new, returned and
    closed; one specialist has it in hand while it is in progress or waits for the citizen.
    `due_at` is the promise to the citizen; while the citizen must reply no term runs, and
    `term_left_s` keeps how many seconds of the department's working time were left.
    """

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="escalation")
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NEW)
    text = models.TextField(_("question"))
    way = models.CharField(_("how the citizen wants the answer"), max_length=6, choices=Way.choices)
    name = models.CharField(_("name"), max_length=80, blank=True)
    mail = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone number"), max_length=30, blank=True)
    language = models.CharField(_("language"), max_length=2, default="nl")
    urgency = models.CharField(
        _("urgency"), max_length=6, choices=Urgency.choices, default=Urgency.NORMAL
    )
    # Where it began, for the room that knows: a conversation of the chat. Opaque here.
    origin = models.CharField(max_length=60, blank=True, editable=False)
    department = models.ForeignKey(
        "city.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="escalations",
        verbose_name=_("department"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="escalations",
        verbose_name=_("specialist"),
    )
    last_seq = models.PositiveIntegerField(default=0, editable=False)

    passed_on_at = models.DateTimeField(_("passed on"))
    due_at = models.DateTimeField(_("promised for"), null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(_("overdue since"), null=True, blank=True)
    term_left_s = models.PositiveIntegerField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("question passed on")
        verbose_name_plural = _("questions passed on")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=(*TO_ROUTE_STATES, State.CLOSED))
                | Q(department__isnull=False),
                name="escalation_is_never_without_a_department",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=IN_HAND_STATES) | Q(assignee__isnull=False),
                name="escalation_in_hand_has_a_specialist",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(*TO_ROUTE_STATES, State.ROUTED)) | Q(assignee__isnull=True),
                name="escalation_with_nobody_in_particular",
            ),
            models.CheckConstraint(
                condition=Q(state=State.WAITING, due_at__isnull=True, term_left_s__isnull=False)
                | ~Q(state=State.WAITING),
                name="escalation_term_stands_still_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True)
                | Q(state=State.CLOSED, text="", name="", mail="", phone="", origin=""),
                name="escalation_anonymised_stays_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state", "due_at"], name="escalation_inbox"),
            models.Index(fields=["assignee", "state"], name="escalation_of_specialist"),
            models.Index(fields=["state", "due_at"], name="escalation_due"),
            models.Index(fields=["state", "remind_at"], name="escalation_remind"),
            models.Index(fields=["closed_at"], name="escalation_closed_at"),
            models.Index(fields=["origin"], name="escalation_origin"),
        ]

    def __str__(self) -> str:
        return self.reference

    def can_move(self, to: State) -> bool:
        return to in ALLOWED_MOVES[State(self.state)]

    def may_reopen_until(self, rules: QuestionRules) -> datetime | None:
        """Until when a reply of the citizen opens it again; None when it is not answered yet."""
        ended_at = self.closed_at or self.answered_at
        if self.state not in {State.ANSWERED, State.CLOSED} or not ended_at or self.anonymised_at:
            return None
        return ended_at + timedelta(days=rules.reopen_days)

    def readable_until(self, rules: QuestionRules) -> datetime | None:
        """Until when the citizen's link shows it; None while it is under way."""
        return self.closed_at and self.closed_at + timedelta(days=rules.link_days)


class ReferenceYear(models.Model):
    """The newest number of a year. Locked only while a reference is taken."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
