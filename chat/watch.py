"""The lookout of a web process: what may its sockets have missed, and who is still there?

The channel layer may lose anything. Once a second the lookout reads where the conversations of its
own sockets stand (one query, however many sockets) and tells each socket, which forwards a `head`
if it had not heard. The comparison is by number, so a commit that comes late is seen by the next
look; no clock is compared. Signs of life are stamped in the same rhythm, in one statement each, and
consoles learn whether their agent may still be there: a socket outlives a logout and a lost role.
So do sockets on the page of another site whether the city still allows that site. Consoles learn
how colleagues stand, and who waits is given to who got room by the mere passing of time. Who waits
learns the place in the queue and the range of the wait, and all hear whether the chat is open and
the telephone comes first.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from django.utils import timezone

from chat import access, events, rush
from chat.actions.assigning import assign_waiting
from chat.actions.availability import hear
from chat.colleagues import Colleague, colleague_payload, colleagues, presence_payload
from chat.models import AllowedSite, ChatRules, Conversation
from chat.states import State
from chat.status import in_each_language
from chat.waiting import Place, places_of
from city.remembered import forget, remembered_for
from common import realtime
from common.database import in_database_thread

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
STAMP_EVERY_S = 10.0
STATUS_KEPT_S = 5.0  # of an hour that passes or an agent who comes; on and off show at once


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


class Watcher(Protocol):
    """A socket as the lookout sees it. `heard_at` is the loop's clock at its last frame."""

    heard_at: float
    stamped_at: float
    agent_id: int | None
    conversation_id: int | None  # of a citizen's socket
    session_key: str | None  # of an agent's socket
    waits: bool  # a citizen's socket whose conversation waits for an agent
    site: str  # the other site whose page carries a citizen's socket, or empty

    def watched(self) -> set[int]:
        """Primary keys of the conversations this socket shows."""

    async def see(self, look: Look) -> None:
        """Forwards what it had not heard."""


class Lookout:
    """One for each event loop, alive while there are sockets."""

    def __init__(self) -> None:
        self.sockets: set[Watcher] = set()
        self._task: asyncio.Task[None] | None = None
        self._cards: list[dict[str, Any]] = []
        self._cards_mark = 1

    def add(self, socket: Watcher) -> None:
        self.sockets.add(socket)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._keep_looking())

    def remove(self, socket: Watcher) -> None:
        self.sockets.discard(socket)
        if not self.sockets and self._task:
            self._task.cancel()
            self._task = None

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look()
            except asyncio.CancelledError:
                raise
            except Exception:
                # The database may be away for a moment; the next look tries again.
                log.exception("the lookout could not look")

    async def look(self) -> None:
        """One look: heads to all sockets, cards to agents, signs of life to the database."""
        sockets = list(self.sockets)
        ids = set().union(*(socket.watched() for socket in sockets)) if sockets else set()
        agents, citizens = self._signs_of_life(sockets)
        consoles = [socket for socket in sockets if socket.agent_id]
        if not sockets:
            return
        read = partial(
            _read,
            ids,
            agents,
            citizens,
            staff={socket.agent_id for socket in consoles if socket.agent_id},
            sessions={socket.session_key for socket in consoles if socket.session_key},
            elsewhere=any(socket.site for socket in sockets),
            for_citizens=len(consoles) < len(sockets),
            waiting={socket.conversation_id for socket in sockets if socket.waits},
        )
        look, bells = await in_database_thread(realtime.collected, read)
        await realtime.ring(bells)
        look = self._marked(look)
        for socket in sockets:
            try:
                await socket.see(look)
            except Exception:
                # One broken connection must not keep the others from hearing.
                log.exception("a socket could not be told what it missed")

    def _marked(self, look: Look) -> Look:
        """Compares the cards once for all consoles."""
        cards = [without_seq(card) for card in look.cards]
        if cards != self._cards:
            self._cards, self._cards_mark = cards, self._cards_mark + 1
        return replace(look, cards_mark=self._cards_mark)

    def _signs_of_life(self, sockets: list[Watcher]) -> tuple[set[int], set[int]]:
        now = time.monotonic()
        agents, citizens = set(), set()
        for socket in sockets:
            if socket.heard_at <= socket.stamped_at or now - socket.stamped_at < STAMP_EVERY_S:
                continue
            socket.stamped_at = now
            if socket.agent_id:
                agents.add(socket.agent_id)
            elif socket.conversation_id:
                citizens.add(socket.conversation_id)
        return agents, citizens


def _read(
    ids: set[int],
    agents: set[int],
    citizens: set[int],
    *,
    staff: set[int],
    sessions: set[str],
    elsewhere: bool,
    for_citizens: bool,
    waiting: set[int | None],
) -> Look:
    now = timezone.now()
    if agents or citizens:
        hear(agent_ids=agents, citizen_conversation_ids=citizens, now=now)
    rules = ChatRules.current()
    rows = Conversation.objects.filter(pk__in=ids).select_related("agent") if ids else []
    heads = {row.pk: events.head_payload(row, rules) for row in rows}
    sites = AllowedSite.origins() if elsewhere else frozenset[str]()
    stands = rush.standing(now)
    look = Look(
        heads,
        sites=sites,
        status=_status(stands.mark) if for_citizens else {},
        rush=events.rush_payload(stands),
        mark=stands.mark,
        is_news=stands.is_news,
        places=places_of({pk for pk in waiting if pk}) if waiting else {},
    )
    if not staff:
        return look
    cards = [events.card_payload(row) for row in access.open_cards()]
    there = colleagues(now=now, rules=rules)
    _assign_when_time_made_room(cards, there, now=now, rules=rules)
    return replace(
        look,
        cards=cards,
        roles=access.chat_roles_of(staff),
        sessions=access.live_sessions(sessions),
        presences={
            one.user.pk: Presences(presence_payload(one), colleague_payload(one)) for one in there
        },
    )


@remembered_for(STATUS_KEPT_S)
def _status(mark: int) -> dict[str, dict[str, Any]]:
    """Read anew as soon as something was switched, which is what the mark says."""
    forget()  # or this would keep for five seconds what another kept for half of one
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


def without_seq(card: dict[str, Any]) -> dict[str, Any]:
    """A text alone does not change a line in the lists."""
    return {name: value for name, value in card.items() if name != "seq"}


_lookouts: WeakKeyDictionary[asyncio.AbstractEventLoop, Lookout] = WeakKeyDictionary()


def lookout() -> Lookout:
    """The lookout of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _lookouts:
        _lookouts[loop] = Lookout()
    return _lookouts[loop]
