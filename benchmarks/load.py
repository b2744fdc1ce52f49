"""The load generator, a process of its own: pairs that talk, one message under way in each pair.

Reads a plan as JSON on stdin, prints what it measured as JSON. A pair is a ping-pong: one side
sends, and only when the other side has received that very message does the other side answer. The
latency of a message is the time from its sending until the other side has it.
"""

import asyncio
import json
import sys
import time
import uuid
from typing import Any

import msgspec

from benchmarks.processes import cpu_seconds
from benchmarks.sockets import Socket, connected

SENTENCE = "Kan ik zaterdag mijn reispas ophalen, of moet ik eerst een afspraak maken?"
NEWEST = 2_147_483_647  # "after" this number: no old messages, please
AT_ONCE = 10  # connections that are being opened at the same moment
PATIENCE_S = 10.0

_decode = msgspec.json.decode


class Side:
    """One of the two who talk; `send` and `texts` differ between the portal and a bare relay."""

    socket: Socket

    def __init__(self, pair: "Pair") -> None:
        self.pair = pair
        self.seen: set[str] = set()
        self.doubles = 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def saw(self, ref: str) -> None:
        if ref in self.seen:
            self.doubles += 1
            return
        self.seen.add(ref)
        self.pair.arrived(self, ref)


class BareSide(Side):
    async def connect(self, plan: dict[str, Any]) -> None:
        self.socket = await connected(plan["port"], f"/pair/{self.pair.number}/", self.on_text)
        self.ready.set_result(None)

    def on_text(self, data: bytes) -> None:
        self.saw(_decode(data)["ref"])

    def frame(self, ref: str) -> bytes:
        return f'{{"type":"send","ref":"{ref}","text":"{SENTENCE}"}}'.encode()


class PortalSide(Side):
    def on_text(self, data: bytes) -> None:
        frame = _decode(data)
        kind = frame["type"]
        if kind == "message":
            ref = frame["message"]["ref"]
            if ref:
                self.saw(ref)
        elif kind == "error":
            self.pair.run.errors.append(frame["code"])
        elif kind == self.last_word and not self.ready.done():
            self.ready.set_result(None)


class CitizenSide(PortalSide):
    last_word = "welcome"

    async def connect(self, plan: dict[str, Any]) -> None:
        token = plan["pairs"][self.pair.number]["token"]
        self.socket = await connected(plan["port"], "/ws/chat/", self.on_text)
        self.socket.send(_json(type="hello", v=1, token=token, after=NEWEST))
        await asyncio.wait_for(self.ready, PATIENCE_S)

    def frame(self, ref: str) -> bytes:
        return f'{{"type":"send","ref":"{ref}","text":"{SENTENCE}"}}'.encode()


class AgentSide(PortalSide):
    last_word = "messages"

    async def connect(self, plan: dict[str, Any]) -> None:
        pair = plan["pairs"][self.pair.number]
        self.conversation = pair["conversation"]
        self.socket = await connected(
            plan["port"], "/ws/console/", self.on_text, cookie=pair["cookie"]
        )
        watched = {"conversation": self.conversation, "after": NEWEST}
        self.socket.send(_json(type="hello", v=1, watch=[watched]))
        await asyncio.wait_for(self.ready, PATIENCE_S)

    def frame(self, ref: str) -> bytes:
        return (
            f'{{"type":"send","conversation":"{self.conversation}",'
            f'"ref":"{ref}","text":"{SENTENCE}"}}'
        ).encode()


class Pair:
    """Two sides and the one message that is under way between them."""

    def __init__(self, run: "Run", number: int, kinds: tuple[type[Side], type[Side]]) -> None:
        self.run, self.number = run, number
        self.sides = [kind(self) for kind in kinds]
        self.sent = 0
        self.awaited = ""
        self.sent_at = 0.0
        self.stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def send(self, side: Side) -> None:
        ref = str(uuid.uuid4())
        self.awaited = ref
        self.sender = side
        self.sent += 1
        self.sent_at = time.perf_counter()
        side.socket.send(side.frame(ref))

    def arrived(self, side: Side, ref: str) -> None:
        if ref != self.awaited or side is self.sender:
            return
        now = time.perf_counter()
        self.run.latencies.append((now, now - self.sent_at))
        if now < self.run.until:
            self.send(side)
        elif not self.stopped.done():
            self.stopped.set_result(None)

    @property
    def complete(self) -> bool:
        """Whether both sides have seen every message of this pair, the sender's own included."""
        return all(len(side.seen) == self.sent for side in self.sides)


class Run:
    """One measurement: connect, warm up, measure, let the last messages land, count."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.latencies: list[tuple[float, float]] = []
        self.errors: list[str] = []
        self.until = float("inf")
        kinds = (BareSide, BareSide) if plan["kind"] == "bare" else (CitizenSide, AgentSide)
        self.pairs = [Pair(self, number, kinds) for number in range(plan["count"])]

    async def result(self) -> dict[str, Any]:
        await self._connect()
        for pair in self.pairs:
            pair.send(pair.sides[0])
        await asyncio.sleep(self.plan["warm_up_s"])
        before, start = self._cpu(), time.perf_counter()
        self.until = start + self.plan["seconds"]
        await asyncio.sleep(self.plan["seconds"])
        after, end = self._cpu(), time.perf_counter()
        await self._land()
        busy = {name: (after[name] - before[name]) / (end - start) for name in after}
        return self._counted(start, min(end, self.until)) | {"cpu": busy}

    async def _connect(self) -> None:
        turns = asyncio.Semaphore(AT_ONCE)

        async def connect(side: Any) -> None:
            async with turns:
                await side.connect(self.plan)

        await asyncio.gather(*(connect(side) for pair in self.pairs for side in pair.sides))

    async def _land(self) -> None:
        deadline = time.perf_counter() + PATIENCE_S
        await asyncio.wait([pair.stopped for pair in self.pairs], timeout=PATIENCE_S)
        while time.perf_counter() < deadline and not all(pair.complete for pair in self.pairs):
            await asyncio.sleep(0.01)
        for pair in self.pairs:
            for side in pair.sides:
                side.socket.close()

    def _counted(self, start: float, end: float) -> dict[str, Any]:
        window = sorted(took for at, took in self.latencies if start <= at < end)
        sides = [side for pair in self.pairs for side in pair.sides]
        return {
            "per_s": len(window) / (end - start),
            "p50_ms": _percentile_ms(window, 0.50),
            "p95_ms": _percentile_ms(window, 0.95),
            "p99_ms": _percentile_ms(window, 0.99),
            "sent": sum(pair.sent for pair in self.pairs),
            "unseen": sum(pair.sent - len(s.seen) for pair in self.pairs for s in pair.sides),
            "doubles": sum(side.doubles for side in sides),
            "errors": self.errors[:5],
        }

    def _cpu(self) -> dict[str, float]:
        watched = {name: cpu_seconds(pid) for name, pid in self.plan["pids"].items()}
        return {"generator": time.process_time(), **watched}


def _percentile_ms(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))] * 1000 if values else 0.0


def _json(**frame: Any) -> bytes:
    return json.dumps(frame).encode()


if __name__ == "__main__":
    run_plan = json.load(sys.stdin)

    async def measured() -> dict[str, Any]:
        return await Run(run_plan).result()

    print(json.dumps(asyncio.run(measured())))
