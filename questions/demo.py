"""Invented questions, so that an inbox is seen at first start. Nobody is mailed."""

import tomllib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from city.models import Department, Topic
from questions.actions import answering, handling, routing
from questions.actions.registering import Contact, PassedOn, pass_on
from questions.models import Escalation, Question, Step
from questions.states import Urgency, Way

QUESTIONS = Path(__file__).resolve().parent / "demo_questions.toml"
SPECIALIST, AGENT = "specialist@hasselt.example", "agent1@hasselt.example"
# A reply is ready in the demo's chat, by mail at an address of nobody, or at no telephone at all.
MAIL, PHONE = "demo@burger.example", "0470 00 00 00"


@transaction.atomic
def load() -> None:
    """Registers the questions of demo_questions.toml, each as far as it says."""
    people = {user.email: user for user in User.objects.filter(email__in=[SPECIALIST, AGENT])}
    if len(people) < 2 or Escalation.objects.exists():
        return
    now = timezone.now()
    for row in tomllib.loads(QUESTIONS.read_text("utf-8"))["question"]:
        _begin(row, people, now)
    Step.objects.filter(done_at=None).update(dropped_at=now)
    # What is late in the demo from the start is known to be.
    Escalation.objects.overdue(now).update(reminded_at=now, overdue_at=now)


def _begin(row: dict[str, Any], people: dict[str, User], now: datetime) -> None:
    asked_at = now - timedelta(hours=row["hours_ago"])
    way = Way(row["way"])
    passed = PassedOn(
        client_ref=uuid.uuid4(),
        channel=Question.Channel(row["channel"]),
        text=row["text"],
        contact=Contact(way=way, name=f"{row['name']} (demo)", mail=MAIL, phone=PHONE),
        department=Department.objects.filter(slug=row.get("department", "")).first(),
        topic=Topic.objects.filter(slug=row.get("topic", "")).first(),
        urgency=Urgency(row.get("urgency", Urgency.NORMAL)),
    )
    by = None if passed.channel == Question.Channel.FORM else people[AGENT]
    escalation = pass_on(passed=passed, by=by, now=asked_at)
    routing.route_chosen(escalation=escalation, now=asked_at)
    for verb, text in row.get("course", []):
        _COURSE[verb](escalation, text, people[SPECIALIST], now - timedelta(minutes=30))


def _take(escalation: Escalation, text: str, by: User, now: datetime) -> None:
    handling.take(escalation=escalation, by=by, now=now)


def _ask(escalation: Escalation, text: str, by: User, now: datetime) -> None:
    answering.ask_citizen(escalation=escalation, text=text, by=by, now=now, client_ref=uuid.uuid4())


def _reply(escalation: Escalation, text: str, by: User, now: datetime) -> None:
    answering.reply(escalation=escalation, text=text, now=now, client_ref=uuid.uuid4())


def _note(escalation: Escalation, text: str, by: User, now: datetime) -> None:
    handling.write_note(escalation=escalation, text=text, by=by, now=now, client_ref=uuid.uuid4())


def _answer(escalation: Escalation, text: str, by: User, now: datetime) -> None:
    answering.answer(escalation=escalation, text=text, by=by, now=now, client_ref=uuid.uuid4())


def _return(escalation: Escalation, text: str, by: User, now: datetime) -> None:
    routing.return_question(
        escalation=escalation, reason=text, by=by, now=now, client_ref=uuid.uuid4()
    )


_COURSE: dict[str, Callable[[Escalation, str, User, datetime], None]] = {
    "take": _take,
    "ask": _ask,
    "reply": _reply,
    "note": _note,
    "answer": _answer,
    "return": _return,
}
