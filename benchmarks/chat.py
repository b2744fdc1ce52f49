"""`python -m benchmarks.chat`: durable delivery against two bare Channels consumers.

Five servers stand side by side, each a process of its own: the load generator's ceiling (a relay
without Channels), a bare consumer on the default Redis layer, the same on the pub/sub layer, the
chat on SQLite and the chat on PostgreSQL. They are loaded in turn, round after round; a ratio is
taken within a round, so a machine that slows down slows both of its sides.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.processes import ROOT, python, running
from benchmarks.subjects import (
    DEFAULT_LAYER,
    PUBSUB_LAYER,
    Subject,
    bare,
    own_database,
    portal,
    private_valkey,
)

MOST_SECONDS = 600  # a whole run stays below ten minutes, whatever was asked
Rounds = dict[tuple[str, int], list[dict[str, Any]]]


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when a message was lost or stored twice; a bar that is missed is only reported."""
    options = _options(arguments)
    facts = report.about()
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        redis_url, redis_pid = stack.enter_context(private_valkey(var))
        subjects = _subjects(stack, options, var, redis_url)
        facts["versions"]["Valkey"] = _valkey_version(redis_url)
        rounds = _measure(subjects, options, redis_pid)
        kept = {s.key: _kept(s, rounds) for s in subjects if s.kind == "portal"}
        outcome = _outcome(subjects, rounds, kept, options, facts)
    _print(outcome)
    if options.write:
        report.write("chat", outcome)
    return 0 if all(_is_whole(found) for found in kept.values()) else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.chat", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--warm-up", type=float, default=1.0)
    parser.add_argument("--pairs", type=int, nargs="+", default=[1, 50])
    parser.add_argument("--only", nargs="+", help="keys of subjects: ceiling a b c d")
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    turns = options.rounds * len(options.pairs) * len(options.only or "xabcd")
    if turns * (options.seconds + options.warm_up) > MOST_SECONDS:
        parser.error(f"that would take longer than {MOST_SECONDS} s")
    return options


def _subjects(
    stack: ExitStack, options: argparse.Namespace, var: Path, redis_url: str
) -> list[Subject]:
    database_url = stack.enter_context(own_database())
    all_of_them = [
        Subject("ceiling", "ceiling of the load generator", "bare", {}, var / "ceiling"),
        bare("a", "bare, default Redis layer", DEFAULT_LAYER, var=var, redis_url=redis_url),
        bare("b", "bare, Redis pub/sub layer", PUBSUB_LAYER, var=var, redis_url=redis_url),
        portal("c", "chat, SQLite", var=var, redis_url=redis_url),
    ]
    if database_url:
        all_of_them.append(
            portal("d", "chat, PostgreSQL", var=var, redis_url=redis_url, database_url=database_url)
        )
    subjects = [s for s in all_of_them if not options.only or s.key in options.only]
    for subject in subjects:
        if subject.kind == "portal":
            subject.prepare(pairs=max(options.pairs))
        subject.pid = stack.enter_context(_serving(subject))
    return subjects


def _serving(subject: Subject) -> Any:
    if subject.key != "ceiling":
        return subject.serve()
    command = python("benchmarks.relay", str(subject.port))
    return running("relay", command, var=subject.var, env={}, ready=subject.port)


def _measure(subjects: list[Subject], options: argparse.Namespace, redis_pid: int) -> Rounds:
    rounds: Rounds = defaultdict(list)
    for number in range(options.rounds):
        for pairs in options.pairs:
            for subject in subjects:
                found = _load(subject, pairs, options, redis_pid)
                rounds[subject.key, pairs].append(found)
        _progress(f"round {number + 1} of {options.rounds} done")
    return rounds


def _load(
    subject: Subject, pairs: int, options: argparse.Namespace, redis_pid: int
) -> dict[str, Any]:
    plan = {
        "kind": subject.kind,
        "port": subject.port,
        "count": pairs,
        "pairs": subject.stage.get("pairs", [])[:pairs],
        "warm_up_s": options.warm_up,
        "seconds": options.seconds,
        "pids": {"server": subject.pid, "valkey": redis_pid},
    }
    done = subprocess.run(
        python("benchmarks.load"),
        input=json.dumps(plan),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=options.warm_up + options.seconds + 60,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    if found["errors"]:
        raise RuntimeError(f"{subject.title} answered with errors: {found['errors']}")
    return found


def _kept(subject: Subject, rounds: Rounds) -> dict[str, int]:
    """What was sent over all rounds, and what the database and the other side made of it."""
    own = [found for (key, _), many in rounds.items() if key == subject.key for found in many]
    totals = {name: sum(found[name] for found in own) for name in ("sent", "unseen", "doubles")}
    return {**totals, **{f"stored_{name}": n for name, n in subject.stored().items()}}


def _is_whole(kept: dict[str, int]) -> bool:
    same = {kept[name] for name in ("sent", "stored_texts", "stored_refs", "stored_events")}
    return len(same) == 1 and not (kept["unseen"] or kept["doubles"] or kept["stored_holes"])


def _outcome(
    subjects: list[Subject],
    rounds: Rounds,
    kept: dict[str, dict[str, int]],
    options: argparse.Namespace,
    facts: dict[str, Any],
) -> dict[str, Any]:
    settings = {
        "load": f"{options.rounds} rounds of {options.seconds:g} s after {options.warm_up:g} s",
        "redis": "one private Valkey on a unix socket for all, nothing on disk",
        "limits": "messages a minute and frames a second are lifted (benchmarks/settings.py)",
        **{s.title: s.stage["durability"] for s in subjects if s.stage},
    }
    return {
        **facts,
        "settings": settings,
        "subjects": {subject.key: subject.title for subject in subjects},
        "measured": [
            {"subject": s.key, "pairs": pairs, **_summary(rounds[s.key, pairs])}
            for pairs in options.pairs
            for s in subjects
        ],
        "bars": _bars(rounds, options.pairs),
        "kept": {key: {**found, "whole": _is_whole(found)} for key, found in kept.items()},
    }


def _summary(many: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("per_s", "p50_ms", "p95_ms", "p99_ms")
    cpu = {name: statistics.median(f["cpu"][name] for f in many) for name in many[0]["cpu"]}
    return {
        **{name: report.spread([found[name] for found in many]) for name in names},
        "server_cpu_ms": report.spread([_cost_ms(found) for found in many]),
        "cpu": {name: round(share, 2) for name, share in cpu.items()},
    }


def _cost_ms(found: dict[str, Any]) -> float:
    """What a delivery costs the server process: less moved by a busy machine than a rate is."""
    return float(found["cpu"]["server"] * 1000 / found["per_s"]) if found["per_s"] else 0.0


def _bars(rounds: Rounds, pair_counts: list[int]) -> list[dict[str, Any]]:
    """The bars of the design and what was found, as ratios within each round."""
    many = max(pair_counts)
    wanted = [
        (f"PostgreSQL / default layer, {many} pairs, messages/s", "d", "a", many, "per_s", 1.3),
        (f"PostgreSQL / pub/sub layer, {many} pairs, messages/s", "d", "b", many, "per_s", 0.65),
        (f"SQLite / default layer, {many} pairs, messages/s", "c", "a", many, "per_s", 1.0),
    ]
    if 1 in pair_counts:
        wanted += [("default layer / PostgreSQL, 1 pair, p50", "a", "d", 1, "p50_ms", 1.0)]
    bars = []
    for title, upper, lower, pairs, name, bar in wanted:
        above, below = rounds.get((upper, pairs)), rounds.get((lower, pairs))
        if above and below:
            ratios = [x[name] / y[name] for x, y in zip(above, below, strict=True)]
            found = report.spread(ratios)
            reached = found["median"] >= bar
            bars.append({"what": title, "ratio": found, "bar": bar, "reached": reached})
    return bars


def _print(outcome: dict[str, Any]) -> None:
    """The tables; the README says how to read them."""
    report.describe(outcome, outcome["settings"])
    head = ["", "pairs", "messages/s", "p50 ms", "p95 ms", "p99 ms", "server CPU ms each"]
    head += ["CPU server", "Valkey", "generator"]
    rows = [
        [
            outcome["subjects"][line["subject"]],
            str(line["pairs"]),
            report.with_spread(line["per_s"]),
            report.with_spread(line["p50_ms"], 1),
            *(f"{line[name]['median']:.1f}" for name in ("p95_ms", "p99_ms")),
            report.with_spread(line["server_cpu_ms"], 2),
            *(f"{line['cpu'][name]:.0%}" for name in ("server", "valkey", "generator")),
        ]
        for line in outcome["measured"]
    ]
    report.table("Delivery: sent, stored, seen by the other side (median, spread)", head, rows)
    report.table(
        "Bars (median of the ratios within each round, spread)",
        ["", "ratio", "bar", ""],
        [
            [
                bar["what"],
                report.with_spread(bar["ratio"], 2),
                f"≥ {bar['bar']}",
                "reached" if bar["reached"] else "NOT reached",
            ]
            for bar in outcome["bars"]
        ],
    )
    report.table(
        "Kept: every message once, in the database and on both screens",
        ["", "sent", "stored", "unseen", "double", "holes", ""],
        [
            [
                outcome["subjects"][key],
                *(str(found[n]) for n in ("sent", "stored_texts", "unseen", "doubles")),
                str(found["stored_holes"]),
                "whole" if found["whole"] else "NOT whole",
            ]
            for key, found in outcome["kept"].items()
        ],
    )
    if "d" not in outcome["subjects"]:
        print("\nPostgreSQL was not measured: no server (BENCH_POSTGRES names one), or left out.")


def _valkey_version(url: str) -> str:
    import redis

    with redis.Redis.from_url(url) as client:
        found = client.info("server")
    return str(found.get("valkey_version") or found["redis_version"])


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
