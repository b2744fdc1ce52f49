"""What time does to a question: reminded, overdue, asked again, closed, given back."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from city.hours import BRUSSELS
from city.models import Absence, Membership
from common.models import Event
from common.testing.races import at_once
from questions import tasks
from questions.actions import answering, chasing, handling, routing
from questions.models import Escalation, Question, QuestionRules, Step
from questions.states import Kind, State
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 8, 10, tzinfo=BRUSSELS)  # a Monday


def after(**more: float) -> datetime:
    return NOW + timedelta(**more)


def ref() -> uuid.UUID:
    return uuid.uuid4()


@pytest.fixture
def mobility(specialist):
    return make_department("mobiliteit", specialist)


@pytest.fixture
def asked(mobility):
    return routed(mobility, now=NOW)


@pytest.fixture
def taken(asked, specialist):
    return handling.take(escalation=asked, by=specialist, now=NOW)


@pytest.fixture
def waiting(taken, specialist):
    answering.ask_citizen(
        escalation=taken, text="Welke straat?", by=specialist, now=NOW, client_ref=ref()
    )
    return again(taken)


def again(escalation):
    escalation.refresh_from_db()
    return escalation


def wanted(escalation, kind) -> int:
    return escalation.steps.filter(kind=kind).count()


def events(name: str) -> int:
    return Event.objects.filter(kind=f"question.{name}").count()


# --- terms ---------------------------------------------------------------------------------------


def test_the_department_is_reminded_once_in_a_term(asked):
    chasing.chase(now=asked.remind_at - timedelta(seconds=1))
    assert wanted(asked, Step.Kind.REMINDER) == 0
    for minutes in (0, 1, 60):
        chasing.chase(now=asked.remind_at + timedelta(minutes=minutes))
    assert wanted(asked, Step.Kind.REMINDER) == 1
    assert (again(asked).reminded_at, events("reminded")) == (asked.remind_at, 1)
    assert wanted(asked, Step.Kind.OVERDUE) == 0


def test_a_new_term_is_reminded_of_anew(asked, specialist):
    chasing.chase(now=asked.remind_at)
    later = after(days=20)
    answering.answer(escalation=asked, text="Ja.", by=specialist, now=NOW, client_ref=ref())
    answering.reply(escalation=asked, text="En nu?", now=after(days=1), client_ref=ref())
    Escalation.objects.update(remind_at=later, due_at=later + timedelta(days=1))
    chasing.chase(now=later)
    assert wanted(asked, Step.Kind.REMINDER) == 2


def test_overdue_is_told_once_and_no_reminder_comes_after_it(asked):
    due_at = asked.due_at
    for minutes in (0, 1, 60):
        chasing.chase(now=due_at + timedelta(minutes=minutes))
    assert wanted(asked, Step.Kind.OVERDUE) == 1
    assert wanted(asked, Step.Kind.REMINDER) == 0
    assert (again(asked).overdue_at, events("overdue")) == (due_at, 1)


def test_a_question_without_a_department_gets_overdue_too(db):
    asked = passed_on(None, now=NOW)
    chasing.chase(now=asked.due_at)
    assert wanted(asked, Step.Kind.OVERDUE) == 1


def test_while_the_citizen_must_reply_nobody_is_late(waiting):
    chasing.chase(now=after(days=4))
    assert wanted(waiting, Step.Kind.REMINDER) + wanted(waiting, Step.Kind.OVERDUE) == 0


# --- citizens ------------------------------------------------------------------------------------


def test_a_silent_citizen_is_reminded_once(waiting):
    days = QuestionRules.current().ask_again_days
    chasing.chase(now=after(days=days, seconds=-1))
    assert wanted(waiting, Step.Kind.ASK_AGAIN) == 0
    for hours in (0, 1, 48):
        chasing.chase(now=after(days=days, hours=hours))
    assert wanted(waiting, Step.Kind.ASK_AGAIN) == 1


def test_who_is_asked_a_second_time_may_be_reminded_a_second_time(waiting, specialist):
    chasing.chase(now=after(days=6))
    answering.reply(escalation=waiting, text="Hier.", now=after(days=6), client_ref=ref())
    answering.ask_citizen(
        escalation=waiting,
        text="En het nummer?",
        by=specialist,
        now=after(days=7),
        client_ref=ref(),
    )
    chasing.chase(now=after(days=8))
    assert wanted(waiting, Step.Kind.ASK_AGAIN) == 1
    chasing.chase(now=after(days=13))
    assert wanted(waiting, Step.Kind.ASK_AGAIN) == 2


def test_who_never_replies_is_closed_with_a_word(waiting):
    days = QuestionRules.current().unreachable_days
    chasing.chase(now=after(days=days, seconds=-1))
    assert again(waiting).state == State.WAITING
    for _ in range(2):
        chasing.chase(now=after(days=days))
    assert again(waiting).state == State.CLOSED
    assert waiting.question.outcome == Question.Outcome.CITIZEN_UNREACHABLE
    closing = waiting.entries.get(kind=Kind.CLOSED)
    assert closing.text
    assert wanted(waiting, Step.Kind.CLOSED) == 1
    assert not waiting.steps.filter(
        kind=Step.Kind.ASK_AGAIN, dropped_at=None, done_at=None
    ).exists()


def test_an_answered_question_is_closed_without_another_mail(taken, specialist):
    answering.answer(escalation=taken, text="Ja.", by=specialist, now=NOW, client_ref=ref())
    closes_at = again(taken).closes_at
    chasing.chase(now=closes_at - timedelta(seconds=1))
    assert again(taken).state == State.ANSWERED
    for _ in range(2):
        chasing.chase(now=closes_at)
    assert (again(taken).state, taken.question.outcome) == (State.CLOSED, "answered")
    assert wanted(taken, Step.Kind.CLOSED) == 0
    assert taken.entries.filter(kind=Kind.CLOSED).count() == 1


# --- nobody without an owner ---------------------------------------------------------------------


def leaves_the_house(person, department):
    person.is_active = False
    person.save()


def loses_the_role(person, department):
    person.role_grants.all().delete()


def leaves_the_department(person, department):
    Membership.objects.filter(user=person, department=department).delete()


@pytest.mark.parametrize("goes", [leaves_the_house, loses_the_role, leaves_the_department])
def test_who_goes_leaves_thirty_questions_and_the_department_has_them(
    mobility, specialist, goes, monkeypatch
):
    for _ in range(30):
        asked = routed(mobility, now=NOW)
        handling.take(escalation=asked, by=specialist, now=NOW)
    Step.objects.update(done_at=NOW)
    chasing.chase(now=after(minutes=1))
    assert Escalation.objects.filter(assignee=specialist).count() == 30
    goes(specialist, mobility)
    for minutes in (2, 3):
        chasing.chase(now=after(minutes=minutes))
    rows = Escalation.objects.all()
    assert {(row.state, row.assignee_id, row.department_id) for row in rows} == {
        (State.ROUTED, None, mobility.pk)
    }
    assert Step.objects.filter(kind=Step.Kind.TO_DEPARTMENT, done_at=None).count() == 30
    assert events("given_back") == 30


def test_who_stood_in_finishes_what_was_begun(mobility, specialist, make_user):
    lotte = make_user("Lotte", "specialist")
    today = NOW.date()
    Absence.objects.create(user=specialist, stand_in=lotte, starts_on=today, ends_on=today)
    asked = routed(mobility, now=NOW)
    handling.take(escalation=asked, by=lotte, now=NOW)
    chasing.chase(now=after(days=1))
    assert again(asked).assignee == lotte


def test_a_supervisor_keeps_a_question_of_any_department(asked, supervisor):
    handling.take(escalation=asked, by=supervisor, now=NOW)
    chasing.chase(now=after(minutes=1))
    assert again(asked).assignee == supervisor


def test_a_question_whose_reply_opened_it_again_does_not_wait_for_who_left(taken, specialist):
    answering.answer(escalation=taken, text="Ja.", by=specialist, now=NOW, client_ref=ref())
    answering.reply(escalation=taken, text="En nu?", now=NOW, client_ref=ref())
    assert again(taken).assignee == specialist
    leaves_the_house(specialist, None)
    chasing.chase(now=after(minutes=1))
    assert (again(taken).state, taken.assignee) == (State.ROUTED, None)


def test_after_a_merger_who_did_not_come_along_gives_back(taken, mobility, specialist):
    new = make_department("ruimte")
    routing.move_open_questions(old=mobility, new=new, by=None, now=NOW)
    chasing.chase(now=after(minutes=1))
    assert (again(taken).department, taken.assignee) == (new, None)


def test_a_question_that_no_step_will_route_gets_one(mobility):
    asked = passed_on(mobility, now=NOW)
    Step.objects.all().delete()
    chasing.chase(now=NOW)
    assert wanted(asked, Step.Kind.ROUTE) == 0
    for minutes in (1, 2, 3):
        chasing.chase(now=after(minutes=minutes))
    assert wanted(asked, Step.Kind.ROUTE) == 1


# --- how -----------------------------------------------------------------------------------------


def test_one_that_fails_does_not_keep_the_others(mobility, monkeypatch):
    rows = [routed(mobility, now=NOW) for _ in range(3)]
    want = chasing.want

    def fail_for_the_first(row, *args, **kwargs):
        if row.pk == rows[0].pk:
            raise ZeroDivisionError
        want(row, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(chasing, "want", fail_for_the_first)
        with pytest.raises(ZeroDivisionError):
            chasing.chase(now=rows[0].due_at)
    assert [wanted(row, Step.Kind.OVERDUE) for row in rows] == [0, 1, 1]
    assert again(rows[0]).overdue_at is None  # both or nothing
    chasing.chase(now=rows[0].due_at)
    assert [wanted(row, Step.Kind.OVERDUE) for row in rows] == [1, 1, 1]


def test_answered_between_our_read_and_our_lock_nobody_is_chased(asked, specialist, monkeypatch):
    due_at, lock = asked.due_at, chasing.locked

    def answered_first(escalation):
        monkeypatch.setattr(chasing, "locked", lock)
        answering.answer(
            escalation=escalation, text="Ja.", by=specialist, now=NOW, client_ref=ref()
        )
        return lock(escalation)

    monkeypatch.setattr(chasing, "locked", answered_first)
    chasing.chase(now=due_at)
    assert wanted(asked, Step.Kind.OVERDUE) == 0
    assert again(asked).overdue_at is None


@pytest.mark.django_db(transaction=True)
def test_four_at_once_are_one(mobility):
    rows = [routed(mobility, now=NOW) for _ in range(5)]
    at_once(*[lambda: chasing.chase(now=rows[0].due_at)] * 4)
    assert Step.objects.filter(kind=Step.Kind.OVERDUE).count() == 5
    assert events("overdue") == 5


def test_what_is_not_due_costs_no_more_queries_with_many_rows(mobility):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            chasing.chase(now=NOW)
        return len(captured)

    routed(mobility, now=NOW)
    few = queries()
    for _ in range(20):
        routed(mobility, now=NOW)
    assert queries() == few <= 10


def test_the_clock_chases_every_minute(settings, asked):
    entry = settings.CELERY_BEAT_SCHEDULE["questions-chase"]
    assert (entry["task"], entry["schedule"]) == (tasks.chase.name, 60)
    Escalation.objects.update(due_at=NOW)
    tasks.chase()
    assert again(asked).overdue_at is not None


def test_when_many_are_due_the_clock_does_not_wait_a_minute(mobility, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks.current_app, "send_task", lambda name, **_: woken.append(name))
    monkeypatch.setattr(chasing, "MOST_OF_A_JOB", 2)
    for _ in range(3):
        routed(mobility, now=NOW)
    Escalation.objects.update(due_at=NOW)
    woken.clear()
    tasks.chase()
    assert woken.count(tasks.chase.name) == 1
    tasks.chase()
    assert Step.objects.filter(kind=Step.Kind.OVERDUE).count() == 3
    assert woken.count(tasks.chase.name) == 1


def test_what_is_asked_on_the_last_day_gets_the_whole_time_too(waiting, specialist):
    chasing.chase(now=after(days=5))
    answering.ask_citizen(
        escalation=waiting,
        text="En welk nummer?",
        by=specialist,
        now=after(days=20),
        client_ref=ref(),
    )
    assert not waiting.steps.filter(kind=Step.Kind.ASK_AGAIN, dropped_at=None).exists()
    chasing.chase(now=after(days=22))
    assert again(waiting).state == State.WAITING
    assert not waiting.steps.filter(kind=Step.Kind.ASK_AGAIN, dropped_at=None).exists()
    chasing.chase(now=after(days=25, hours=1))
    assert waiting.steps.filter(kind=Step.Kind.ASK_AGAIN, dropped_at=None).count() == 1
    chasing.chase(now=after(days=41, hours=1))
    assert again(waiting).state == State.CLOSED
