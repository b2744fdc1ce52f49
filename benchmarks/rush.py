"""`python -m benchmarks.rush`: the whole portal and a rush hour on one machine.

Open widgets that ask for the state, live conversations with agents who have six each, texts at a
steady rate with the typing and reading of real clients; then the same sockets and many more are all
cut at once and come back, each with a text that was typed meanwhile: once because the network was
gone, once because the web process was killed. Real settings, real limits; the load generator shares
the processors with what it measures, and the table says how much it takes.
"""

import argparse
import asyncio
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.fleet import Fleet, database, fleet
from benchmarks.launchers import Launcher
from benchmarks.ledger import Row, Talk
from benchmarks.line import Network
from benchmarks.people import Agent, Citizen, Company
from benchmarks.processes import family_cpu_seconds, resident_kib
from benchmarks.verdict import stored_rows, verdict

SENTENCE = "Kan ik zaterdag mijn reispas ophalen, of moet ik eerst een afspraak maken?"
P95_BAR_MS, P99_BAR_MS = 250.0, 1_000.0
STORM_BAR_S = 30.0
TYPING_S, TYPING_EVERY_S = 5.0, 3.0  # how long a text takes to write
AT_ONCE = 20  # connections that are opened at the same moment before anything is measured
PATIENCE_S = 120.0
STORM_TYPING_S = 2.0  # in which everybody in a storm has pressed send
NEW_CHATS = 1_000_000


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when a text was lost or doubled or a request failed; a missed bar is reported."""
    options = _options(arguments)
    facts = report.about()
    _allow_many_sockets()
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rush-")))
        database_url, postgres = stack.enter_context(database(options.database, var))
        portal = stack.enter_context(
            fleet(
                var / "portal",
                settings="hasselt_portal.settings",
                database_url=database_url,
                webs=options.webs,
                wanted={
                    "agents": options.agents,
                    "each": options.live // options.agents,
                    "rules": {"new_chats_per_hour": NEW_CHATS},
                },
                postgres=postgres,
            )
        )
        outcome = {**facts, **asyncio.run(Rush(options, portal).result())}
    _print(outcome)
    if options.write:
        report.write(f"rush-{'sqlite' if options.database == 'sqlite' else 'postgres'}", outcome)
    return 0 if outcome["whole"] else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.rush", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--warm-up", type=float, default=35.0)
    parser.add_argument("--widgets", type=int, default=2_000)
    parser.add_argument("--live", type=int, default=300, help="conversations")
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second")
    parser.add_argument("--storm", type=int, default=2_000, help="conversations; 0 for none")
    parser.add_argument(
        "--storm-state",
        choices=["waiting", "active"],
        default="waiting",
        help="what the conversations are that only the storm has",
    )
    parser.add_argument("--database", choices=["sqlite", "postgres", "shared"], default="postgres")
    parser.add_argument("--webs", type=int, default=1, help="web processes")
    parser.add_argument("--seed", type=int, default=20260630)
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    if options.seconds > 1_800 or options.widgets > 5_000 or options.storm > 4_000:
        parser.error("at most half an hour, 5,000 widgets and 4,000 conversations")
    if options.storm and options.storm < options.live:
        parser.error("the live conversations are part of the storm")
    return options


def _allow_many_sockets() -> None:
    """As many open files as this machine allows; the web process inherits it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Rush:
    """The company, the widgets, and what was measured."""

    def __init__(self, options: argparse.Namespace, portal: Fleet) -> None:
        self.options, self.portal = options, portal
        self.chance = random.Random(options.seed)
        self.company = Company()
        self.arrivals: list[tuple[float, float]] = []  # when the other side had it, and after what
        self.answers: list[tuple[float, float, int]] = []  # of the state of the chat
        self.late_ms: list[float] = []  # how late the generator's own loop was
        self.missed: list[str] = []  # what was waited for in vain
        self._sent_at: dict[str, float] = {}
        self._ends: dict[str, list[tuple[Citizen | Agent, Talk]]] = {}

    async def result(self) -> dict[str, Any]:
        self._loop = asyncio.get_running_loop()
        self.network = Network(self.portal.web_ports, self.chance)
        await self._let_in()
        self.company.keep_time()
        background = [asyncio.create_task(task) for task in self._background()]
        await asyncio.sleep(self.options.warm_up)
        load = await self._measure()
        storms = [await self._storm(kind) for kind in self._storms()]
        for task in background:
            task.cancel()
        self.company.stop()
        return self._summed_up(load, storms)

    # --- everybody comes in --------------------------------------------------------------------

    async def _let_in(self) -> None:
        for cookie in self.portal.stage["agents"]:
            self.company.agents.append(Agent(self.network, self._on_rows, cookie=cookie))
        for agent in self.company.agents:
            agent.line.start()
        await self._until_all_are_online()
        await self._let_in_citizens(self.portal.stage["live"])
        await self._until(self._everybody_is_paired, "agents who watch their conversations")
        self._pair()

    async def _let_in_citizens(self, tokens: list[str]) -> None:
        for first in range(0, len(tokens), AT_ONCE):
            for token in tokens[first : first + AT_ONCE]:
                citizen = Citizen(self.network, self._on_rows, token=token)
                self.company.citizens.append(citizen)
                citizen.line.start()
            await self._until_all_are_online()

    def _pair(self) -> None:
        self._ends = {}
        for agent in self.company.agents:
            for conversation, talk in agent.talks.items():
                self._ends[conversation] = [(agent, talk)]
        for citizen in self.company.citizens:
            ends = self._ends.get(citizen.talk.ledger.conversation, [])
            ends.append((citizen, citizen.talk))

    async def _until_all_are_online(self) -> None:
        everyone = self.company.everyone
        await self._until(lambda: all(p.line.is_online for p in everyone), "sockets to open")

    def _everybody_is_paired(self) -> bool:
        watched = sum(len(agent.talks) for agent in self.company.agents)
        waiting = self.options.storm_state == "waiting"
        return watched >= (self.options.live if waiting else len(self.company.citizens))

    # --- what goes on all the time -------------------------------------------------------------

    def _background(self) -> list[Any]:
        self._launchers = [
            Launcher(self.chance.choice(self.portal.web_ports), self.answers)
            for _ in range(self.options.widgets)
        ]
        asking = [launcher.keep_asking(self.chance) for launcher in self._launchers]
        return [self._write_at_random(), self._watch_own_lateness(), *asking]

    async def _write_at_random(self) -> None:
        """Texts come as they do from many people: at random moments, at a steady mean rate."""
        self._writes = True
        due = self._loop.time()
        while self._writes:
            due += self.chance.expovariate(self.options.rate)
            await asyncio.sleep(due - self._loop.time())
            person, talk = self.chance.choice(self.chance.choice(list(self._ends.values())))
            self._type(person, talk)

    def _type(self, person: Citizen | Agent, talk: Talk) -> None:
        for pause_s in (0.0, TYPING_EVERY_S):
            self._loop.call_later(pause_s, _say_typing, person, talk)
        self._loop.call_later(TYPING_S, self._say, talk)

    def _say(self, talk: Talk) -> None:
        said = talk.say(SENTENCE, self._loop.time())
        if talk.ledger.conversation in self._ends:  # in the queue nobody reads along
            self._sent_at[said.ref] = said.at

    def _on_rows(self, person: Citizen | Agent, talk: Talk, rows: list[Row]) -> None:
        """The other side has it, and reads it."""
        now = self._loop.time()
        author = "citizen" if isinstance(person, Citizen) else "agent"
        others = [row for row in rows if row.kind == "text" and row.author != author]
        for row in others:
            if sent_at := self._sent_at.pop(row.ref or "", None):
                self.arrivals.append((now, now - sent_at))
        if others:
            person.read(talk, others[-1].seq)

    async def _watch_own_lateness(self) -> None:
        while True:
            due = self._loop.time() + 0.05
            await asyncio.sleep(0.05)
            self.late_ms.append((self._loop.time() - due) * 1000)

    # --- the load ------------------------------------------------------------------------------

    async def _measure(self) -> dict[str, Any]:
        self.late_ms.clear()
        before, start = self._cpu(), self._loop.time()
        asked_from = time.perf_counter()
        tally = Counter(self.network.tally)
        await asyncio.sleep(self.options.seconds)
        end, after = self._loop.time(), self._cpu()
        asked_until = time.perf_counter()
        frames = self.network.tally - tally
        self._writes = False
        await asyncio.sleep(TYPING_S + 1)
        await self._until(self._nothing_is_under_way, "texts under way")
        took = sorted(s for at, s in self.arrivals if start <= at < end)
        asked = [(s, code) for at, s, code in self.answers if asked_from <= at < asked_until]
        return {
            "seconds": round(end - start, 1),
            "delivered": len(took),
            "delivery_ms": _percentiles_ms(took),
            "status": {
                "asked": len(asked),
                "failed": sum(code not in (200, 304) for _, code in asked),
                "codes": dict(Counter(code for _, code in asked)),  # 0: no answer at all
                "ms": _percentiles_ms(sorted(seconds for seconds, _ in asked)),
            },
            "frames_per_s": {
                name: round(frames[f"{name}: frames"] / (end - start)) for name in ("in", "out")
            },
            "connections_lost": frames["connections lost"],
            "generator_late_ms": _percentiles_ms(sorted(ms / 1000 for ms in self.late_ms)),
            "cpu": {name: round((after[name] - before[name]) / (end - start), 3) for name in after},
            "memory_mib": {
                name: resident_kib(server.pid) // 1024
                for name, server in self.portal.servers.items()
                if name.startswith("web-")
            },
        }

    def _cpu(self) -> dict[str, float]:
        """Of each server with its children, and of this process."""
        servers = self.portal.servers.items()
        used = {name: family_cpu_seconds(server.pid) for name, server in servers}
        return {**used, "generator": time.process_time()}

    def _nothing_is_under_way(self) -> bool:
        return not self._sent_at and all(talk.is_quiet for talk in self.company.talks)

    # --- the storms ----------------------------------------------------------------------------

    def _storms(self) -> list[str]:
        return ["network cut", "web process killed"] if self.options.storm else []

    async def _storm(self, kind: str) -> dict[str, Any]:
        """Everybody is cut at once, types a text, and comes back as the widget does."""
        await self._let_in_citizens(await asyncio.to_thread(self._missing_tokens))
        await self._until(self._everybody_is_paired, "agents who watch their conversations")
        self._pair()
        await asyncio.sleep(5)
        tally, first = Counter(self.network.tally), len(self.arrivals)
        before, start = self._cpu(), self._loop.time()
        restarting = asyncio.create_task(self._strike(kind))
        for citizen in self.company.citizens:
            wait_s = self.chance.random() * STORM_TYPING_S
            self._loop.call_later(wait_s, self._say, citizen.talk)
        await restarting
        everyone = self.company.everyone
        await self._until(lambda: all(p.line.online_at > start for p in everyone), f"{kind}: all")
        again = {name for name, server in self.portal.servers.items() if server.kills}
        used = {n: s - (0.0 if n in again else before[n]) for n, s in self._cpu().items()}
        took_s = self._loop.time() - start
        await asyncio.sleep(STORM_TYPING_S)
        await self._until(self._nothing_is_under_way, f"{kind}: texts under way")
        back = sorted(p.line.online_at - start for p in everyone if p.line.online_at > start)
        tries = self.network.tally - tally
        return {
            "kind": kind,
            "sockets": len(everyone),
            "back": len(back),
            "back_s": {name: round(ms / 1000, 2) for name, ms in _percentiles_ms(back).items()},
            "texts": len(self.company.citizens),
            "texts_stored_s": round(self._loop.time() - start, 1),
            "delivery_ms": _percentiles_ms(sorted(s for _, s in self.arrivals[first:])),
            "tried": tries["connections tried"],
            "refused": tries["connections refused"],
            "given_up": tries["given up"],
            "cpu": {name: round(s / took_s, 2) for name, s in used.items()},
        }

    def _missing_tokens(self) -> list[str]:
        missing = max(0, self.options.storm - len(self.company.citizens))
        if self.options.storm_state == "waiting":
            wanted = {"waiting": missing}
        else:
            wanted = {"each": missing // self.options.agents}
        found: list[str] = self.portal.staged("more", **wanted)
        return found

    async def _strike(self, kind: str) -> None:
        if kind == "network cut":
            for person in self.company.everyone:
                person.line.cut()
            return
        webs = [name for name in self.portal.servers if name.startswith("web-")]
        await asyncio.gather(*(self.portal.kill_and_start(web, away_s=0.2) for web in webs))

    # --- the end -------------------------------------------------------------------------------

    async def _until(self, is_reached: Any, what: str) -> None:
        """Waits; what did not come in time is reported at the end, with all that was measured."""
        deadline = time.monotonic() + PATIENCE_S
        while not is_reached():
            if time.monotonic() > deadline:
                self.missed.append(what)
                return
            await asyncio.sleep(0.05)

    def _summed_up(self, load: dict[str, Any], storms: list[dict[str, Any]]) -> dict[str, Any]:
        options, portal = self.options, self.portal
        found = verdict(
            stored_rows(portal.staged("messages")),
            self.company.talks,
            events=portal.staged("count")["events"],
        )
        errors = Counter(code for person in self.company.everyone for code in person.errors)
        complete = found.sent == found.stored and not self.missed
        whole = complete and found.is_whole and not errors
        return {
            "settings": {
                "database": portal.stage["durability"],
                "load": f"{options.widgets} widgets, {options.live} conversations, "
                f"{options.agents} agents, {options.rate:g} messages/s",
                "storm": f"{options.storm} conversations, the others {options.storm_state}",
                "web processes": options.webs,
                "seed": options.seed,
                "limits": "those of the portal; sockets an address lifted (one machine)",
            },
            "load": load,
            "storms": storms,
            "verdict": asdict(found),
            "refused": dict(errors),
            "waited for in vain": self.missed,
            "tally": dict(sorted(self.network.tally.items())),
            "bars": _bars(load, storms),
            "whole": whole and not load["status"]["failed"],
        }


def _say_typing(person: Citizen | Agent, talk: Talk) -> None:
    if isinstance(person, Agent):
        person.typing(talk)
    else:
        person.typing()


def _percentiles_ms(ordered: list[float]) -> dict[str, float]:
    """Of seconds in order: p50, p95, p99 and the longest, in milliseconds."""
    if not ordered:
        return dict.fromkeys(("p50", "p95", "p99", "max"), 0.0)
    last = len(ordered) - 1
    at = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "max": 1.0}
    return {
        name: round(ordered[min(last, int(len(ordered) * share))] * 1000, 1)
        for name, share in at.items()
    }


def _bars(load: dict[str, Any], storms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    delivery = load["delivery_ms"]
    bars = [("delivery p95, ms", delivery["p95"], P95_BAR_MS)]
    bars += [("delivery p99, ms", delivery["p99"], P99_BAR_MS)]
    for storm in storms:
        everybody = storm["back"] == storm["sockets"]
        longest = storm["back_s"]["max"] if everybody else float("inf")
        bars.append((f"all back after: {storm['kind']}, s", longest, STORM_BAR_S))
    return [
        {"what": what, "found": found, "bar": bar, "reached": found <= bar}
        for what, found, bar in bars
    ]


def _print(outcome: dict[str, Any]) -> None:
    report.describe(outcome, outcome["settings"])
    load, names = outcome["load"], ("p50", "p95", "p99", "max")
    rows = [
        ["delivery", str(load["delivered"]), *(f"{load['delivery_ms'][n]:.1f}" for n in names)],
        [
            "status.json",
            str(load["status"]["asked"]),
            *(f"{load['status']['ms'][n]:.1f}" for n in names),
        ],
        [
            "the generator's own lateness",
            "",
            *(f"{load['generator_late_ms'][n]:.1f}" for n in names),
        ],
    ]
    head = ["", "times", *(f"{name} ms" for name in names)]
    report.table(f"Under load for {load['seconds']:g} s", head, rows)
    print(
        f"  status.json by code (0: no answer): {load['status']['codes']}; "
        f"connections lost: {load['connections_lost']}; "
        f"frames/s: {load['frames_per_s']}; memory, MiB: {load['memory_mib']}"
    )
    cpu = [("under load", load["cpu"]), *((s["kind"], s["cpu"]) for s in outcome["storms"])]
    report.table(
        "Processor time (100 % is one core)",
        ["", *load["cpu"]],
        [[what, *(f"{share:.0%}" for share in shares.values())] for what, shares in cpu],
    )
    if outcome["storms"]:
        _print_storms(outcome["storms"])
    report.table(
        "Bars",
        ["", "found", "bar", ""],
        [
            [b["what"], f"{b['found']}", f"≤ {b['bar']:g}", "reached" if b["reached"] else "NOT"]
            for b in outcome["bars"]
        ],
    )
    found = outcome["verdict"]
    report.table(
        "Kept: every text once, in the database and on both screens",
        ["", *(name.replace("_", " ") for name in found), ""],
        [["", *(str(n) for n in found.values()), "whole" if outcome["whole"] else "NOT whole"]],
    )
    print(f"\nTally: {outcome['tally']}. Refused: {outcome['refused'] or 'nothing'}.")
    print(f"Waited for in vain: {', '.join(outcome['waited for in vain']) or 'nothing'}.")


def _print_storms(storms: list[dict[str, Any]]) -> None:
    head = ["", "sockets", "back", "p50 s", "p95 s", "p99 s", "last s", "texts", "all there s"]
    head += ["tried", "refused", "given up"]
    rows = [
        [
            storm["kind"],
            *(str(storm[name]) for name in ("sockets", "back")),
            *(f"{seconds:.1f}" for seconds in storm["back_s"].values()),
            str(storm["texts"]),
            f"{storm['texts_stored_s']:.1f}",
            *(str(storm[name]) for name in ("tried", "refused", "given_up")),
        ]
        for storm in storms
    ]
    report.table("Everybody is cut at once and comes back with a text", head, rows)


if __name__ == "__main__":
    sys.exit(main())
