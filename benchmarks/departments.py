"""`python -m benchmarks.departments`: is the right department suggested, and is it there in time.

The questions of `data/department_questions.toml` have their department with them. Of each
department the second, fourth … are the measure; the others are what the suggestion was built from
and, "with the past", what the departments of the demo have answered before. No topic is given.
The questions of another author are measured beside them.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
import tomllib
import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import report

DATA = Path(__file__).parent / "data" / "department_questions.toml"
FRESH_DATA = DATA.with_name("department_questions_fresh.toml")
RIGHT_BAR, P95_BAR_MS = 85.0, 100.0
TOP = 3
BUILT_FROM, MEASURE, FRESH = "built from", "measure", "another author"
WITHOUT_PAST, WITH_PAST = "as in the demo", "with the past"


@dataclass(frozen=True)
class Labelled:
    """What a citizen asked and the slug of the department that answers it."""

    text: str
    department: str
    half: str


def questions() -> list[Labelled]:
    own, fresh = (
        tomllib.loads(path.read_text("utf-8"))["questions"] for path in (DATA, FRESH_DATA)
    )
    return [
        *(
            Labelled(text, department, MEASURE if place % 2 else BUILT_FROM)
            for department, texts in own.items()
            for place, text in enumerate(texts)
        ),
        *(Labelled(text, name, FRESH) for name, texts in fresh.items() for text in texts),
    ]


def share_right(asked: list[Labelled], told: dict[str, list[str]], *, top: int) -> float:
    """% of the questions with the right department among the first `top`."""
    right = sum(each.department in told[each.text][:top] for each in asked)
    return round(100 * right / len(asked), 1)


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.departments", description=__doc__)
    parser.add_argument(
        "--failures", action="store_true", help="print what is wrong in the half it is built from"
    )
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    facts, asked = report.about(), questions()
    with tempfile.TemporaryDirectory(prefix="bench-") as var:
        _open_portal(var)
        told = {}
        told[WITHOUT_PAST], milliseconds = _told(asked)  # later every word is remembered
        remember([each for each in asked if each.half == BUILT_FROM])
        told[WITH_PAST], _ = _told(asked)
    outcome = {**facts, **_outcome(asked, told, milliseconds)}
    _print(outcome)
    if options.failures:
        _print_failures(asked, told[WITHOUT_PAST])
    if options.write:
        report.write("departments", outcome)
    return 0 if all(bar["reached"] for bar in outcome["bars"]) else 1


def _open_portal(var: str) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="hasselt_portal.settings", PORTAL_DEMO="1", PORTAL_VAR=var
    )
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        os.environ.pop(name, None)
    import django

    django.setup()
    from django.core.management import call_command

    from accounts import demo as people
    from city import demo

    call_command("migrate", verbosity=0)
    people.load()
    demo.load()


def remember(answered: list[Labelled]) -> None:
    """These questions were answered by their departments before."""
    from django.utils import timezone

    from city.models import Department
    from questions.models import Escalation, Question

    departments = {each.slug: each for each in Department.objects.all()}
    for number, each in enumerate(answered):
        question = Question.objects.create(
            client_ref=uuid.uuid4(),
            channel=Question.Channel.FORM,
            outcome=Question.Outcome.ANSWERED,
            registered_at=timezone.now(),
        )
        Escalation.objects.create(
            question=question,
            reference=f"past-{number}",
            state="closed",
            text=each.text,
            way="mail",
            mail="an@burger.example",
            department=departments[each.department],
            passed_on_at=timezone.now(),
            closed_at=timezone.now(),
        )


def _told(asked: list[Labelled]) -> tuple[dict[str, list[str]], list[float]]:
    from city.remembered import forget
    from questions.suggesting import suggest

    forget()
    suggest("opwarmen")
    told, milliseconds = {}, []
    for each in asked:
        start = time.perf_counter()
        found = suggest(each.text)
        milliseconds.append(1000 * (time.perf_counter() - start))
        told[each.text] = [one.department.slug for one in found]
    return told, milliseconds


def _outcome(
    asked: list[Labelled], told: dict[str, dict[str, list[str]]], milliseconds: list[float]
) -> dict[str, Any]:
    halves = {
        half: [each for each in asked if each.half == half] for half in (BUILT_FROM, MEASURE, FRESH)
    }
    rows = {
        f"{half}, {how}": {
            f"top {top}": share_right(halves[half], told[how], top=top) for top in (1, TOP)
        }
        for half in halves
        for how in told
    }
    unseen = halves[MEASURE]
    right = rows[f"{MEASURE}, {WITHOUT_PAST}"][f"top {TOP}"]
    p95 = round(statistics.quantiles(milliseconds, n=20)[-1], 1)
    departments = sorted({each.department for each in asked})
    return {
        "settings": {"questions": len(asked), "unseen": len(unseen)},
        "share": rows,
        "departments": {
            name: {
                how: share_right(
                    [each for each in unseen if each.department == name], told[how], top=TOP
                )
                for how in told
            }
            for name in departments
        },
        "milliseconds": {"p50": round(statistics.median(milliseconds), 1), "p95": p95},
        "bars": [
            {
                "what": "right in the top 3 of the unseen half, as in the demo",
                "found": f"{right} %",
                "bar": f"≥ {RIGHT_BAR:.0f} %",
                "reached": right >= RIGHT_BAR,
            },
            {
                "what": "p95 of a suggestion",
                "found": f"{p95} ms",
                "bar": f"≤ {P95_BAR_MS:.0f} ms",
                "reached": p95 <= P95_BAR_MS,
            },
        ],
    }


def _print(outcome: dict[str, Any]) -> None:
    report.table(
        f"The right department, of {outcome['settings']['questions']} questions, %",
        ["half", "top 1", f"top {TOP}"],
        [
            [name, *(f"{share:.1f}" for share in shares.values())]
            for name, shares in outcome["share"].items()
        ],
    )
    report.table(
        f"Unseen half, top {TOP}, by department, %",
        ["department", WITHOUT_PAST, WITH_PAST],
        [
            [name, *(f"{share:.0f}" for share in shares.values())]
            for name, shares in outcome["departments"].items()
        ],
    )
    report.table(
        "Bars",
        ["what", "found", "bar", ""],
        [
            [bar["what"], bar["found"], bar["bar"], "reached" if bar["reached"] else "NOT REACHED"]
            for bar in outcome["bars"]
        ],
    )


def _print_failures(asked: list[Labelled], told: dict[str, list[str]]) -> None:
    wrong = Counter()
    for each in asked:
        if each.half == BUILT_FROM and each.department not in told[each.text][:TOP]:
            wrong[each.department] += 1
            print(f"  {each.department}: {each.text} → {', '.join(told[each.text]) or '–'}")
    print(dict(wrong))


if __name__ == "__main__":
    sys.exit(main())
