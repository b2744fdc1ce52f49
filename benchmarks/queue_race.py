"""`python -m benchmarks.queue_race`: everybody at the queue of the chat at the same moment.

Citizens come, agents pull, pass on, close, give back, end their shift, go away or go silent: each
step in a thread of its own with a connection of its own, all released at once, on the portal's own
actions. Then the database is judged: nobody got a chat above the cap, no chat has two owners, none
was lost, none waits while somebody has room, and the least and the most loaded agent who still has
room differ by at most one. Who went silent is swept up afterwards, as the clock of the chat does.

Returns 1 when a promise was broken.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.processes import ROOT, python
from benchmarks.subjects import clean_environment, own_database

# Everybody on PostgreSQL; SQLite lets one write at a time, so a part of them.
PARTS = {"PostgreSQL": 1.0, "SQLite": 0.2}
CROWD = {
    "arrivals": 500,
    "claims": 120,
    "transfers": 120,
    "closes": 120,
    "returns": 40,
    "hand-overs": 10,
    "going away": 10,
    "going silent": 10,
}
PROMISES = {
    "above the cap": "given above a cap, by the event log",
    "most at once": "chats of an agent above the cap, as a witness saw it meanwhile",
    "two owners": "chats with two owners, or another than the messages say",
    "lost": "chats that are nowhere",
    "forgotten": "waiting while somebody had room, before any sweep",
    "forgotten after the sweep": "the same once the silent were swept up",
    "spread": "most minus least loaded with room, above one",
    "failures": "steps that failed otherwise than by a rule",
}


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="benchmarks.queue_race", description=__doc__)
    parser.add_argument("--agents", type=int, default=40)
    parser.add_argument("--cap", type=int, default=5)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--database", choices=["PostgreSQL", "SQLite"], default=None)
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    outcome: dict[str, Any] = {
        **report.about(),
        "settings": {
            "agents": {"people": options.agents, "cap": options.cap},
            "at once": CROWD,
            "seed": options.seed,
        },
        "runs": [],
    }
    for name in [options.database] if options.database else list(PARTS):
        for number in range(options.rounds):
            outcome["runs"].append(_run(name, options, seed=options.seed + number))
    _print(outcome)
    if options.write:
        report.write("queue_race", outcome)
    return 1 if any(_broken(run) for run in outcome["runs"]) else 0


def _run(name: str, options: argparse.Namespace, *, seed: int) -> dict[str, Any]:
    part = PARTS[name]
    wanted = {
        "agents": max(4, round(options.agents * part)),
        "cap": options.cap,
        "seed": seed,
        "crowd": {what: max(2, round(count * part)) for what, count in CROWD.items()},
    }
    with ExitStack() as stack:
        var = stack.enter_context(tempfile.TemporaryDirectory(prefix="queue-race-"))
        url = stack.enter_context(own_database()) if name == "PostgreSQL" else None
        if name == "PostgreSQL" and url is None:
            return {"database": name, "skipped": "no PostgreSQL answers"}
        done = subprocess.run(
            python("benchmarks.queue_crowd", json.dumps(wanted)),
            env={**clean_environment(), **_environment(Path(var), url)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
            timeout=600,
        )
    return {"database": name, **json.loads(done.stdout)}


def _environment(var: Path, url: str | None) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "benchmarks.queue_settings",
        "PORTAL_DEMO": "1",
        "PORTAL_VAR": str(var),
        # Nobody listens in this run: the bells go nowhere.
        "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:1/0"),
        **({"DATABASE_URL": url} if url else {}),
    }


def _broken(run: dict[str, Any]) -> list[str]:
    return [name for name, count in run.get("promises", {}).items() if count]


def _print(outcome: dict[str, Any]) -> None:
    report.describe(outcome, outcome["settings"])
    runs = [run for run in outcome["runs"] if "promises" in run]
    for run in outcome["runs"]:
        if "skipped" in run:
            print(f"{run['database']}: {run['skipped']}")
    heads = [f"{run['database']} {run['seed']}" for run in runs]
    rows = [[what, *(str(run["crowd"][what]) for run in runs)] for what in CROWD]
    report.table("Steps at the same moment", ["", *heads], rows)
    rows = [
        [what, *(str(run["outcomes"].get(what, 0)) for run in runs)]
        for what in sorted({code for run in runs for code in run["outcomes"]})
    ]
    report.table("What became of them (a rule that refused, by its code)", ["", *heads], rows)
    rows = [[PROMISES[name], *(str(run["promises"][name]) for run in runs)] for name in PROMISES]
    report.table("Promises broken (0 is right)", ["", *heads], rows)
    rows = [
        [what, *(f"{run['facts'][what]}" for run in runs)]
        for what in (runs[0]["facts"] if runs else ())
    ]
    report.table("Facts", ["", *heads], rows)


if __name__ == "__main__":
    sys.exit(main())
