"""The lookout of a web process: what may its sockets have missed, and who is still there?

The channel layer may lose anything. Once a second the lookout reads where the conversations of its
own sockets stand (one query, however many sockets) and tells each socket, which forwards a `head`
if it had not heard. The comparison is by number, so a commit that comes late is seen by the next
look; no clock is compared. Signs of life are stamped in the same rhythm, in one statement each.
"""

import asyncio
import logging
import time
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.utils import timezone

from chat import events
from chat.actions.availability import hear
from chat.models import ChatRules, Conversation
from chat.states import OPEN_STATES

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
STAMP_EVERY_S = 10.0


class Watcher(Protocol):
    """A socket as the lookout sees it. `heard_at` is the loop's clock at its last frame."""

    heard_at: float
    stamped_at: float
    agent_id: int | None
    conversation_id: int | None  # of a citizen's socket

    def watched(self) -> set[int]:
        """Primary keys of the conversations this socket shows."""

    async def see(self, heads: dict[int, dict[str, Any]], cards: list[dict[str, Any]]) -> None:
        """Forwards what it had not heard."""


class Lookout:
    """One for each event loop, alive while there are sockets."""

    def __init__(self) -> None:
        self.sockets: set[Watcher] = set()
        self._task: asyncio.Task[None] | None = None

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
        with_cards = any(socket.agent_id for socket in sockets)
        if not (ids or agents or with_cards):
            return
        heads, cards = await database_sync_to_async(_read)(ids, agents, citizens, with_cards)
        for socket in sockets:
            await socket.see(heads, cards)

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
    ids: set[int], agents: set[int], citizens: set[int], with_cards: bool
) -> tuple[dict[int, dict[str, Any]], list[dict[str, Any]]]:
    if agents or citizens:
        hear(agent_ids=agents, citizen_conversation_ids=citizens, now=timezone.now())
    rules = ChatRules.current()
    rows = Conversation.objects.filter(pk__in=ids).select_related("agent") if ids else []
    heads = {row.pk: events.head_payload(row, rules) for row in rows}
    cards: list[dict[str, Any]] = []
    if with_cards:
        open_ones = Conversation.objects.filter(state__in=OPEN_STATES)
        cards = [
            events.card_payload(row)
            for row in open_ones.select_related("agent", "topic").in_queue_order()
        ]
    return heads, cards


_lookouts: WeakKeyDictionary[asyncio.AbstractEventLoop, Lookout] = WeakKeyDictionary()


def lookout() -> Lookout:
    """The lookout of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _lookouts:
        _lookouts[loop] = Lookout()
    return _lookouts[loop]
