"""Where citizens stand in the queue and how long that will take, from the rows.

The place is counted anew each time. The waits are worked out for all places at once, at most every
few seconds in each process, with six queries however many rows there are; `chat.wait_range` says
how.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from chat.caps import cap_of, is_phone_first
from chat.colleagues import heard_agents
from chat.models import ChatRules, Conversation, Presence
from chat.states import State
from chat.wait_range import Range, Seat, Situation, forecast, shown
from city.remembered import remembered_for

# Handling times are those of these days; two weeks hold each day of the week twice.
RECENT_DAYS, RECENT_CHATS = 14, 300
WORKED_OUT_EVERY_S = 4.0
ROOM_FOR_MORE = 20  # places behind the last one, for who comes before the next time


@dataclass(frozen=True)
class Place:
    """Where one citizen stands, from 1. `wait` is None when too little is known to say."""

    place: int
    wait: Range | None


def place_of(conversation: Conversation) -> Place | None:
    """The place of one conversation, read just now; None when it does not wait."""
    if conversation.state != State.WAITING:
        return None
    mine = conversation.queued_at
    ahead = Q(queued_at__lt=mine) | Q(queued_at=mine, pk__lt=conversation.pk)
    waiting = Conversation.objects.filter(ahead, state=State.WAITING)
    return _place(waiting.count() + 1, ranges())


def places_of(ids: Set[int]) -> dict[int, Place]:
    """The places of those of these conversations that wait, by primary key. One look for all."""
    waiting = Conversation.objects.filter(state=State.WAITING).in_queue_order()
    line = enumerate(waiting.values_list("pk", flat=True), start=1)
    known = ranges()
    return {pk: _place(place, known) for place, pk in line if pk in ids}


def _place(place: int, known: Sequence[Range]) -> Place:
    return Place(place, known[place - 1] if place <= len(known) else None)


@remembered_for(WORKED_OUT_EVERY_S)
def ranges() -> list[Range]:
    """What is shown at each place, from the first; empty when nothing honest can be said."""
    now = timezone.now()
    waiting = Conversation.objects.filter(state=State.WAITING).count()
    return [shown(spread) for spread in forecast(situation(now), waiting + ROOM_FOR_MORE)]


def situation(now: datetime) -> Situation:
    """What the rows say at this moment: who is there, what runs, how long chats took.

    An agent who is away, busy or on the telephone pauses: the console is open, so the agent counts
    on being back. One who is not heard takes nothing.
    """
    rules, phone_first = ChatRules.current(), is_phone_first(now)
    ages = _ages(now)
    seats = tuple(
        Seat(
            cap=cap_of(presence, rules, phone_first=phone_first),
            ages_s=tuple(sorted(ages.get(presence.agent_id, ()))),
            back_in_s=_seconds(now, presence.wrap_up_until) if presence.wrap_up_until else 0.0,
            pauses=presence.state != Presence.State.AVAILABLE,
        )
        for presence in heard_agents(now).order_by("pk")
    )
    handling, giving_up = _recent(now)
    return Situation(seats, handling, float(rules.wrap_up_seconds), giving_up)


def _ages(now: datetime) -> dict[int, list[float]]:
    """How long the running chats have run, by agent."""
    ages: dict[int, list[float]] = {}
    running = Conversation.objects.filter(state=State.ACTIVE)
    for agent_id, joined_at in running.values_list("agent_id", "joined_at"):
        ages.setdefault(agent_id, []).append(_seconds(joined_at or now, now))
    return ages


def _recent(now: datetime) -> tuple[tuple[float, ...], float]:
    """How long the last chats took, and how many gave up for each second that somebody waited.

    A chat that was continued and then not taken again has an agent from before its place in the
    queue: it gave up as well. What is anonymised is left out, for the sake of the index.
    """
    ended = Conversation.objects.filter(
        anonymised_at=None, closed_at__gt=now - timedelta(days=RECENT_DAYS), closed_at__lte=now
    ).order_by("-closed_at")
    handling, waited_s, gave_up = [], 0.0, 0
    rows = ended.values_list("queued_at", "joined_at", "closed_at")[:RECENT_CHATS]
    for queued_at, joined_at, closed_at in rows:
        assert closed_at is not None
        if joined_at is not None and joined_at >= queued_at:
            handling.append(_seconds(joined_at, closed_at))
            waited_s += _seconds(queued_at, joined_at)
        else:
            gave_up += 1
            waited_s += _seconds(queued_at, closed_at)
    return tuple(handling), gave_up / max(1.0, waited_s)


def _seconds(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())
