"""Canaries in questions that were passed on: after their time nothing is left, the figures stay."""

import json
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from common.errors import RuleBroken
from common.models import Event
from common.retention import apply_all
from common.testing.races import at_once
from questions.actions import answering, handling, routing
from questions.actions.mailbox import test_mailbox
from questions.actions.registering import Contact
from questions.models import Entry, Escalation, Question, QuestionRules, Step
from questions.retention import anonymise_questions
from questions.states import State, Way
from questions.testing.rows import make_department, routed
from tests.test_canaries import found_in_files, found_in_redis, found_in_tables

pytestmark = pytest.mark.django_db(transaction=True)
OLD, YOUNG = "kanarieoud", "kanariejong"
NOW = timezone.now().replace(microsecond=0)
LONG_AGO, LATELY = NOW - timedelta(days=366), NOW - timedelta(days=364)
EACH = 4


@pytest.fixture(autouse=True)
def mails_of_this_test(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")


@pytest.fixture
def mobility(specialist):
    return make_department("mobiliteit", specialist)


def a_whole_question(department, by, at, word):
    """Everything that a question leaves behind, each piece with its canary, until its answer."""
    contact = Contact(Way.MAIL, f"{word} naam", f"{word}@test.example")
    words = {"text": f"{word} vraag", "origin": f"{word} chat"}
    asked = routed(department, by=by, now=at, contact=contact, **words)
    Escalation.objects.filter(pk=asked.pk).update(phone=f"{word} nummer")
    say = {"escalation": asked, "now": at}
    handling.take(by=by, **say)
    handling.write_note(text=f"{word} notitie", by=by, client_ref=uuid.uuid4(), **say)
    answering.ask_citizen(text=f"{word} wedervraag", by=by, client_ref=uuid.uuid4(), **say)
    answering.reply(text=f"{word} reactie", client_ref=uuid.uuid4(), **say)
    answering.answer(text=f"{word} antwoord", by=by, client_ref=uuid.uuid4(), **say)
    return Escalation.objects.get(pk=asked.pk)


def closed(department, by, at, word):
    asked = a_whole_question(department, by, at, word)
    answering.close_satisfied(escalation=asked, now=at)
    return Escalation.objects.get(pk=asked.pk)


def figures():
    """What the city counts, from rows and events."""
    told = Question.objects.values_list(
        "channel", "outcome", "topic", "registered_at", "escalation__department",
        "escalation__state", "escalation__closed_at", "escalation__last_seq",
        "escalation__reference",
    )  # fmt: skip
    events = Event.objects.values_list("kind", "at", "details")
    return Counter(told), Counter((kind, at, json.dumps(more)) for kind, at, more in events)


def test_canaries_of_long_ago_are_gone_everywhere_and_the_figures_stay(
    mobility, specialist, redis_client
):
    for _ in range(EACH):
        closed(mobility, specialist, LONG_AGO, OLD)
        closed(mobility, specialist, LATELY, YOUNG)
    planted = found_in_tables(OLD)
    assert planted == {
        *(f"questions_escalation.{name}" for name in ("text", "name", "mail", "phone", "origin")),
        "questions_entry.text",
    }
    before = figures()
    reports = {run.policy: run for run in apply_all(now=NOW)}
    assert (reports["questions"].error, reports["questions"].count) == ("", EACH)
    assert found_in_tables(OLD) == set()
    assert found_in_files(OLD) == set()
    assert found_in_redis(OLD, redis_client) == set()
    assert figures() == before
    assert found_in_tables(YOUNG) == planted
    gone = Escalation.objects.exclude(anonymised_at=None)
    assert gone.count() == EACH
    assert not gone.exclude(assignee=None, question__registered_by=None).exists()
    assert not Entry.objects.filter(escalation__in=gone).exists()
    assert not Step.objects.filter(escalation__in=gone).exists()


@pytest.mark.parametrize("state", [state for state in State if state != State.CLOSED])
def test_what_is_not_closed_is_never_touched(mobility, specialist, state):
    asked = a_whole_question(mobility, specialist, LONG_AGO, OLD)
    by = {"by": specialist, "now": LONG_AGO}
    if state != State.ANSWERED:
        answering.reply(escalation=asked, text=OLD, now=LONG_AGO, client_ref=uuid.uuid4())
    if state in {State.IN_PROGRESS, State.WAITING}:
        handling.take(escalation=asked, **by)
    if state == State.WAITING:
        answering.ask_citizen(escalation=asked, text=OLD, client_ref=uuid.uuid4(), **by)
    if state == State.RETURNED:
        routing.return_question(escalation=asked, reason=OLD, client_ref=uuid.uuid4(), **by)
    if state in {State.NEW, State.ROUTED}:
        Escalation.objects.filter(pk=asked.pk).update(state=state, assignee=None)
    asked.refresh_from_db()
    assert asked.state == state
    lines = asked.entries.count()
    assert anonymise_questions(now=NOW, before=NOW, limit=100) == 0
    asked.refresh_from_db()
    assert (asked.text, asked.anonymised_at) == (f"{OLD} vraag", None)
    assert asked.entries.count() == lines


def test_a_reply_at_the_same_moment_is_kept_or_refused(mobility, specialist):
    QuestionRules.objects.create(retention_days=1, reopen_days=14)
    ended_at = NOW - timedelta(days=2)
    asked = closed(mobility, specialist, ended_at, OLD)

    def reply():
        answering.reply(escalation=asked, text="Toch niet.", now=NOW, client_ref=uuid.uuid4())
        return "kept"

    said, count = at_once(reply, lambda: anonymise_questions(now=NOW, before=ended_at, limit=100))
    row = Escalation.objects.get(pk=asked.pk)
    if said == "kept":
        assert (row.state, row.anonymised_at, count) == (State.REOPENED, None, 0)
        assert row.entries.filter(text="Toch niet.").count() == 1
        assert row.text == f"{OLD} vraag"
    else:
        assert (said, row.state, count) == ("not_found", State.CLOSED, 1)
        assert not row.entries.exists()


def test_a_reply_just_after_the_job_is_refused(mobility, specialist):
    asked = closed(mobility, specialist, LONG_AGO, OLD)
    anonymise_questions(now=NOW, before=NOW, limit=100)
    with pytest.raises(RuleBroken, match="not_found"):
        answering.reply(escalation=asked, text="Nog iets", now=LONG_AGO, client_ref=uuid.uuid4())
    assert not Entry.objects.exists()


def test_a_test_of_a_mailbox_does_not_tell_for_ever_who_asked_for_it(mobility, specialist):
    test_mailbox(department=mobility, by=specialist, now=LONG_AGO)
    kept = test_mailbox(department=mobility, by=specialist, now=LATELY)
    apply_all(now=NOW)
    assert list(Step.objects.values_list("pk", flat=True)) == [kept.pk]
