"""Where the sockets of one web process hear announcements.

What a process announces reaches its own sockets directly, and those of other processes through the
channel layer. A process listens to the layer with one channel for all of its sockets, so an idle
socket holds no subscription and no task, and a message for ten sockets is decoded once (measured:
docs/decisions). The layer may lose anything; the catch-up delivers what was lost.
"""

import asyncio
import logging
import secrets
from collections import deque
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer

log = logging.getLogger(__name__)

TRY_AGAIN_S = 1.0
MOST_OUTGOING = 10_000  # while the layer hangs; what is dropped the catch-up delivers


class Ear(Protocol):
    """A socket as the hub sees it."""

    async def hear(self, message: dict[str, Any]) -> None:
        """Takes a message of a group that it joined; raises nothing."""


class Hub:
    """One for each event loop, listening to the layer while there are sockets."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(8)
        self._ears: dict[str, dict[Ear, None]] = {}
        self._channel: str | None = None
        self._listening: asyncio.Task[None] | None = None
        self._outgoing: deque[tuple[str, dict[str, Any]]] = deque(maxlen=MOST_OUTGOING)
        self._sending: asyncio.Task[None] | None = None
        self._refused: set[str] = set()
        self._asking_again: asyncio.Task[None] | None = None

    @property
    def is_listening(self) -> bool:
        """Whether other processes are heard, too."""
        return self._channel is not None

    def hears(self, group: str) -> bool:
        """Whether any own socket hears what is announced to `group`."""
        return group in self._ears

    def stop(self) -> None:
        """Hears the other processes no more."""
        for task in (self._listening, self._sending, self._asking_again):
            if task:
                task.cancel()

    async def join(self, group: str, ear: Ear) -> None:
        """From now on `ear` hears what is announced to `group`."""
        self._ears.setdefault(group, {})[ear] = None
        if self._listening is None or self._listening.done():
            self._listening = asyncio.get_running_loop().create_task(self._listen())
        elif self._channel:
            await self._tell_layer("group_add", group)

    async def leave(self, group: str, ear: Ear) -> None:
        if self.forget(group, ear) and self._channel:
            await self._tell_layer("group_discard", group)

    def forget(self, group: str, ear: Ear) -> bool:
        """`leave` that waits for no layer; returns whether `ear` was the last one there."""
        ears = self._ears.get(group, {})
        ears.pop(ear, None)
        return not ears and self._ears.pop(group, None) is not None

    async def ring(self, group: str, message: dict[str, Any]) -> None:
        """Own sockets first, then the other processes. A dead layer is logged, not raised.

        A loop with sockets does not wait for the layer; one without (a task, a command) may end as
        soon as this returns, so it does.
        """
        await self._deliver(group, message)
        self._outgoing.append((group, message))
        if self._listening is None:
            await self._send_out()
        elif self._sending is None or self._sending.done():
            self._sending = asyncio.get_running_loop().create_task(self._send_out())

    async def _send_out(self) -> None:
        while self._outgoing:
            group, message = self._outgoing.popleft()
            envelope = {"type": "hub.ring", "by": self._mark, "group": group, "message": message}
            try:
                await get_channel_layer().group_send(group, envelope)
            except Exception as error:
                log.warning(
                    "channel layer did not take %s: %s", message.get("type"), type(error).__name__
                )

    async def _deliver(self, group: str, message: dict[str, Any]) -> None:
        for ear in list(self._ears.get(group, ())):
            await ear.hear(message)

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear_others()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("channel layer does not listen: %s", type(error).__name__)
                await asyncio.sleep(TRY_AGAIN_S)

    async def _hear_others(self) -> None:
        layer = get_channel_layer()
        if self._channel is None:
            self._channel = await layer.new_channel()
            for group in list(self._ears):
                await self._tell_layer("group_add", group)
        envelope = await layer.receive(self._channel)
        if envelope["by"] != self._mark:
            await self._deliver(envelope["group"], envelope["message"])

    async def _tell_layer(self, what: str, group: str) -> None:
        try:
            await getattr(get_channel_layer(), what)(group, self._channel)
        except Exception as error:
            log.warning("channel layer refused %s: %s", what, type(error).__name__)
            if what == "group_add":
                self._ask_again_for(group)

    def _ask_again_for(self, group: str) -> None:
        """Else a socket that came during an outage would hear other processes late for ever."""
        self._refused.add(group)
        if self._asking_again is None or self._asking_again.done():
            self._asking_again = asyncio.get_running_loop().create_task(self._ask_again())

    async def _ask_again(self) -> None:
        while self._refused:
            await asyncio.sleep(TRY_AGAIN_S)
            waiting, self._refused = list(self._refused & self._ears.keys()), set()
            while waiting and not self._refused:  # one refusal a second is enough
                await self._tell_layer("group_add", waiting.pop())
            self._refused.update(waiting)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
