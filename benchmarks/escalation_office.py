"""The people of `benchmarks.escalations`, in the portal's settings: citizens and a specialist.

`python -m benchmarks.escalation_office` reads `["verb", {…}]` line by line and answers in JSON. It
does with a question what people would do next, when nothing is on its way for it any more.
"""

import json
import os
import sys
import uuid
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.escalation_settings")
django.setup()

from django.utils import timezone  # noqa: E402  Django must be set up first

from accounts.models import User  # noqa: E402
from city.models import CityContact, Department  # noqa: E402
from common.background import wake  # noqa: E402
from questions.actions import answering  # noqa: E402
from questions.actions.course import WORK_OFF  # noqa: E402
from questions.actions.registering import Contact, PassedOn, pass_on  # noqa: E402
from questions.actions.sending import open_steps  # noqa: E402
from questions.models import Escalation, Question, Step  # noqa: E402
from questions.states import State, Way  # noqa: E402
from questions.testing.rows import make_department  # noqa: E402


def opened() -> None:
    """A department with one specialist, who is its head too."""
    CityContact.objects.create(name="Stad Hasselt", email="info@stad.example")
    person = User.objects.create_user("dirk@stad.example", first_name="Dirk")
    person.role_grants.create(role="specialist")
    department = make_department("mobiliteit")
    department.memberships.create(user=person, is_head=True)


def registered(refs: list[str]) -> list[int]:
    """A question for each ref, which stays one however often it is sent; their keys."""
    contact = Contact(way=Way.MAIL, name="Fatima", mail="fatima@burger.example")
    department = Department.objects.get(slug="mobiliteit")
    keys = []
    for ref in refs:
        passed = PassedOn(
            uuid.UUID(ref), Question.Channel.FORM, "Mag dit?", contact, department=department
        )
        keys.append(pass_on(passed=passed, by=None, now=timezone.now()).pk)
    return keys


def advanced(keys: list[int]) -> int:
    """Lets people do what comes next where nothing is on its way; how many are not at the end."""
    now, left = timezone.now(), 0
    asked_now = list(Escalation.objects.filter(pk__in=keys).exclude(state=State.ANSWERED))
    # After the questions: who answers over a mail that was asked for in between makes it unwanted.
    busy = set(open_steps().filter(escalation__in=keys).values_list("escalation", flat=True))
    for asked in asked_now:
        left += 1
        if asked.pk not in busy:
            _next(asked, now)
    return left + len(busy)


def _next(asked: Escalation, now: Any) -> None:
    person = User.objects.get(email="dirk@stad.example")
    say = {"escalation": asked, "now": now, "client_ref": uuid.uuid4()}
    if asked.state == State.ROUTED:
        answering.ask_citizen(text="Welke straat?", by=person, **say)
    elif asked.state == State.WAITING:
        answering.reply(text="De Kapelstraat.", **say)
    elif asked.state == State.IN_PROGRESS and not asked.reminded_at:
        Escalation.objects.filter(pk=asked.pk).update(remind_at=now)
    elif asked.state == State.IN_PROGRESS and not asked.overdue_at:
        Escalation.objects.filter(pk=asked.pk).update(due_at=now)
    elif asked.state == State.IN_PROGRESS:
        answering.answer(text="Ja, dat mag.", by=person, **say)


def forwarded(minutes: int) -> int:
    """So many minutes pass for what waits for its next attempt, and a sweep; how many wait."""
    rows = open_steps()
    for step in rows:
        Step.objects.filter(pk=step.pk).update(due_at=step.due_at - timedelta(minutes=minutes))
    wake(WORK_OFF)
    return len(rows)


def reported(keys: list[int]) -> list[dict[str, Any]]:
    """Each question with its lines and its steps."""
    found = []
    for asked in Escalation.objects.filter(pk__in=keys).order_by("pk"):
        steps = [
            {
                "kind": step.kind,
                "message_id": str(step.message_id),
                "attempts": step.attempts,
                "done_at": step.done_at.timestamp() if step.done_at else None,
                "is_stuck": step.stuck_at is not None,
                "is_open": step.done_at is None and step.dropped_at is None,
            }
            for step in asked.steps.order_by("pk")
        ]
        lines = list(asked.entries.order_by("seq").values_list("kind", flat=True))
        found.append({"key": asked.pk, "state": asked.state, "lines": lines, "steps": steps})
    return found


VERBS = {
    "opened": opened,
    "registered": registered,
    "advanced": advanced,
    "forwarded": forwarded,
    "reported": reported,
}

if __name__ == "__main__":
    for line in sys.stdin:
        verb, given = json.loads(line)
        print(json.dumps(VERBS[verb](**given)), flush=True)
