"""`python -m benchmarks.memory`: what an idle socket costs the web process.

A fresh daphne each time: memory with a few sockets that came and went (so that what is loaded once
is loaded), then with a thousand idle ones: citizens who said hello, each in a conversation of
their own, against members of a group each in the bare consumer.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.processes import resident_kib
from benchmarks.sockets import Socket, connected
from benchmarks.subjects import (
    DEFAULT_LAYER,
    PUBSUB_LAYER,
    Subject,
    bare,
    portal,
    private_valkey,
)

BAR = 1.3
FIRST = 20  # sockets that come and go before the memory without sockets is read
AT_ONCE = 20
SETTLE_S = 3.0  # three looks of the lookout
NEWEST = 2_147_483_647


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.memory", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    if options.sockets * options.rounds > 10_000:
        parser.error("at most 10,000 sockets in all")
    facts = report.about()
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        redis_url, _ = stack.enter_context(private_valkey(var))
        subjects = [
            bare("a", "bare, default Redis layer", DEFAULT_LAYER, var=var, redis_url=redis_url),
            bare("b", "bare, Redis pub/sub layer", PUBSUB_LAYER, var=var, redis_url=redis_url),
            portal("c", "chat, SQLite", var=var, redis_url=redis_url),
        ]
        subjects[-1].prepare(waiting=options.sockets)
        found: dict[str, list[dict[str, float]]] = {subject.key: [] for subject in subjects}
        for _ in range(options.rounds):
            for subject in subjects:
                found[subject.key].append(_round(subject, options.sockets))
    outcome = {**facts, **_outcome(subjects, found, options)}
    _print(outcome)
    if options.write:
        report.write("memory", outcome)
    return 0


def _round(subject: Subject, count: int) -> dict[str, float]:
    with subject.serve() as pid:
        before, after = asyncio.run(_with_sockets(subject, pid, count))
    return {"empty_kib": before, "full_kib": after, "per_socket_kib": (after - before) / count}


async def _with_sockets(subject: Subject, pid: int, count: int) -> tuple[int, int]:
    first = await _open(subject, FIRST)
    _close(first)
    await asyncio.sleep(SETTLE_S)
    before = resident_kib(pid)
    sockets = await _open(subject, count)
    await asyncio.sleep(SETTLE_S)
    after = resident_kib(pid)
    gone = sum(socket.closed for socket in sockets)
    if gone:
        raise RuntimeError(f"{subject.title} closed {gone} of {count} sockets")
    _close(sockets)
    return before, after


async def _open(subject: Subject, count: int) -> list[Socket]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> Socket:
        async with turns:
            if subject.kind == "bare":
                return await connected(subject.port, f"/pair/{number}/", lambda text: None)
            return await _citizen(subject, subject.stage["waiting"][number])

    return list(await asyncio.gather(*(one(number) for number in range(count))))


async def _citizen(subject: Subject, token: str) -> Socket:
    welcomed = asyncio.get_running_loop().create_future()

    def on_text(text: bytes) -> None:
        if not welcomed.done():
            welcomed.set_result(text)

    socket = await connected(subject.port, "/ws/chat/", on_text)
    hello = {"type": "hello", "v": 1, "token": token, "after": NEWEST}
    socket.send(json.dumps(hello).encode())
    answer = await asyncio.wait_for(welcomed, 30)
    if json.loads(answer)["type"] != "welcome":
        raise RuntimeError(f"hello was answered with {answer[:200]!r}")
    return socket


def _close(sockets: list[Socket]) -> None:
    for socket in sockets:
        socket.close()


def _outcome(
    subjects: list[Subject], found: dict[str, list[dict[str, float]]], options: argparse.Namespace
) -> dict[str, Any]:
    measured = {
        key: {name: report.spread([one[name] for one in many]) for name in many[0]}
        for key, many in found.items()
    }
    bars = []
    for key, against in (("a", "default layer"), ("b", "pub/sub layer")):
        pairs = zip(found["c"], found[key], strict=True)
        ratio = report.spread(
            [ours["per_socket_kib"] / bare_one["per_socket_kib"] for ours, bare_one in pairs]
        )
        bars.append(
            {
                "what": f"chat / bare, {against}",
                "ratio": ratio,
                "bar": BAR,
                "reached": ratio["median"] <= BAR,
            }
        )
    return {
        "settings": {"idle sockets": options.sockets, "rounds, fresh processes": options.rounds},
        "subjects": {subject.key: subject.title for subject in subjects},
        "measured": measured,
        "bars": bars,
    }


def _print(outcome: dict[str, Any]) -> None:
    report.describe(outcome, outcome["settings"])
    rows = [
        [
            outcome["subjects"][key],
            *(report.with_spread(line[name], 0) for name in ("empty_kib", "full_kib")),
            report.with_spread(line["per_socket_kib"], 1),
        ]
        for key, line in outcome["measured"].items()
    ]
    head = ["", "KiB without sockets", "KiB with sockets", "KiB a socket"]
    report.table("Resident memory of daphne (median, spread)", head, rows)
    report.table(
        "Bars (median of the ratios within each round, spread)",
        ["", "ratio", "bar", ""],
        [
            [
                bar["what"],
                report.with_spread(bar["ratio"], 2),
                f"≤ {bar['bar']}",
                "reached" if bar["reached"] else "NOT reached",
            ]
            for bar in outcome["bars"]
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
