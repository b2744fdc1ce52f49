"""The states of a question that was passed on, the only moves between them, and their words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    NEW = "new", _("new")
    ROUTED = "routed", _("with the department")
    IN_PROGRESS = "in_progress", _("in progress")
    WAITING = "waiting", _("waits for the citizen")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")
    RETURNED = "returned", _("returned")
    REOPENED = "reopened", _("reopened")


ALLOWED_MOVES: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.ROUTED, State.CLOSED}),
    State.ROUTED: frozenset({State.ROUTED, State.IN_PROGRESS, State.RETURNED, State.CLOSED}),
    State.IN_PROGRESS: frozenset(
        {State.ROUTED, State.WAITING, State.ANSWERED, State.RETURNED, State.CLOSED}
    ),
    State.WAITING: frozenset(
        {
            State.ROUTED,
            State.IN_PROGRESS,
            State.WAITING,
            State.ANSWERED,
            State.RETURNED,
            State.CLOSED,
        }
    ),
    State.ANSWERED: frozenset({State.CLOSED, State.REOPENED}),
    State.CLOSED: frozenset({State.REOPENED}),
    State.RETURNED: frozenset({State.ROUTED, State.CLOSED}),
    State.REOPENED: frozenset({State.ROUTED, State.IN_PROGRESS, State.RETURNED, State.CLOSED}),
}

# Somebody of the city still owes an answer.
OWED_STATES = (
    State.NEW,
    State.ROUTED,
    State.IN_PROGRESS,
    State.WAITING,
    State.RETURNED,
    State.REOPENED,
)
# The contact centre has it and must choose a department.
TO_ROUTE_STATES = (State.NEW, State.RETURNED)
# One specialist has it in hand.
IN_HAND_STATES = (State.IN_PROGRESS, State.WAITING)


class Way(models.TextChoices):
    """How the citizen wants the answer."""

    MAIL = "mail", _("by e-mail")
    PHONE = "phone", _("by telephone")
    CHAT = "chat", _("in the chat")


class Urgency(models.TextChoices):
    NORMAL = "normal", _("normal")
    URGENT = "urgent", _("urgent")


class Author(models.TextChoices):
    CITIZEN = "citizen", pgettext_lazy("question", "citizen")
    STAFF = "staff", _("employee")
    PORTAL = "portal", _("portal")


class Kind(models.TextChoices):
    """What a line in the course of a question is."""

    ASKED = "asked", _("question asked")
    ROUTED = "routed", _("sent to a department")
    TAKEN = "taken", _("taken in hand")
    GIVEN_BACK = "given_back", _("given back to the department")
    ASKED_BACK = "asked_back", _("asked the citizen")
    REPLIED = "replied", _("the citizen replied")
    ANSWERED = "answered", _("answered")
    RETURNED = "returned", _("returned as not for this department")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("reopened")
    NOTE = "note", _("internal note")


# The citizen reads these; what colleagues tell each other stays inside.
PUBLIC_KINDS = (
    Kind.ASKED,
    Kind.ROUTED,
    Kind.TAKEN,
    Kind.ASKED_BACK,
    Kind.REPLIED,
    Kind.ANSWERED,
    Kind.RETURNED,
    Kind.CLOSED,
    Kind.REOPENED,
)
