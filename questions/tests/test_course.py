"""A question through its whole course, and the moves that the table forbids."""

import uuid
from datetime import datetime, timedelta

import pytest

from city.hours import BRUSSELS
from common.errors import RuleBroken
from questions.actions import answering, handling, routing
from questions.models import Question, Step
from questions.states import Kind, State
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 8, 10, tzinfo=BRUSSELS)  # a Monday


def ref() -> uuid.UUID:
    return uuid.uuid4()


def kinds(escalation) -> list[str]:
    return list(escalation.entries.order_by("seq").values_list("kind", flat=True))


def steps(escalation) -> list[str]:
    return list(escalation.steps.order_by("pk").values_list("kind", flat=True))


def again(escalation):
    escalation.refresh_from_db()
    return escalation


def test_a_question_is_answered_closed_and_opened_again(agent, specialist):
    department = make_department("mobiliteit", specialist)
    asked = passed_on(department, by=agent, now=NOW)
    assert (asked.reference, asked.state) == ("HAS-2026-000001-" + asked.reference[-1], State.NEW)
    assert asked.due_at == datetime(2026, 6, 10, 10, tzinfo=BRUSSELS)
    routing.route_chosen(escalation=asked, now=NOW)
    handling.take(escalation=asked, by=specialist, now=NOW)
    answering.ask_citizen(
        escalation=asked, text="Welke straat?", by=specialist, now=NOW, client_ref=ref()
    )
    assert again(asked).due_at is None
    later = NOW + timedelta(days=1)
    answering.reply(escalation=asked, text="De Kapelstraat.", now=later, client_ref=ref())
    assert again(asked).state == State.IN_PROGRESS
    assert asked.due_at > later
    answering.answer(escalation=asked, text="Ja.", by=specialist, now=later, client_ref=ref())
    answering.close_satisfied(escalation=asked, now=later)
    assert again(asked).question.outcome == Question.Outcome.ANSWERED
    answering.reply(escalation=asked, text="En op zondag?", now=later, client_ref=ref())
    assert again(asked).state == State.REOPENED
    assert asked.assignee == specialist
    assert kinds(asked) == [
        *(Kind.ASKED, Kind.ROUTED, Kind.TAKEN, Kind.ASKED_BACK, Kind.REPLIED, Kind.ANSWERED),
        *(Kind.CLOSED, Kind.REOPENED, Kind.REPLIED),
    ]
    assert steps(asked) == [
        *(Step.Kind.ROUTE, Step.Kind.RECEIPT, Step.Kind.TO_DEPARTMENT, Step.Kind.ASKED_BACK),
        *(Step.Kind.REPLIED, Step.Kind.ANSWER, Step.Kind.REPLIED),
    ]


def test_a_question_that_is_not_ours_goes_back_and_on(agent, specialist):
    mobility, housing = make_department("mobiliteit", specialist), make_department("wonen")
    asked = routed(mobility, by=agent, now=NOW)
    routing.return_question(
        escalation=asked, reason="Gaat over huur.", by=specialist, now=NOW, client_ref=ref()
    )
    assert (again(asked).state, asked.department) == (State.RETURNED, None)
    routing.send_to_department(
        escalation=asked, department=housing, by=agent, now=NOW, client_ref=ref()
    )
    assert (again(asked).state, asked.department) == (State.ROUTED, housing)
    assert steps(asked)[-3:] == [Step.Kind.RETURNED, Step.Kind.TO_DEPARTMENT, Step.Kind.MOVED]


def test_two_specialists_answer_and_one_answer_goes(specialist, make_user):
    colleague = make_user("Lotte", "specialist")
    asked = routed(make_department("mobiliteit", specialist, colleague), now=NOW)
    answering.answer(escalation=asked, text="Ja.", by=specialist, now=NOW, client_ref=ref())
    with pytest.raises(RuleBroken) as broken:
        answering.answer(escalation=asked, text="Nee.", by=colleague, now=NOW, client_ref=ref())
    assert (broken.value.code, broken.value.params["name"]) == ("answered_already", "Dirk")
    assert steps(asked).count(Step.Kind.ANSWER) == 1


def test_sending_twice_is_once(agent, specialist):
    asked = routed(make_department("mobiliteit", specialist), now=NOW)
    send = ref()
    for _ in range(2):
        answering.answer(escalation=asked, text="Ja.", by=specialist, now=NOW, client_ref=send)
    assert kinds(asked).count(Kind.ANSWERED) == 1
