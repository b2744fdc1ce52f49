"""Judges what became of a queue from what the database kept of it, whoever did what at once."""

from collections import Counter
from datetime import datetime

from chat.colleagues import colleagues
from chat.models import ChatRules, Conversation, Message
from chat.states import OPEN_STATES, State
from common.models import Event

ENDS = {"left", "closed", "abandoned"}


def two_owners() -> list[str]:
    """Conversations joined while somebody had them, or whose row says another owner."""
    owner: dict[int, int | None] = {}
    wrong = set()
    rows = Message.objects.order_by("conversation", "seq")
    for pk, kind, agent in rows.values_list("conversation_id", "kind", "agent_id"):
        if kind == "joined":
            if owner.get(pk) is not None:
                wrong.add(pk)
            owner[pk] = agent
        elif kind in ENDS:
            owner[pk] = None
    for pk, agent in Conversation.objects.values_list("pk", "agent_id"):
        if owner.get(pk) != agent:
            wrong.add(pk)
    return [str(pk) for pk in sorted(wrong)]


def given_above_cap(caps: dict[int, int]) -> int:
    """How often somebody got a chat above the cap, by the event log.

    An end that committed late may stand before an assignment that still counted it: that can only
    hide an excess, never invent one. `most_at_once` looks at what was true.
    """
    owner: dict[object, int] = {}
    load: Counter[int] = Counter()
    excess = 0
    events = Event.objects.filter(kind__in=["chat.joined", *(f"chat.{end}" for end in ENDS)])
    for kind, subject, actor in events.order_by("pk").values_list("kind", "subject", "actor"):
        if kind == "chat.joined" and actor is not None:
            owner[subject] = actor
            load[actor] += 1
            excess += load[actor] > caps[actor]
        elif subject in owner:
            load[owner.pop(subject)] -= 1
    return excess


def loads() -> dict[int, int]:
    """How many chats each agent has now who has any."""
    held = Conversation.objects.filter(state=State.ACTIVE).values_list("agent_id", flat=True)
    return dict(Counter(pk for pk in held if pk is not None))


def forgotten(now: datetime) -> int:
    """Who waits although somebody has room to whom it may go."""
    free = [one.user.pk for one in colleagues(now=now, rules=ChatRules.current()) if one.room(now)]
    waiting = Conversation.objects.filter(state=State.WAITING)
    return sum(
        any(pk != returned_by for pk in free)
        for returned_by in waiting.values_list("returned_by_id", flat=True)
    )


def lost(expected: int) -> int:
    """How many of the conversations that came are neither open nor ended by somebody."""
    ended = Conversation.objects.exclude(state__in=OPEN_STATES).exclude(close_reason="").count()
    return expected - ended - Conversation.objects.filter(state__in=OPEN_STATES).count()


def spread_of_free(now: datetime) -> int:
    """The most loaded minus the least loaded of the agents who still have room."""
    free = [one.open for one in colleagues(now=now, rules=ChatRules.current()) if one.room(now)]
    return max(free) - min(free) if free else 0
