"""`python -m benchmarks.suggestions`: is what is suggested right, and is it there in time.

Each question of `data/opening_questions.toml` waits as a conversation of its own in a portal with
demo content; an agent's console asks for suggestions over its socket, one after the other. Right is
a question of which one of the products or ready answers that fit stands in the top 3. The halves
are told apart by a rule (`half_of`), not by hand.
"""

import argparse
import asyncio
import hashlib
import json
import statistics
import sys
import tempfile
import time
import tomllib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.sockets import connected
from benchmarks.subjects import Subject, portal, private_valkey

DATA = Path(__file__).parent / "data" / "opening_questions.toml"
RIGHT_BAR, P95_BAR_MS = 80.0, 100.0
TOP = 3
TUNING, TEST = "tuning", "test"
ANSWER_WITHIN_S = 30


@dataclass(frozen=True)
class Question:
    """What a citizen typed, and what may be suggested for it; nothing for a mere greeting."""

    text: str
    fits: frozenset[str]

    @property
    def half(self) -> str:
        return half_of(self.text)


@dataclass(frozen=True)
class Told:
    best: list[str]
    ms: float


def half_of(text: str) -> str:
    """By the first byte of the SHA-256 of the question: even is for tuning, odd for the test."""
    return TEST if hashlib.sha256(text.encode()).digest()[0] % 2 else TUNING


def questions() -> list[Question]:
    rows = tomllib.loads(DATA.read_text("utf-8"))["question"]
    return [Question(row["text"], frozenset(row["fits"])) for row in rows]


def share_right(asked: list[Question], best: list[list[str]], *, top: int = TOP) -> float:
    """% of the questions with something that fits among the first `top`."""
    right = [
        bool(question.fits & set(suggested[:top]))
        for question, suggested in zip(asked, best, strict=True)
    ]
    return round(100 * sum(right) / len(right), 1)


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.suggestions", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--failures", action="store_true", help="print what is wrong in the tuning half"
    )
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    facts, asked = report.about(), questions()
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        redis_url, _ = stack.enter_context(private_valkey(var))
        subject = portal("c", "chat, SQLite", var=var, redis_url=redis_url)
        subject.prepare(demo=1, agents=1, questions=[each.text for each in asked])
        stack.enter_context(subject.serve())
        rounds = asyncio.run(_ask(subject, options.rounds))
    outcome = {**facts, **_outcome(asked, rounds)}
    _print(outcome)
    if options.failures:
        _print_failures(asked, rounds[0])
    if options.write:
        report.write("suggestions", outcome)
    return 0 if all(bar["reached"] for bar in outcome["bars"]) else 1


async def _ask(subject: Subject, count: int) -> list[list[Told]]:
    """Asks for every conversation, `count` times over."""
    answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    socket = await connected(
        subject.port,
        "/ws/console/",
        lambda text: answers.put_nowait(json.loads(text)),
        cookie=subject.stage["agents"][0],
    )

    async def ask(expected: str, **frame: Any) -> dict[str, Any]:
        socket.send(json.dumps(frame).encode())
        while True:
            answer = await asyncio.wait_for(answers.get(), ANSWER_WITHIN_S)
            if answer["type"] == "error":
                raise RuntimeError(f"{frame['type']} was refused: {answer['code']}")
            if answer["type"] == expected:
                return answer

    async def told(conversation: str) -> Told:
        start = time.perf_counter()
        answer = await ask("suggestions", type="suggest", conversation=conversation)
        return Told(answer["best"], 1000 * (time.perf_counter() - start))

    await ask("welcome", type="hello", v=1)
    found = [[await told(each) for each in subject.stage["asked"]] for _ in range(count)]
    socket.close()
    return found


def _outcome(asked: list[Question], rounds: list[list[Told]]) -> dict[str, Any]:
    first = rounds[0]
    halves = {half: _half(asked, first, half) for half in (TUNING, TEST)}
    quiet = [told.best for each, told in zip(asked, first, strict=True) if not each.fits]
    times = {
        "first time": [told.ms for told in first],
        "all": [told.ms for round_ in rounds for told in round_],
    }
    milliseconds = {name: _quantiles(values) for name, values in times.items()}
    right, p95 = halves[TEST]["top 3"], milliseconds["all"]["p95"]
    return {
        "settings": {"questions": f"{len(asked)}, {len(rounds)} rounds, one after the other"},
        "halves": halves,
        "greetings": {"count": len(quiet), "with a suggestion": sum(map(bool, quiet))},
        "milliseconds": milliseconds,
        "bars": [
            {
                "what": "right in the top 3, test half",
                "found": f"{right} %",
                "bar": f"≥ {RIGHT_BAR:.0f} %",
                "reached": right >= RIGHT_BAR,
            },
            {
                "what": "p95 of a request",
                "found": f"{p95} ms",
                "bar": f"≤ {P95_BAR_MS:.0f} ms",
                "reached": p95 <= P95_BAR_MS,
            },
        ],
    }


def _half(asked: list[Question], told: list[Told], half: str) -> dict[str, float]:
    pairs = [
        (question, each.best)
        for question, each in zip(asked, told, strict=True)
        if question.fits and question.half == half
    ]
    of_half, best = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return {
        "questions": len(pairs),
        "top 3": share_right(of_half, best),
        "first": share_right(of_half, best, top=1),
    }


def _quantiles(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    found = {"p50": cuts[49], "p95": cuts[94], "max": max(values)}
    return {name: round(value, 1) for name, value in found.items()}


def _print(outcome: dict[str, Any]) -> None:
    report.describe(outcome, outcome["settings"])
    rows = [
        [half, f"{found['questions']}", f"{found['top 3']} %", f"{found['first']} %"]
        for half, found in outcome["halves"].items()
    ]
    report.table("What is suggested", ["half", "questions", "in the top 3", "first"], rows)
    greetings = outcome["greetings"]
    print(f"\nOf {greetings['count']} greetings {greetings['with a suggestion']} got a suggestion.")
    rows = [
        [name, *(f"{found[key]} ms" for key in ("p50", "p95", "max"))]
        for name, found in outcome["milliseconds"].items()
    ]
    report.table("From asking to having it", ["", "p50", "p95", "max"], rows)
    rows = [
        [bar["what"], bar["found"], bar["bar"], "reached" if bar["reached"] else "NOT reached"]
        for bar in outcome["bars"]
    ]
    report.table("Bars", ["", "found", "bar", ""], rows)


def _print_failures(asked: list[Question], told: list[Told]) -> None:
    """Of the tuning half only: who reads the others has no test any more."""
    for question, each in zip(asked, told, strict=True):
        if question.half == TUNING and question.fits and not question.fits & set(each.best):
            print(f"  {question.text} | {', '.join(sorted(question.fits))} | {each.best}")


if __name__ == "__main__":
    sys.exit(main())
