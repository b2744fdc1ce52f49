"""One look at the database for all sockets of a web process, whatever their number.

The sockets say what they show (`Asked`), `take_look` answers all of it at once (`Look`), and each
socket compares that with what it told its client. On the way the look writes down who was heard,
and gives who waits to an agent who got room by the mere passing of time.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from chat import access, events, rush
from chat.actions.assigning import assign_waiting
from chat.actions.availability import hear
from chat.colleagues import Colleague, colleague_payload, colleagues, presence_payload
from chat.models import AllowedSite, ChatRules, Conversation
from chat.states import State
from chat.status import in_each_language
from chat.waiting import Place, places_of
from city.context import BarMessage, bar_messages
from city.remembered import remembered_for

STATUS_KEPT_S = 3.0  # of an hour that passes or an agent who comes; on and off show at once


@dataclass(frozen=True)
class Asked:
    """What the sockets of a process need to know. Conversations and agents by primary key."""

    shown: frozenset[int] = frozenset()
    waiting: frozenset[int] = frozenset()  # their citizens want to hear the place in the queue
    heard_agents: frozenset[int] = frozenset()
    heard_citizens: frozenset[int] = frozenset()  # by their conversations
    staff: frozenset[int] = frozenset()  # agents with a console
    sessions: frozenset[str] = frozenset()  # of those consoles
    any_citizens: bool = False
    any_elsewhere: bool = False  # on the page of another site


@dataclass(frozen=True)
class Presences:
    """One agent who was heard: what the own consoles are told, and what those of the others."""

    own: dict[str, Any]
    told: dict[str, Any]


@dataclass(frozen=True)
class Look:
    """What the database said: `heads` by primary key, every card, and who may still be there.

    `cards_mark` is another number when the cards are not what they were at the look before.
    """

    heads: dict[int, dict[str, Any]] = field(default_factory=dict)
    cards: list[dict[str, Any]] = field(default_factory=list)
    roles: dict[int, frozenset[str]] = field(default_factory=dict)
    sessions: set[str] = field(default_factory=set)
    sites: frozenset[str] = frozenset()
    cards_mark: int = 0
    presences: dict[int, Presences] = field(default_factory=dict)
    # Whether the chat is open, for citizens by language, and what a supervisor may have switched.
    status: dict[str, dict[str, Any]] = field(default_factory=dict)
    rush: dict[str, Any] = field(default_factory=dict)
    mark: int = 0
    is_news: bool = False
    places: dict[int, Place] = field(default_factory=dict)


def take_look(asked: Asked) -> Look:
    """In the database thread. What nobody asked for stays empty and costs nothing."""
    now = timezone.now()
    if asked.heard_agents or asked.heard_citizens:
        hear(
            agent_ids=asked.heard_agents,
            citizen_conversation_ids=asked.heard_citizens,
            now=now,
        )
    rules = ChatRules.current()
    stands = rush.standing(now)
    look = Look(
        _heads(asked.shown, rules) if asked.shown else {},
        sites=AllowedSite.origins() if asked.any_elsewhere else frozenset(),
        status=_status(stands.mark, tuple(bar_messages(now))) if asked.any_citizens else {},
        rush=events.rush_payload(stands),
        mark=stands.mark,
        is_news=stands.is_news,
        places=places_of(asked.waiting) if asked.waiting else {},
    )
    return _with_what_consoles_show(look, asked, now=now, rules=rules) if asked.staff else look


def without_seq(card: dict[str, Any]) -> dict[str, Any]:
    """A text alone does not change a line in the lists."""
    return {name: value for name, value in card.items() if name != "seq"}


def _heads(ids: frozenset[int], rules: ChatRules) -> dict[int, dict[str, Any]]:
    rows = Conversation.objects.filter(pk__in=ids).select_related("agent")
    return {row.pk: events.head_payload(row, rules) for row in rows}


def _with_what_consoles_show(look: Look, asked: Asked, *, now: datetime, rules: ChatRules) -> Look:
    cards = [events.card_payload(row) for row in access.open_cards()]
    there = colleagues(now=now, rules=rules)
    _assign_when_time_made_room(cards, there, now=now, rules=rules)
    return replace(
        look,
        cards=cards,
        roles=access.chat_roles_of(asked.staff),
        sessions=access.live_sessions(asked.sessions),
        presences={
            one.user.pk: Presences(presence_payload(one), colleague_payload(one)) for one in there
        },
    )


@remembered_for(STATUS_KEPT_S)
def _status(_mark: int, _bar: tuple[BarMessage, ...]) -> dict[str, dict[str, Any]]:
    """Worked out anew as soon as something was switched or announced: the key is another then.

    The bar is in it because it is remembered too: a look that comes just after a switch may still
    find the bar of before, and must not leave that to the looks after it.
    """
    return in_each_language(timezone.now())


def _assign_when_time_made_room(
    cards: list[dict[str, Any]], there: list[Colleague], *, now: datetime, rules: ChatRules
) -> None:
    """Time to round off runs out, telephone-first ends, an agent is heard again: nobody says so.

    Asks nothing of the database while nobody waits or nobody has room.
    """
    if any(card["state"] == State.WAITING for card in cards) and any(
        one.room(now) for one in there
    ):
        assign_waiting(now=now, rules=rules)
