"""The course of a question that was passed on, and the work that is still to be done for it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from questions.models.questions import Escalation
from questions.states import Author, Kind


class Entry(models.Model):
    """One numbered line in the course of a question: what was said or done. Never changed."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.CharField(_("what"), max_length=12, choices=Kind.choices)
    author = models.CharField(max_length=8, choices=Author.choices)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # As they were called then, so that the course stays readable when somebody leaves.
    staff_name = models.CharField(_("who"), max_length=60, blank=True)
    department_name = models.CharField(_("department"), max_length=80, blank=True)
    text = models.TextField(_("text"), blank=True)
    # An outcome or a reason, by its code.
    code = models.CharField(max_length=24, blank=True)
    client_ref = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("line in the course of a question")
        verbose_name_plural = _("course")
        ordering = ["escalation", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["escalation", "seq"], name="one_entry_per_seq"),
            models.UniqueConstraint(fields=["escalation", "client_ref"], name="one_entry_per_send"),
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id}:{self.seq} {self.kind}"


class Step(models.Model):
    """A row of the outbox: one thing that the portal still does for a question, or has done.

    Written in the transaction of what makes it needed and worked off by Celery
    (`questions.actions.sending`). `key` names the step once and for all, so that nobody asks for it
    twice; `message_id` names its mail, so that a mail that goes again is the same mail. Who gets it
    is looked up when it goes: an administrator who repairs an address repairs what waits for it.
    """

    class Kind(models.TextChoices):
        ROUTE = "route", _("send to the department")
        RECEIPT = "receipt", _("mail the citizen that it came in")
        TO_DEPARTMENT = "to_department", _("mail the department that there is a question")
        ASSIGNED = "assigned", _("mail the specialist who got it")
        ASKED_BACK = "asked_back", _("mail the citizen what we need to know")
        REPLIED = "replied", _("mail the department that the citizen replied")
        ANSWER = "answer", _("mail the citizen the answer")
        MOVED = "moved", _("mail the citizen that another department has it")
        RETURNED = "returned", _("mail the contact centre that a department returned it")
        REMINDER = "reminder", _("remind the department")
        OVERDUE = "overdue", _("mail the head of the department that it is overdue")
        ASK_AGAIN = "ask_again", _("remind the citizen that we wait for a reply")
        CLOSED = "closed", _("mail the citizen that it is closed")
        MAILBOX_TEST = "mailbox_test", _("test the mailbox of a department")

    kind = models.CharField(_("what"), max_length=14, choices=Kind.choices)
    key = models.CharField(max_length=80, unique=True, editable=False)
    escalation = models.ForeignKey(
        Escalation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("question"),
    )
    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="steps"
    )
    department = models.ForeignKey(
        "city.Department",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked_at = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # The class of the last error, or a code of ours; never its words: they may quote an address.
    error = models.CharField(_("last error"), max_length=60, blank=True)
    # A problem for people to look at; the portal goes on trying.
    stuck_at = models.DateTimeField(_("problem since"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    # No longer wanted, or dealt with otherwise by a person.
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True)

    class Meta:
        verbose_name = _("message on its way")
        verbose_name_plural = _("messages on their way")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                name="steps_to_do",
            ),
            models.Index(
                fields=["stuck_at"],
                condition=Q(stuck_at__isnull=False, done_at__isnull=True, dropped_at__isnull=True),
                name="steps_stuck",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.escalation or self.department})"
