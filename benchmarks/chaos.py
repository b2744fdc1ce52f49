"""`python -m benchmarks.chaos`: messages through a portal that is being broken all the time.

Citizens start conversations, agents take them, both write; meanwhile answers get lost, frames come
twice or overtake each other, connections are cut, the channel layer loses half, web processes, the
worker, Valkey and (asked for) PostgreSQL are killed with -9, Valkey is flushed. Passes when the
database holds every text once, numbered without a hole, and both ends show what it holds.
"""

import argparse
import asyncio
import base64
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import lossy, report
from benchmarks.fleet import Fleet, database, fleet
from benchmarks.ledger import Row, Talk
from benchmarks.line import Network
from benchmarks.people import Agent, Citizen, Company
from benchmarks.verdict import Verdict, stored_rows, verdict
from benchmarks.weather import Weather

CHATS_AN_AGENT = 5
GIVE_UP_AFTER_S = 120.0  # without any progress
# A sweep may not send anybody back to the queue: the run compares two fixed ends.
RULES = {
    "new_chats_per_hour": 1_000_000,
    "agent_gone_seconds": 3_600,
    "first_answer_seconds": 3_600,
    "silence_minutes": 600,
    "abandon_minutes": 600,
}
WORDS = "Kan ik 's zaterdags mijn reispas ophalen bij 't Scheep? 🙂 Één foto, met €€€\nof zónder"


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when anything was lost, doubled, reordered or refused."""
    options = options_from(arguments)
    outcome = {**report.about(), **played(options)}
    _print(outcome)
    if options.write:
        report.write(f"chaos-{'sqlite' if options.database == 'sqlite' else 'postgres'}", outcome)
    return 0 if outcome["whole"] else 1


def played(options: argparse.Namespace) -> dict[str, Any]:
    """Builds a portal, lets the play take place in it, and says what came of it."""
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        database_url, postgres = stack.enter_context(database(options.database, var))
        portal = stack.enter_context(
            fleet(
                var / "portal",
                settings="benchmarks.chaos_settings",
                database_url=database_url,
                webs=options.webs,
                wanted={"agents": _agents(options), "rules": RULES},
                postgres=postgres,
            )
        )
        run = Run(options, portal)
        asyncio.run(run.play())
        return _outcome(run)


def options_from(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.chaos", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--conversations", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20260630)
    parser.add_argument("--database", choices=["sqlite", "postgres", "shared"], default="sqlite")
    parser.add_argument("--webs", type=int, default=2, help="web processes")
    parser.add_argument("--web-kills", type=int, default=6)
    parser.add_argument("--valkey-kills", type=int, default=3)
    parser.add_argument("--flushes", type=int, default=4)
    parser.add_argument("--worker-kills", type=int, default=2)
    parser.add_argument("--postgres-kills", type=int, default=0, help="needs --database postgres")
    parser.add_argument("--lost-in", type=float, default=0.20, help="share of answers that vanish")
    parser.add_argument("--lost-out", type=float, default=0.05)
    parser.add_argument("--cut-after", type=float, default=15.0, help="mean seconds")
    parser.add_argument("--polling", type=float, default=0.2, help="share of citizens over HTTP")
    parser.add_argument("--pause", type=float, default=0.2, help="mean seconds between two texts")
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    if options.messages > 100_000 or options.conversations > 200:
        parser.error("at most 100,000 messages in 200 conversations")
    if options.messages < 2 * options.conversations:
        parser.error("each side of each conversation must say something")
    if options.postgres_kills and options.database != "postgres":
        parser.error("--postgres-kills needs --database postgres: others' servers are left alone")
    return options


def _agents(options: argparse.Namespace) -> int:
    return -(-options.conversations // CHATS_AN_AGENT)


class Run:
    """One play: the company, what it still has to say, and what is broken when."""

    def __init__(self, options: argparse.Namespace, portal: Fleet) -> None:
        self.options, self.portal = options, portal
        self.chance = random.Random(options.seed)
        self.company = Company()
        self.planned = options.messages
        self.took_s = 0.0
        self.stuck = ""
        self._texts_left: dict[int, int] = {}  # by id of the talk
        self._deadline = 0.0

    async def play(self) -> None:
        began = time.monotonic()
        self.network = self._network()
        self._invite()
        self.company.keep_time()
        breaking = asyncio.create_task(self._break_things())
        try:
            await self._until_all_is_said()
            if not self.stuck:
                await breaking
                await self._until_all_is_seen()
        finally:
            breaking.cancel()
            self.took_s = time.monotonic() - began
            self.company.stop()
        await asyncio.sleep(0.1)

    def _network(self) -> Network:
        options = self.options
        bad = {"repeated": 0.05, "late": 0.10, "late_s": 0.3}
        return Network(
            self.portal.web_ports,
            self.chance,
            inward=Weather(lost=options.lost_in, cut_after_s=options.cut_after, **bad),
            outward=Weather(lost=options.lost_out, **bad),
            open_within_s=3.0,
            repeat_s=1.0,
        )

    # --- who says what -------------------------------------------------------------------------

    def _invite(self) -> None:
        for cookie in self.portal.stage["agents"]:
            agent = Agent(self.network, _ignore, cookie=cookie, wants=CHATS_AN_AGENT)
            agent.on_new_talk = self._on_new_talk
            self.company.agents.append(agent)
        for number in range(self.options.conversations):
            token = base64.urlsafe_b64encode(self.chance.randbytes(32)).decode().rstrip("=")
            citizen = Citizen(
                self.network,
                _ignore,
                token=token,
                first=self._text("c", number),
                polling=self._polling(number),
            )
            self.company.citizens.append(citizen)
            self._plan(citizen.talk, self._share(2 * number) - 1)
        for person in self.company.everyone:
            person.line.start()

    def _polling(self, number: int) -> float:
        """Some citizens never get a WebSocket, as many get one every second time."""
        some = self.options.polling
        place = number / self.options.conversations
        return 1.0 if place < some else 0.5 if place < 2 * some else 0.0

    def _share(self, end: int) -> int:
        """How many texts the n-th of all ends says, so that they add up to what was planned."""
        ends = 2 * self.options.conversations
        return self.planned // ends + (end < self.planned % ends)

    def _on_new_talk(self, talk: Talk) -> None:
        number = sum(len(agent.talks) for agent in self.company.agents) - 1
        self._plan(talk, self._share(2 * number + 1))

    def _plan(self, talk: Talk, count: int) -> None:
        self._texts_left[id(talk)] = count
        self._speak_later(talk)

    def _speak_later(self, talk: Talk) -> None:
        pause_s = self.chance.expovariate(1 / self.options.pause)
        asyncio.get_running_loop().call_later(pause_s, self._speak, talk)

    def _speak(self, talk: Talk) -> None:
        if talk.has_unsent:  # one does not write on and on without an answer
            self._speak_later(talk)
        elif self._texts_left[id(talk)]:
            self._texts_left[id(talk)] -= 1
            number = len(talk.said)
            talk.say(self._text("w", number), asyncio.get_running_loop().time())
            self._speak_later(talk)

    def _text(self, mark: str, number: int) -> str:
        words = WORDS[: self.chance.randint(8, len(WORDS))].strip()
        return f"{mark}{number} {words}" + (" lang" * 350 if self.chance.random() < 0.01 else "")

    # --- breaking ------------------------------------------------------------------------------

    async def _break_things(self) -> None:
        """Each thing at its share of the texts, so that a slow machine is hit as often."""
        jobs = self._plan_of_breaks()
        for number, job in enumerate(jobs, 1):
            await self._until_said(number / (len(jobs) + 1))
            if job == "flush":
                await self.portal.flush()
            else:
                await asyncio.gather(
                    *(
                        self.portal.kill_and_start(name, away_s=self.chance.uniform(0.3, 1.5))
                        for name in self._victims(job)
                    )
                )

    def _plan_of_breaks(self) -> list[str]:
        options = self.options
        jobs = ["web"] * options.web_kills + ["valkey"] * options.valkey_kills
        jobs += ["flush"] * options.flushes + ["worker"] * options.worker_kills
        jobs += ["postgres"] * options.postgres_kills
        self.chance.shuffle(jobs)
        return jobs

    def _victims(self, job: str) -> list[str]:
        """One web process or all of them at once; else the one server of that name."""
        if job != "web":
            return [job]
        webs = [name for name in self.portal.servers if name.startswith("web-")]
        return self.chance.choice([webs, *([name] for name in webs)])

    async def _until_said(self, share: float) -> None:
        while self._acknowledged() < share * self.planned:
            await asyncio.sleep(0.05)

    # --- the end -------------------------------------------------------------------------------

    def _acknowledged(self) -> int:
        return sum(len(talk.seqs) for talk in self.company.talks)

    def _progress(self) -> int:
        return self._acknowledged() + sum(talk.ledger.gapless for talk in self.company.talks)

    async def _until_all_is_said(self) -> None:
        await self._until(lambda: self._acknowledged() >= self.planned, "texts not acknowledged")

    async def _until_all_is_seen(self) -> None:
        await self._until(self._screens_agree, "ends that miss something")

    async def _until(self, is_reached: Any, otherwise: str) -> None:
        last, moved_at = -1, time.monotonic()
        while not is_reached():
            await asyncio.sleep(0.1)
            progress = self._progress()
            if progress != last:
                last, moved_at = progress, time.monotonic()
            elif time.monotonic() - moved_at > GIVE_UP_AFTER_S:
                self.stuck = otherwise
                return

    def _screens_agree(self) -> bool:
        """Every end has as much as the end that has most, and nobody has anything left to say."""
        most: dict[str, int] = {}
        for talk in self.company.talks:
            ledger = talk.ledger
            known = max(ledger.gapless, ledger.head_seq, *talk.seqs.values(), 0)
            most[ledger.conversation] = max(most.get(ledger.conversation, 0), known)
        return all(
            talk.is_quiet and talk.ledger.gapless == most[talk.ledger.conversation]
            for talk in self.company.talks
        )


def _ignore(person: Citizen | Agent, talk: Talk, rows: list[Row]) -> None:
    """Nobody looks at these screens."""


def _outcome(run: Run) -> dict[str, Any]:
    options, portal, tally = run.options, run.portal, run.network.tally
    found = verdict(
        stored_rows(portal.staged("messages")),
        run.company.talks,
        events=portal.staged("count")["events"],
    )
    errors = Counter(code for person in run.company.everyone for code in person.errors)
    return {
        "settings": {
            "seed": options.seed,
            "conversations": options.conversations,
            "agents": len(run.company.agents),
            "web processes": options.webs,
            "citizens over HTTP": f"{options.polling:.0%}, as many change over all the time",
            "database": portal.stage["durability"],
            "clients": "repeat after 1 s (the widget: 5 s), give up a handshake after 3 s (10 s)",
        },
        "planned": run.planned,
        "verdict": asdict(found),
        "refused": dict(errors),
        "stuck": run.stuck,
        "whole": _is_whole(run, found, errors),
        "seconds": round(run.took_s, 1),
        "broken": {
            **{f"kill -9 of {name}": server.kills for name, server in portal.servers.items()},
            "Valkey flushed": portal.flushes,
        },
        "wire": dict(sorted(tally.items())),
        "layer": {name: lossy.counted(portal.var, name) for name in (lossy.LOST, lossy.CARRIED)},
    }


def _is_whole(run: Run, found: Verdict, errors: Counter[str]) -> bool:
    complete = found.sent == found.stored == run.planned
    return complete and found.is_whole and not errors and not run.stuck


def _print(outcome: dict[str, Any]) -> None:
    report.describe(outcome, outcome["settings"])
    found = outcome["verdict"]
    report.table(
        f"{outcome['planned']} messages in {outcome['seconds']} s",
        ["", *(name.replace("_", " ") for name in found), ""],
        [["", *(str(n) for n in found.values()), "whole" if outcome["whole"] else "NOT whole"]],
    )
    for title, counted in (
        ("What was broken", outcome["broken"]),
        ("The wire (in: from the portal; out: to it)", outcome["wire"]),
        ("The channel layer", outcome["layer"]),
    ):
        report.table(title, ["", "times"], [[name, str(n)] for name, n in counted.items()])
    if outcome["refused"] or outcome["stuck"]:
        print(f"\nRefused: {outcome['refused']}. Stuck: {outcome['stuck'] or 'no'}.")


if __name__ == "__main__":
    sys.exit(main())
