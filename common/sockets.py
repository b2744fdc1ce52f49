"""A socket that speaks JSON frames: decodes, hands each to its handler, answers errors.

Bad input never closes the connection: it gets an `error` frame with a code and a sentence. What
broke on our side is logged and answered with the code `failed`.
"""

import asyncio
import contextlib
import logging
import secrets
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, ParamSpec, TypeVar

import msgspec
from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.security.websocket import WebsocketDenier
from django.conf import settings

from common import realtime
from common.database import in_database_thread
from common.errors import RuleBroken
from common.hub import hub
from common.loop_database import loop_connection
from common.throttle import scope_address

log = logging.getLogger(__name__)
P = ParamSpec("P")
Result = TypeVar("Result")

MAX_FRAME_BYTES = 8_192
MOST_EVENTS = 1_000  # what a stuck socket may have waiting; the catch-up repairs the rest
_encode = msgspec.json.Encoder().encode


class FrameSocket(AsyncWebsocketConsumer):
    """Base of the portal's sockets. A subclass fills `decoder`, `handlers` and `error_frame`."""

    decoder: ClassVar[msgspec.json.Decoder[Any]]
    handlers: ClassVar[dict[type, str]]

    def error_frame(self, error: RuleBroken, frame: Any) -> dict[str, Any]:
        """The answer to a broken rule; `frame` is None when it could not be decoded."""
        raise NotImplementedError

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        frame = None
        try:
            self._count_frame()
            frame = self._decoded(text_data)
            self.check(frame)
            await getattr(self, self.handlers[type(frame)])(frame)
        except RuleBroken as error:
            await self.push(self.error_frame(error, frame))
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log_failure(f"frame {type(frame).__name__}", error)
            await self.push(self.error_frame(RuleBroken("failed"), frame))

    def check(self, frame: Any) -> None:
        """Refuses a frame that may not come now; raises RuleBroken."""

    async def join(self, group: str) -> None:
        """Hears what is announced to `group`. Without a layer the catch-up delivers, only later."""
        self._groups.add(group)
        await hub().join(group, self)

    async def leave(self, group: str) -> None:
        self._groups.discard(group)
        await hub().leave(group, self)

    def disappear(self) -> None:
        """Undoes at once what outlives a socket; the last thing that happens to it.

        Also when no `disconnect` came: the server kills a handler that hangs after its client left.
        """
        for group in self._groups:
            hub().forget(group, self)
        self._events = deque[dict[str, Any]](maxlen=0)  # nobody listens any more

    async def push(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=_encode(frame).decode())

    async def act(self, action: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """Runs an action in the database thread and rings its bells after it has committed."""
        call = partial(action, *args, **kwargs)
        result, bells = await in_database_thread(lambda: realtime.collected(call))
        await realtime.ring(bells)
        return result

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Channels' own loop without a channel and tasks for each socket; the hub brings events.

        Frames and events take turns: a handler never starts while another of this socket runs.
        """
        self.scope, self.base_send = scope, send
        self.channel_name = secrets.token_hex(8)
        self._turn, self._events = asyncio.Lock(), deque[dict[str, Any]](maxlen=MOST_EVENTS)
        self._groups: set[str] = set()
        try:
            with contextlib.suppress(StopConsumer):
                async with loop_connection().held():
                    while True:
                        message = await receive()
                        async with self._turn:
                            await self.dispatch(message)
                            await self._handle_events()
        finally:
            self.disappear()

    async def hear(self, message: dict[str, Any]) -> None:
        """Handles an event at once, or after the handler that runs now."""
        self._events.append(message)
        if not self._turn.locked():
            async with self._turn:
                await self._handle_events()

    async def _handle_events(self) -> None:
        while self._events:
            message = self._events.popleft()
            try:
                await self.dispatch(message)
            except Exception as error:
                log_failure(f"event {message['type']}", error)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels' own, without its visit to the database thread before every event.

        That visit closes old connections; here the thread itself sees to it.
        """
        await getattr(self, get_handler_name(message))(message)

    def _decoded(self, text: str | None) -> Any:
        if text is None:
            raise RuleBroken("bad_frame")
        if len(text) > MAX_FRAME_BYTES or len(text.encode()) > MAX_FRAME_BYTES:
            raise RuleBroken("frame_too_big")
        try:
            return self.decoder.decode(text)
        except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
            raise RuleBroken("bad_frame") from None

    def _count_frame(self) -> None:
        """Two seconds' worth of frames at once, so that garbage cannot fill the database thread."""
        per_second = settings.SOCKET_FRAMES_PER_SECOND
        self.limit("frames", burst=2 * per_second, per_second=per_second)

    def limit(self, what: str, *, burst: float, per_second: float) -> None:
        """A leaky bucket of this connection; raises RuleBroken("too_fast") when it is full."""
        buckets: dict[str, tuple[float, float]] = self.__dict__.setdefault("_buckets", {})
        now = time.monotonic()
        level, at = buckets.get(what, (0.0, now))
        level = max(0.0, level - (now - at) * per_second)
        if level > burst:
            buckets[what] = (level, now)
            raise RuleBroken("too_fast", retry_after_s=2)
        buckets[what] = (level + 1, now)


class FewPerAddress:
    """Refuses sockets of an address that holds `settings[setting]` open in this process already.

    Counted around the whole life of a socket, so that none that is killed stays in the count. A
    refused handshake lets the client go over to what works without a socket.
    """

    def __init__(self, application: Any, setting: str) -> None:
        self.application, self.setting = application, setting
        self.open: Counter[str] = Counter()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        address = scope_address(scope)
        if self.open[address] >= getattr(settings, self.setting):
            log.warning("a socket was refused: %s are open from its address", self.open[address])
            await WebsocketDenier()(scope, receive, send)
            return
        self.open[address] += 1
        try:
            await self.application(scope, receive, send)
        finally:
            self.open[address] -= 1
            if not self.open[address]:
                del self.open[address]


def log_failure(what: str, error: Exception) -> None:
    """Where it broke, without the words of the error: a database may quote the row in them."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s failed: %s\n%s", what, type(error).__name__, where)
