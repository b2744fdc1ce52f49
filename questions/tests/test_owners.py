"""A question always has an owner: after a merger, a departure, a hand that gives back too much."""

import uuid
from datetime import datetime, timedelta

import pytest

from city.hours import BRUSSELS
from city.models import Department
from common.errors import RuleBroken
from questions.actions import answering, handling, routing
from questions.models import Question, Step
from questions.states import Kind, State
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 8, 10, tzinfo=BRUSSELS)  # a Monday


def merge(old: Department, new: Department) -> None:
    old.is_active, old.merged_into = False, new
    old.save()
    routing.move_open_questions(old=old, new=new, by=None, now=NOW)


def close(asked) -> None:
    answering.close(
        escalation=asked,
        outcome=Question.Outcome.NOT_FOR_CITY,
        text="Helaas.",
        by=None,
        now=NOW,
    )


def reply(asked) -> None:
    answering.reply(escalation=asked, text="Toch nog dit.", now=NOW, client_ref=uuid.uuid4())


def count(asked, kind: Step.Kind) -> int:
    return asked.steps.filter(kind=kind).count()


def test_only_a_department_that_has_it_can_give_it_back(agent, specialist):
    """Else a new question would count as sent, and no department would ever hear of it."""
    chosen = passed_on(make_department("mobiliteit", specialist), now=NOW)
    returned = routed(make_department("wonen", specialist), now=NOW)
    routing.return_question(
        escalation=returned, reason="Neen.", by=specialist, now=NOW, client_ref=uuid.uuid4()
    )
    for asked in (chosen, returned, passed_on(None, now=NOW)):
        before = asked.entries.count()
        with pytest.raises(RuleBroken, match="not_allowed_now"):
            handling.give_back(escalation=asked, by=agent, now=NOW)
        asked.refresh_from_db()
        assert asked.state in {State.NEW, State.RETURNED}
        assert asked.entries.count() == before


def test_a_question_of_a_merged_department_opens_again_at_its_successor(specialist):
    old, middle, new = (make_department(name, specialist) for name in ("oud", "midden", "nieuw"))
    asked = routed(old, now=NOW)
    close(asked)
    merge(old, middle)
    merge(middle, new)
    reply(asked)
    asked.refresh_from_db()
    assert (asked.state, asked.department) == (State.REOPENED, new)


def test_a_new_question_of_a_merged_department_is_sent_once(specialist):
    old, new = make_department("oud", specialist), make_department("nieuw", specialist)
    asked = passed_on(old, now=NOW)
    merge(old, new)
    routing.route_chosen(escalation=asked, now=NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.department) == (State.ROUTED, new)
    assert (count(asked, Step.Kind.TO_DEPARTMENT), count(asked, Step.Kind.MOVED)) == (1, 0)


def test_a_line_before_the_first_department_is_no_move(specialist, agent):
    asked = passed_on(make_department("mobiliteit", specialist), now=NOW)
    reply(asked)
    routing.route_chosen(escalation=asked, now=NOW)
    assert count(asked, Step.Kind.MOVED) == 0
    routing.send_to_department(
        escalation=asked,
        department=make_department("wonen"),
        by=agent,
        now=NOW + timedelta(hours=1),
        client_ref=uuid.uuid4(),
    )
    assert count(asked, Step.Kind.MOVED) == 1


def test_nothing_is_put_into_the_hands_of_who_left(specialist, make_user):
    gone = make_user("Lotte", "specialist")
    asked = routed(make_department("mobiliteit", specialist, gone), now=NOW)
    gone.is_active = False
    gone.save()
    with pytest.raises(RuleBroken, match="not_their_department"):
        handling.assign(escalation=asked, to=gone, by=specialist, now=NOW)
    asked.refresh_from_db()
    assert (asked.state, asked.assignee) == (State.ROUTED, None)
    assert not asked.entries.filter(kind=Kind.TAKEN).exists()


def test_nobody_is_satisfied_before_there_is_an_answer(specialist):
    new = passed_on(make_department("mobiliteit", specialist), now=NOW)
    for asked in (new, routed(make_department("wonen"), now=NOW)):
        with pytest.raises(RuleBroken, match="not_allowed_now"):
            answering.close_satisfied(escalation=asked, now=NOW)
        asked.refresh_from_db()
        assert asked.state != State.CLOSED
        assert asked.due_at is not None
