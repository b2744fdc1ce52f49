"""`python -m benchmarks.masking`: what masking finds, what it finds wrongly, how long it takes.

Recall: generated numbers of persons in each writing. False hits: harmless numbers of each kind.
Bare digits of some length are counted apart: what nothing distinguishes from a card may be one. All
numbers come from a seed, so a run can be repeated.
"""

import argparse
import statistics
import sys
import time
from random import Random
from typing import Any

from django.conf import settings

from benchmarks import report
from common.testing import numbers

RECALL_BAR, FALSE_BAR = 99.9, 0.1  # %
TEXTS = {
    "a question": "Kan ik zaterdag mijn reispas ophalen?",
    "a long one with accents": "Één vraag: kan ik ’s zaterdags langskomen? " * 5,
    "with two telephones and a date": "Ik ben te bereiken op 0470 12 34 56 of 011 23 95 00, "
    "liefst niet op 30/06/2026, want dan ben ik er niet.",
    "with a national number": "Mijn rijksregisternummer is 85.07.30-033.28, dank u.",
    "2,000 digits": "8" * 2_000,
    "2,000 characters, each digit apart": "4 " * 1_000,
}


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.masking", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="harmless numbers of each kind")
    parser.add_argument("--secrets", type=int, default=10_000, help="of each kind and writing")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    if not settings.configured:
        settings.configure(USE_I18N=False, USE_TZ=True)
    random = Random(options.seed)
    outcome = {
        **report.about(),
        "settings": {
            "numbers": f"{options.secrets:,} of each secret and writing, "
            f"{options.count:,} of each harmless kind, seed {options.seed}"
        },
        "recall": _recall(random, options.secrets),
        "false_hits": _false_hits(random, options.count),
        "bare_digits": _bare_digits(random, options.count),
        "microseconds": _microseconds(),
    }
    outcome["bars"] = _bars(outcome)
    _print(outcome)
    if options.write:
        report.write("masking", outcome)
    return 0 if all(bar["reached"] for bar in outcome["bars"]) else 1


def _recall(random: Random, count: int) -> dict[str, dict[str, float]]:
    """By writing and kind: % left out whole, in the middle of a sentence."""
    return {
        writing: {
            kind: 100 * sum(_is_left_out(make(random), write, random) for _ in range(count)) / count
            for kind, make in numbers.SECRETS.items()
        }
        for writing, write in numbers.WRITINGS.items()
    }


def _is_left_out(groups: list[str], write: numbers.Write, random: Random) -> bool:
    from common.masking import masked

    found = masked(f"Dag, het is {write(groups, random)} dank u")
    return len(found.found) == 1 and not any(c.isdigit() for c in found.text)


def _false_hits(random: Random, count: int) -> dict[str, float]:
    """By kind of harmless number: % in which something was left out."""
    return {kind: _found_in(make, random, count) for kind, make in numbers.HARMLESS.items()}


def _bare_digits(random: Random, count: int) -> dict[str, float]:
    return {
        f"{size} digits": _found_in(
            lambda random, size=size: numbers.some_digits(random, size), random, count
        )
        for size in range(9, 20)
    }


def _found_in(make: numbers.Make, random: Random, count: int) -> float:
    from common.masking import masked

    return 100 * sum(bool(masked(make(random)).found) for _ in range(count)) / count


def _microseconds() -> dict[str, float]:
    """Processor time for one text, median of rounds."""
    from common.masking import masked

    def once(text: str, times: int) -> float:
        start = time.thread_time()
        for _ in range(times):
            masked(text)
        return (time.thread_time() - start) / times * 1e6

    return {
        name: round(statistics.median(once(text, 200) for _ in range(5)), 1)
        for name, text in TEXTS.items()
    }


def _bars(outcome: dict[str, Any]) -> list[dict[str, Any]]:
    bars = []
    for kind in numbers.SECRETS:
        writing = min(outcome["recall"], key=lambda writing: outcome["recall"][writing][kind])
        found = outcome["recall"][writing][kind]
        bars.append(
            {
                "what": f"recall of {kind}, the worst writing ({writing})",
                "percent": round(found, 4),
                "bar": f"≥ {RECALL_BAR} %",
                "reached": found >= RECALL_BAR,
            }
        )
    worst = max(outcome["false_hits"], key=lambda kind: outcome["false_hits"][kind])
    found = outcome["false_hits"][worst]
    bars.append(
        {
            "what": f"false hits, the worst kind ({worst})",
            "percent": round(found, 4),
            "bar": f"≤ {FALSE_BAR} %",
            "reached": found <= FALSE_BAR,
        }
    )
    return bars


def _print(outcome: dict[str, Any]) -> None:
    report.describe(outcome, outcome["settings"])
    kinds = list(numbers.SECRETS)
    rows = [
        [writing, *(f"{row[kind]:.2f}" for kind in kinds)]
        for writing, row in outcome["recall"].items()
    ]
    report.table("Secrets left out, %", ["", *kinds], rows)
    for title, name in [
        ("Harmless numbers left out, %", "false_hits"),
        ("Bare digits", "bare_digits"),
    ]:
        rows = [[kind, f"{percent:.3f}"] for kind, percent in outcome[name].items()]
        report.table(title, ["", "%"], rows)
    rows = [[name, f"{value:,.1f}"] for name, value in outcome["microseconds"].items()]
    report.table("Processor time of one text", ["", "µs"], rows)
    bars = [
        [b["what"], f"{b['percent']:.3f} %", b["bar"], "reached" if b["reached"] else "NOT reached"]
        for b in outcome["bars"]
    ]
    report.table("Masking", ["", "", "bar", ""], bars)


if __name__ == "__main__":
    sys.exit(main())
