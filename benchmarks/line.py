"""The life of one client's connection: kept open, checked by pings, opened again when lost.

It does what `static/chat/widget/connection.js` does, with the same times, and lets the weather at
the frames of both directions.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from benchmarks.sockets import Socket, connected
from benchmarks.weather import CALM, Weather

DEAD_AFTER_S = 30.0
FIRST_S, CAP_S, GROWTH = 0.3, 15.0, 1.6  # static/chat/widget/backoff.js

_encode = msgspec.json.encode
_decode = msgspec.json.decode


@dataclass
class Network:
    """What all clients of a run share: where the portal is, the weather, and the tally."""

    ports: list[int]
    chance: random.Random
    inward: Weather = CALM
    outward: Weather = CALM
    open_within_s: float = 10.0
    repeat_s: float = 5.0
    tally: Counter[str] = field(default_factory=Counter)

    @property
    def port(self) -> int:
        return self.chance.choice(self.ports)


class Line:
    """One client's connection, whichever socket carries it at the moment."""

    def __init__(
        self,
        network: Network,
        *,
        path: str,
        opener: Callable[[], dict[str, Any]],
        on_frame: Callable[[dict[str, Any]], None],
        cookie: str = "",
        ping_every_s: float = 20.0,
    ) -> None:
        self.network, self._opener, self._on_frame = network, opener, on_frame
        self._path, self._cookie, self._ping_every_s = path, cookie, ping_every_s
        self.is_online = False
        self.online_at = 0.0
        self.failures = 0  # in a row
        self._socket: Socket | None = None
        self._lost = asyncio.Event()
        self._heard_at = self._ping_at = 0.0
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = self._loop.create_task(self._keep())

    def stop(self) -> None:
        if self._task:
            self._task.cancel()
        self.cut()

    def settled(self) -> None:
        """The other side accepted the opener."""
        self.failures = 0
        self.is_online = True
        self.online_at = self._loop.time()

    def send(self, **frame: Any) -> bool:
        """Sends a frame; False when there is no open, accepted connection."""
        if not self.is_online or not self._socket:
            return False
        self._post(self._socket, _encode(frame))
        return True

    def cut(self) -> None:
        """The cable is pulled: no goodbye."""
        if self._socket:
            self._socket.transport.abort()
        self._lost.set()

    def tick(self, now: float) -> None:
        if not self._socket:
            return
        patience_s = DEAD_AFTER_S if self.is_online else self.network.open_within_s
        if now > self._heard_at + patience_s:
            self.network.tally["given up"] += 1
            self.cut()
        elif self.is_online and now >= self._ping_at:
            self._ping_at = now + self._ping_every_s
            self.send(type="ping")

    # --- connecting --------------------------------------------------------------------------

    async def _keep(self) -> None:
        while True:
            await self._one_connection()
            self.is_online, self._socket = False, None
            self.network.tally["connections lost"] += 1
            await asyncio.sleep(_pause_s(self.failures, self.network.chance))
            self.failures += 1

    async def _one_connection(self) -> None:
        """Returns when the connection is lost or was never made."""
        lost = self._lost = asyncio.Event()  # its own, so that an older connection cannot end it
        self.network.tally["connections tried"] += 1
        try:
            async with asyncio.timeout(self.network.open_within_s):
                socket = await connected(
                    self.network.port,
                    self._path,
                    self._on_text,
                    cookie=self._cookie,
                    on_closed=lost.set,
                )
        except (OSError, TimeoutError):
            self.network.tally["connections refused"] += 1
            return
        self._socket, self._heard_at = socket, self._loop.time()
        self._ping_at = self._heard_at + self._ping_every_s
        socket.send(_encode(self._opener()))
        end = self._plan_cut()
        await lost.wait()
        if end:
            end.cancel()

    def _plan_cut(self) -> asyncio.TimerHandle | None:
        mean_s = self.network.inward.cut_after_s
        if mean_s is None:
            return None
        return self._loop.call_later(self.network.chance.expovariate(1 / mean_s), self._be_cut)

    def _be_cut(self) -> None:
        self.network.tally["connections cut"] += 1
        self.cut()

    # --- frames ------------------------------------------------------------------------------

    def _post(self, socket: Socket, data: bytes) -> None:
        for delay_s in self._fate("out", self.network.outward):
            if delay_s:
                self._loop.call_later(delay_s, self._if_current, socket, socket.send, data)
            else:
                socket.send(data)

    def _on_text(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        for delay_s in self._fate("in", self.network.inward):
            if delay_s and self._socket:
                self._loop.call_later(delay_s, self._if_current, self._socket, self._hear, data)
            else:
                self._hear(data)

    def _fate(self, direction: str, weather: Weather) -> tuple[float, ...]:
        self.network.tally[f"{direction}: frames"] += 1
        if weather is CALM:
            return (0.0,)
        delays = weather.fate(self.network.chance)
        if not delays:
            self.network.tally[f"{direction}: lost"] += 1
        elif len(delays) > 1:
            self.network.tally[f"{direction}: repeated"] += 1
        elif delays[0]:
            self.network.tally[f"{direction}: late"] += 1
        return delays

    def _if_current(self, socket: Socket, act: Callable[[bytes], None], data: bytes) -> None:
        # What was under way on a connection that is gone arrives no more.
        if socket is self._socket and not socket.closed:
            act(data)

    def _hear(self, data: bytes) -> None:
        self._on_frame(_decode(data))


def _pause_s(failures: int, chance: random.Random) -> float:
    """`nextDelay` of the widget."""
    floor = FIRST_S / 2
    ceiling = min(CAP_S, FIRST_S * 1.5 * GROWTH ** min(failures, 50))
    return floor + chance.random() * (ceiling - floor)
