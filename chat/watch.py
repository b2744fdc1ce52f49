"""The lookout of a web process: what may its sockets have missed, and who is still there?

The channel layer may lose anything. Once a second the lookout reads where the conversations of its
own sockets stand (`chat.look`: as many queries for one socket as for all) and shows each socket the
look, which forwards a `head` if it had not heard. The comparison is by number, so a commit that
comes late is seen by the next look; no clock is compared. Signs of life are stamped in the same
rhythm, in one statement each, and consoles learn whether their agent may still be there: a socket
outlives a logout and a lost role. So do sockets on the page of another site whether the city still
allows that site. Consoles learn how colleagues stand. Who waits learns the place in the queue and
the range of the wait, and all hear whether the chat is open and the telephone comes first.
"""

import asyncio
import logging
import time
from dataclasses import replace
from functools import partial
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from chat.look import Asked, Look, take_look, without_seq
from common import realtime
from common.database import in_database_thread

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
STAMP_EVERY_S = 10.0


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
        """One look: signs of life to the database, and to all sockets what it says."""
        sockets = list(self.sockets)
        if not sockets:
            return
        read = partial(take_look, self._asked(sockets))
        look, bells = await in_database_thread(realtime.collected, read)
        await realtime.ring(bells)
        look = self._marked(look)
        for socket in sockets:
            try:
                await socket.see(look)
            except Exception:
                # One broken connection must not keep the others from hearing.
                log.exception("a socket could not be told what it missed")

    def _asked(self, sockets: list[Watcher]) -> Asked:
        heard_agents, heard_citizens = self._signs_of_life(sockets)
        consoles = [socket for socket in sockets if socket.agent_id]
        return Asked(
            shown=frozenset[int]().union(*(socket.watched() for socket in sockets)),
            waiting=frozenset(s.conversation_id for s in sockets if s.waits and s.conversation_id),
            heard_agents=heard_agents,
            heard_citizens=heard_citizens,
            staff=frozenset(socket.agent_id for socket in consoles if socket.agent_id),
            sessions=frozenset(socket.session_key for socket in consoles if socket.session_key),
            any_citizens=len(consoles) < len(sockets),
            any_elsewhere=any(socket.site for socket in sockets),
        )

    def _marked(self, look: Look) -> Look:
        """Compares the cards once for all consoles."""
        cards = [without_seq(card) for card in look.cards]
        if cards != self._cards:
            self._cards, self._cards_mark = cards, self._cards_mark + 1
        return replace(look, cards_mark=self._cards_mark)

    def _signs_of_life(self, sockets: list[Watcher]) -> tuple[frozenset[int], frozenset[int]]:
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
        return frozenset(agents), frozenset(citizens)


_lookouts: WeakKeyDictionary[asyncio.AbstractEventLoop, Lookout] = WeakKeyDictionary()


def lookout() -> Lookout:
    """The lookout of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _lookouts:
        _lookouts[loop] = Lookout()
    return _lookouts[loop]
