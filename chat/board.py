"""The figures of the wall board: how the chat stands now, and how today went. Reading only.

The number of queries is the same however many rows there are, and each query finds its rows by an
index: the day's rows by the moment they opened or closed, the open ones by not having closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Min, Q, QuerySet

from chat import rush
from chat.caps import cap_of
from chat.colleagues import heard_since, who_may_answer
from chat.models import ChatRules, ChatStop, Conversation, PhoneFirst, Presence
from chat.states import State
from common.days import day_began
from questions import access as questions
from questions import problems

LEAST_RATINGS = 5  # of fewer, the mean says more of one citizen than of the day
OFFLINE = "offline"


@dataclass(frozen=True)
class AgentLine:
    """One agent. `state` is a state of Presence, or "offline" for who left chats behind."""

    name: str
    state: str
    open: int
    cap: int


@dataclass(frozen=True)
class Board:
    """What the wall board shows. `mean_rating` is None while there are too few ratings."""

    waiting: int
    waiting_since: datetime | None
    answered: int
    missed: int
    gave_up: int
    ratings: int
    mean_rating: float | None
    telephone: int
    agents: list[AgentLine]
    phone_first: PhoneFirst | None
    stop: ChatStop | None
    overdue: int
    stuck: problems.Stuck


@dataclass(frozen=True)
class _OpenNow:
    waiting: int
    since: datetime | None
    of_agent: dict[int, int]


def board(*, now: datetime) -> Board:
    """The figures at `now`; "today" begins at midnight in Brussels."""
    midnight = day_began(now)
    open_now = _open_now()
    stands = rush.standing(now)
    ended = _ended_since(midnight)
    return Board(
        waiting=open_now.waiting,
        waiting_since=open_now.since,
        answered=answered_since(midnight).count(),
        missed=ended["missed"],
        gave_up=ended["gave_up"],
        ratings=ended["ratings"],
        mean_rating=ended["mean"] if ended["ratings"] >= LEAST_RATINGS else None,
        telephone=questions.answered_at_once_since(midnight).filter(channel="phone").count(),
        agents=_agents(now, open_now.of_agent, phone_first=stands.phone_first is not None),
        phone_first=stands.phone_first,
        stop=stands.stop,
        overdue=problems.overdue_count(now),
        stuck=problems.stuck(),
    )


def waiting_count() -> int:
    """How many citizens wait, for the bar of the workbench."""
    return Conversation.objects.open_now().filter(state=State.WAITING).count()


def answered_since(moment: datetime) -> QuerySet[Conversation]:
    """Conversations whose first answer came since `moment`.

    Found by the moment they were opened: nobody waits for a first answer for longer than a day.
    """
    return Conversation.objects.filter(
        opened_at__gte=moment - timedelta(days=1), first_answered_at__gte=moment
    )


def closed_since(moment: datetime) -> QuerySet[Conversation]:
    """Conversations that ended since `moment`; none of that day is anonymised yet."""
    return Conversation.objects.filter(closed_at__gte=moment, anonymised_at=None)


def _open_now() -> _OpenNow:
    rows = Conversation.objects.open_now().order_by().values("state", "agent")
    waiting, since, of_agent = 0, None, {}
    for row in rows.annotate(count=Count("pk"), first=Min("queued_at")):
        if row["state"] == State.WAITING:
            waiting, since = row["count"], row["first"]
        else:
            of_agent[row["agent"]] = row["count"]
    return _OpenNow(waiting, since, of_agent)


def _ended_since(moment: datetime) -> dict[str, Any]:
    gave_up = Q(state=State.ABANDONED)
    return closed_since(moment).aggregate(
        missed=Count("pk", filter=gave_up | Q(first_answered_at=None)),
        gave_up=Count("pk", filter=gave_up),
        ratings=Count("rating"),
        mean=Avg("rating"),
    )


def _agents(now: datetime, open_chats: dict[int, int], *, phone_first: bool) -> list[AgentLine]:
    """Who was heard lately, and who was not but still has chats, by first name."""
    limit, rules = heard_since(now), ChatRules.current()
    rows: Iterable[Presence] = (
        who_may_answer()
        .filter(Q(heard_at__gt=limit) | Q(agent__in=list(open_chats)))
        .annotate(name=F("agent__first_name"))
        .order_by("name", "pk")
    )
    return [
        AgentLine(
            name=row.name,  # type: ignore[attr-defined]  # annotated above
            state=row.state if row.heard_at > limit else OFFLINE,
            open=open_chats.get(row.agent_id, 0),
            cap=cap_of(row, rules, phone_first=phone_first),
        )
        for row in rows
    ]
