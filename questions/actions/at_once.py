"""Registering a question that was answered at once, and taking that back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import User
from city.models import Topic
from common import eventlog
from common.errors import RuleBroken
from questions.models import Question

WITHDRAW_MINUTES = 10
CHANNELS = (
    Question.Channel.PHONE,
    Question.Channel.MAIL,
    Question.Channel.SOCIAL,
    Question.Channel.DESK,
)
OUTCOMES = (Question.Outcome.ANSWERED_AT_ONCE, Question.Outcome.NOT_FOR_CITY)


@dataclass(frozen=True)
class Answered:
    """One question as it was answered. `client_ref` names the send, so that twice is once."""

    client_ref: UUID
    channel: Question.Channel
    outcome: Question.Outcome
    topic: Topic


@transaction.atomic
def register(*, answered: Answered, by: User, now: datetime) -> Question:
    """Registers a question; the same send again returns the one that stands.

    Raises RuleBroken("ref_used") when this ref stands for something else: the page was an old one.
    """
    question, made = Question.objects.get_or_create(
        client_ref=answered.client_ref,
        defaults={
            "channel": answered.channel,
            "outcome": answered.outcome,
            "topic": answered.topic,
            "registered_by": by,
            "registered_at": now,
        },
    )
    if not made and not _is_same(question, answered, by):
        raise RuleBroken("ref_used")
    if made:
        _record("registered", question, by=by, now=now)
    return question


def _is_same(question: Question, answered: Answered, by: User) -> bool:
    return (question.registered_by_id, question.topic_id, question.channel, question.outcome) == (
        by.pk,
        answered.topic.pk,
        answered.channel,
        answered.outcome,
    )


@transaction.atomic
def withdraw(*, question: Question, by: User, now: datetime) -> None:
    """Takes a question back that was registered by mistake; a second time changes nothing.

    Raises RuleBroken("too_late") after ten minutes: the figures of the day would move.
    """
    if question.withdrawn_at:
        return
    if not question.outcome or question.outcome not in OUTCOMES:
        raise RuleBroken("too_late")  # it was passed on: others are at work on it
    if now > withdraw_until(question):
        raise RuleBroken("too_late")
    won = Question.objects.filter(pk=question.pk, withdrawn_at=None).update(withdrawn_at=now)
    if won:
        _record("withdrawn", question, by=by, now=now)


def may_be_withdrawn(question: Question, *, now: datetime) -> bool:
    """Whether it can still be taken back; what was passed on cannot: others are at work on it."""
    return (
        question.outcome in OUTCOMES
        and question.withdrawn_at is None
        and now <= withdraw_until(question)
    )


def withdraw_until(question: Question) -> datetime:
    """Until when it can be taken back."""
    return question.registered_at + timedelta(minutes=WITHDRAW_MINUTES)


def _record(what: str, question: Question, *, by: User, now: datetime) -> None:
    eventlog.record(
        f"question.{what}",
        subject=question.public_id,
        at=now,
        actor=by.pk,
        channel=question.channel,
        outcome=question.outcome,
        topic=question.topic.slug if question.topic else "",
    )
