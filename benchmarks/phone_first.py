"""`python -m benchmarks.phone_first`: from the supervisor's click to five hundred open widgets.

Two web processes, so that half of the widgets hear through the channel layer; most widgets were
only opened and listen, the others are in a conversation. The clock runs from the supervisor's frame
until each widget has the `status` that shows it. Measured once with a layer that works, and once
with a layer that loses half of what it is given, where the look at the database brings the rest.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import report
from benchmarks.fleet import Fleet, database, fleet
from benchmarks.lossy import CARRIED, LOST, counted
from benchmarks.sockets import Socket, connected

BAR_S = 2.0
PATIENCE_S = 10.0
AT_ONCE = 50  # handshakes at the same moment, before anything is measured
AGENTS = 10
PAUSE_S = (0.2, 1.2)  # between two clicks, so that they fall anywhere between two looks
LAYERS = {"works": 0.0, "loses half": 0.5}


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when a widget never showed a change; a missed bar is reported."""
    options = _options(arguments)
    outcome: dict[str, Any] = {
        **report.about(),
        "settings": {
            "widgets": f"{options.widgets}, {options.live} of them in a conversation",
            "web processes": options.webs,
            "database": options.database,
            "changes": 2 * options.rounds,
        },
        "runs": {name: _measured(options, lost) for name, lost in LAYERS.items()},
    }
    _print(outcome)
    if options.write:
        report.write("phone-first", outcome)
    return int(any(run["missed"] for run in outcome["runs"].values()))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.phone_first", description=__doc__)
    parser.add_argument("--widgets", type=int, default=500)
    parser.add_argument("--live", type=int, default=100, help="of these, in a conversation")
    parser.add_argument("--rounds", type=int, default=4, help="times on and off")
    parser.add_argument("--webs", type=int, default=2, help="web processes")
    parser.add_argument("--database", choices=["sqlite", "shared"], default="sqlite")
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    if options.widgets > 2_000 or options.rounds > 20 or not 0 < options.live <= options.widgets:
        parser.error("at most 2,000 widgets and 20 rounds")
    return options


def _measured(options: argparse.Namespace, lost: float) -> dict[str, Any]:
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="first-")))
        database_url, _ = stack.enter_context(database(options.database, var))
        wanted = {"agents": AGENTS, "each": -(-options.live // AGENTS), "supervisor": True}
        portal = stack.enter_context(
            fleet(
                var / "portal",
                settings="benchmarks.chaos_settings",
                database_url=database_url,
                webs=options.webs,
                wanted=wanted,
                extra={"LAYER_LOSES": str(lost)},
            )
        )
        found = asyncio.run(Hall(options, portal).result())
        told = {name: counted(portal.var, name) for name in (CARRIED, LOST)}
    return {**found, "layer": told}


class Widget:
    """One open panel; `announcement` is what it shows now."""

    def __init__(self) -> None:
        self.announcement = ""
        self.is_ready = False
        self.shown_at: float | None = None
        self.socket: Socket | None = None

    async def open(self, port: int, opener: dict[str, Any]) -> None:
        self.socket = await connected(port, "/ws/chat/", self.hear)
        self.socket.send(msgspec.json.encode(opener))

    def hear(self, data: bytes) -> None:
        frame = msgspec.json.decode(data)
        self.is_ready |= frame["type"] in {"welcome", "status"}
        if frame["type"] == "status" and frame["announcement"] != self.announcement:
            self.announcement, self.shown_at = frame["announcement"], time.perf_counter()


class Hall:
    """All widgets, the supervisor, and what was measured."""

    def __init__(self, options: argparse.Namespace, portal: Fleet) -> None:
        self.options, self.portal = options, portal
        self.chance = random.Random(20261125)
        self.widgets = [Widget() for _ in range(options.widgets)]
        self.times_s: list[float] = []
        self.missed = 0

    async def result(self) -> dict[str, Any]:
        await self._let_in()
        port, cookie = self.portal.web_ports[0], self.portal.stage["supervisor"]
        supervisor = await connected(port, "/ws/console/", lambda data: None, cookie=cookie)
        supervisor.send(msgspec.json.encode({"type": "hello", "v": 1}))
        await asyncio.sleep(2)  # the first looks of the web processes
        for turn in range(2 * self.options.rounds):
            await asyncio.sleep(self.chance.uniform(*PAUSE_S))
            await self._switch(supervisor, on=turn % 2 == 0)
        for socket in [supervisor, *(widget.socket for widget in self.widgets)]:
            if socket:
                socket.close()
        return self._summed_up()

    async def _let_in(self) -> None:
        openers: list[dict[str, Any]] = [
            {"type": "hello", "v": 1, "token": token, "after": 0}
            for token in self.portal.stage["live"][: self.options.live]
        ]
        listen = {"type": "listen", "v": 1, "lang": "nl"}
        openers += [listen] * (len(self.widgets) - len(openers))
        ports = self.portal.web_ports
        doors = [
            widget.open(ports[place % len(ports)], opener)
            for place, (widget, opener) in enumerate(zip(self.widgets, openers, strict=True))
        ]
        for start in range(0, len(doors), AT_ONCE):
            await asyncio.gather(*doors[start : start + AT_ONCE])
        await self._until(lambda widget: widget.is_ready)

    async def _switch(self, supervisor: Socket, *, on: bool) -> None:
        for widget in self.widgets:
            widget.shown_at = None
        clicked_at = time.perf_counter()
        supervisor.send(msgspec.json.encode({"type": "phone_first", "on": on}))
        await self._until(lambda widget: widget.shown_at is not None)
        for widget in self.widgets:
            if widget.shown_at is None or bool(widget.announcement) != on:
                self.missed += 1
            else:
                self.times_s.append(widget.shown_at - clicked_at)

    async def _until(self, holds: Any) -> None:
        until = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < until and not all(map(holds, self.widgets)):
            await asyncio.sleep(0.05)

    def _summed_up(self) -> dict[str, Any]:
        times = sorted(self.times_s) or [PATIENCE_S]

        def at(share: float) -> float:
            return round(times[min(len(times) - 1, int(share * len(times)))], 3)

        return {
            "p50_s": at(0.5),
            "p95_s": at(0.95),
            "max_s": at(1),
            "seen": len(self.times_s),
            "missed": self.missed,
            "bar_s": BAR_S,
            "reached": not self.missed and at(1) <= BAR_S,
        }


def _print(outcome: dict[str, Any]) -> None:
    report.describe(outcome, outcome["settings"])
    rows = [
        [
            f"the layer {name}",
            *(f"{run[key]:.2f} s" for key in ("p50_s", "p95_s", "max_s")),
            f"{run['seen']:,}",
            str(run["missed"]),
            "reached" if run["reached"] else "NOT reached",
        ]
        for name, run in outcome["runs"].items()
    ]
    head = ["", "p50", "p95", "max", "shown", "never", f"max ≤ {BAR_S:.0f} s"]
    report.table("From the click until an open widget shows it", head, rows)


if __name__ == "__main__":
    sys.exit(main())
