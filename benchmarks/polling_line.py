"""A citizen whose network blocks WebSockets, always or now and then: the same frames over HTTP.

As `static/chat/widget/post.js` does: the opener and what there is to say in one request, again as
soon as the portal says, at once after a text; an answer that stays away ends the connection.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import msgspec

from benchmarks.line import Line, Network

MOST_FRAMES = 20
TYPES_ONCE = {"ping", "typing"}  # nothing to ask for over HTTP


class Refused(Exception):
    """429: nothing was handled; again after `wait_s`."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"again in {wait_s} s")
        self.wait_s = wait_s


class PollingLine(Line):
    """A line of which `share` of the connections poll; 1.0 for always."""

    def __init__(
        self,
        network: Network,
        *,
        share: float,
        opener: Callable[[], dict[str, Any]],
        on_frame: Callable[[dict[str, Any]], None],
        **given: Any,
    ) -> None:
        super().__init__(network, opener=opener, on_frame=on_frame, **given)
        self._share, self._polls = share, False
        self._queue: list[bytes] = []
        self._woken = asyncio.Event()

    def send(self, **frame: Any) -> bool:
        if not self._polls:
            return super().send(**frame)
        if not self.is_online:
            return False
        if frame["type"] not in TYPES_ONCE:
            self._queue.append(msgspec.json.encode(frame))
            self._woken.set()
        return True

    async def _one_connection(self) -> None:
        self._polls = self.network.chance.random() < self._share
        if not self._polls:
            await super()._one_connection()
            return
        self.network.tally["polling begun"] += 1
        self._queue.clear()
        end_at = self._end_of_connection()
        while self._loop.time() < end_at:
            self._woken.clear()
            try:
                again_in_s = await self._visit()
            except Refused as refusal:
                self.network.tally["polls held back"] += 1
                await asyncio.sleep(refusal.wait_s)
            except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
                return
            else:
                await self._until_woken(again_in_s)

    def _end_of_connection(self) -> float:
        mean_s = self.network.inward.cut_after_s
        wait_s = self.network.chance.expovariate(1 / mean_s) if mean_s else float("inf")
        return self._loop.time() + wait_s

    async def _until_woken(self, again_in_s: float) -> None:
        if self._queue:
            return
        try:
            async with asyncio.timeout(again_in_s or None):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _visit(self) -> float:
        """One request in this weather, perhaps twice; returns in how many seconds to ask again."""
        frames = self._queue[: MOST_FRAMES - 1]
        body = b'{"frames":[%s]}' % b",".join([msgspec.json.encode(self._opener()), *frames])
        outward = self._fate("out", self.network.outward) or self._nothing_came()
        await asyncio.sleep(outward[0])
        for _ in outward[1:]:
            await self._post_to(body)
        answer = await self._post_to(body)
        inward = self._fate("in", self.network.inward) or self._nothing_came()
        await asyncio.sleep(inward[0])
        del self._queue[: len(frames)]
        for _ in inward:
            for frame in answer["frames"]:
                self._on_frame(frame)
        return float(answer["again_in_s"])

    def _nothing_came(self) -> tuple[float, ...]:
        raise TimeoutError

    async def _post_to(self, body: bytes) -> dict[str, Any]:
        port = self.network.port
        head = (
            f"POST /chat/frames.json HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        async with asyncio.timeout(self.network.open_within_s):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(head.encode() + body)
                answer = await reader.read()
            finally:
                writer.close()
        return _understood(answer)


def _understood(answer: bytes) -> dict[str, Any]:
    """The body of an answer with its `frames`; ValueError when it came in pieces or broken."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int((head.split(maxsplit=2) or [b"", b"0"])[1])
    if status == 429:
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        raise Refused(float(fields.get(b"retry-after", b"2")))
    found = json.loads(body)
    if status != 200 or not isinstance(found, dict):
        raise ValueError(f"status {status}")
    return found
