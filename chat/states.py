"""The states of a conversation and the only moves between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    ACTIVE = "active", _("active")
    CLOSED = "closed", _("closed")
    ABANDONED = "abandoned", _("abandoned")


ALLOWED_MOVES: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.ACTIVE, State.CLOSED, State.ABANDONED}),
    State.ACTIVE: frozenset({State.WAITING, State.CLOSED}),
    State.CLOSED: frozenset({State.WAITING}),
    State.ABANDONED: frozenset({State.WAITING}),
}

OPEN_STATES = (State.WAITING, State.ACTIVE)


class Author(models.TextChoices):
    CITIZEN = "citizen", _("citizen")
    AGENT = "agent", _("agent")
    PORTAL = "portal", _("portal")


class Kind(models.TextChoices):
    """What a message in the list of a conversation is; docs/chat-protocol.md has the table."""

    TEXT = "text", _("text")
    FILE = "file", _("file")
    JOINED = "joined", _("agent joined")
    LEFT = "left", _("agent left")
    ASKED_IF_THERE = "asked_if_there", _("asked whether the citizen is there")
    STILL_THERE = "still_there", _("citizen is still there")
    CLOSED = "closed", _("closed")
    ABANDONED = "abandoned", _("abandoned")
    CONTINUED = "continued", _("continued")
    CARD = "card", _("link card")


class Reason(models.TextChoices):
    """Why an agent left or a conversation closed."""

    AGENT_RETURNED = "agent_returned", _("the agent gave it back")
    AGENT_UNANSWERING = "agent_unanswering", _("the first answer stayed out")
    AGENT_GONE = "agent_gone", _("the agent's connection was gone")
    CITIZEN = "citizen", _("ended by the citizen")
    AGENT = "agent", _("ended by the agent")
    SILENCE = "silence", _("the citizen was silent")
    UNREACHABLE = "unreachable", _("the citizen was out of reach while waiting")
    TRANSFERRED = "transferred", _("passed to a colleague")
    SHIFT_END = "shift_end", _("the agent's shift ended")
    ABUSE = "abuse", _("ended because of abuse")


# Ended without a person deciding so; these the citizen may pick up again within the hour.
CONTINUABLE = (Reason.SILENCE, Reason.UNREACHABLE)
