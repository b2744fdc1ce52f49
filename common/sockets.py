"""A socket that speaks JSON frames: decodes, hands each to its handler, answers errors.

Bad input never closes the connection: it gets an `error` frame with a code and a sentence. What
broke on our side is logged and answered with the code `failed`.
"""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, ParamSpec, TypeVar

import msgspec
from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from common import realtime
from common.database import in_database_thread
from common.errors import RuleBroken

log = logging.getLogger(__name__)
P = ParamSpec("P")
Result = TypeVar("Result")

MAX_FRAME_BYTES = 8_192
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
            _log_failure(frame, error)
            await self.push(self.error_frame(RuleBroken("failed"), frame))

    def check(self, frame: Any) -> None:
        """Refuses a frame that may not come now; raises RuleBroken."""

    async def join(self, group: str) -> None:
        """Hears what is announced to `group`. Without a layer the catch-up delivers, only later."""
        try:
            await self.channel_layer.group_add(group, self.channel_name)
        except Exception as error:
            log.warning("channel layer did not join: %s", type(error).__name__)

    async def leave(self, group: str) -> None:
        try:
            await self.channel_layer.group_discard(group, self.channel_name)
        except Exception as error:
            log.warning("channel layer did not leave: %s", type(error).__name__)

    async def push(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=_encode(frame).decode())

    async def act(self, action: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """Runs an action in the database thread and rings its bells after it has committed."""
        call = partial(action, *args, **kwargs)
        result, bells = await in_database_thread(lambda: realtime.collected(call))
        await realtime.ring(bells)
        return result

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


def _log_failure(frame: Any, error: Exception) -> None:
    """Where it broke, without the words of the error: a database may quote the row in them."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("frame %s failed: %s\n%s", type(frame).__name__, type(error).__name__, where)
