"""A department becomes part of another one, and no question is left without an owner."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from city.actions import merge_departments
from city.models import Department
from common.testing.races import at_once
from questions import access
from questions.actions import answering, chasing, handling, routing
from questions.models import Escalation, Question, Step
from questions.states import OWED_STATES, Kind, State
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def ref() -> uuid.UUID:
    return uuid.uuid4()


@pytest.fixture
def green(specialist):
    return make_department("groen", specialist)


@pytest.fixture
def public_space(make_user):
    return make_department("domein", make_user("Lotte", "specialist"))


def merge(old, into, by, now=NOW):
    merge_departments(old=old, into=into, by=by, now=now)


def again(escalation):
    return Escalation.objects.joined().get(pk=escalation.pk)


def brought_to(state: State, department: Department, specialist) -> Escalation:
    """A question of this department that went to `state` by the verbs that people use."""
    if state == State.NEW:
        return passed_on(department, now=NOW)
    asked = routed(department, now=NOW)
    by = {"by": specialist, "now": NOW}
    if state in {State.IN_PROGRESS, State.WAITING}:
        handling.take(escalation=asked, **by)
    if state == State.WAITING:
        answering.ask_citizen(escalation=asked, text="Waar?", client_ref=ref(), **by)
    if state == State.RETURNED:
        routing.return_question(escalation=asked, reason="Nee.", client_ref=ref(), **by)
    if state in {State.ANSWERED, State.CLOSED, State.REOPENED}:
        answering.answer(escalation=asked, text="Ja.", client_ref=ref(), **by)
    if state == State.CLOSED:
        answering.close_satisfied(escalation=asked, now=NOW)
    if state == State.REOPENED:
        answering.reply(escalation=asked, text="En nu?", now=NOW, client_ref=ref())
    assert again(asked).state == state
    return again(asked)


def without_owner():
    """Open questions that no active department has and that do not stand before the agents."""
    at_work = Q(department__is_active=True) | Q(state__in=("new", "returned"), department=None)
    return Escalation.objects.owed().exclude(at_work)


def test_thirty_questions_in_all_states_have_an_owner_afterwards(
    green, public_space, specialist, administrator
):
    states = [state for state in State if state != State.CLOSED]
    asked = [brought_to(states[n % len(states)], green, specialist) for n in range(30)]
    before = {one.pk: (one.state, one.due_at, one.assignee_id, one.term_left_s) for one in asked}
    merge(green, public_space, administrator)
    for one in map(again, asked):
        assert (one.state, one.due_at, one.assignee_id, one.term_left_s) == before[one.pk]
        assert one.department == (None if one.state == State.RETURNED else public_space)
        numbers = list(one.entries.order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, one.last_seq + 1))
    assert not without_owner().exists()
    lotte = public_space.members.get(first_name="Lotte")
    of_department = Escalation.objects.owed().exclude(state=State.RETURNED)
    assert access.readable(lotte).filter(state__in=OWED_STATES).count() == of_department.count()


def test_the_new_department_is_mailed_once_for_each_and_the_old_one_no_more(
    green, public_space, specialist, administrator
):
    asked = routed(green, now=NOW)
    merge(green, public_space, administrator)
    mails = asked.steps.filter(kind=Step.Kind.TO_DEPARTMENT, dropped_at=None)
    assert [step.department for step in mails] == [public_space]
    line = asked.entries.order_by("seq").last()
    assert (line.kind, line.code, line.department_name) == (Kind.ROUTED, "merged", "Domein")


def test_the_receiver_of_what_waits_to_be_mailed_goes_along(
    green, public_space, specialist, agent, administrator
):
    """A mail to the citizen that it went to this department is still wanted."""
    asked = routed(make_department("wonen"), now=NOW)
    routing.send_to_department(
        escalation=asked, department=green, by=agent, now=NOW, client_ref=ref()
    )
    merge(green, public_space, administrator)
    moved = asked.steps.get(kind=Step.Kind.MOVED)
    assert (moved.department, moved.dropped_at) == (public_space, None)


def test_a_question_for_the_old_department_goes_to_its_successor(
    green, public_space, administrator
):
    """The form of an agent was open while the department was merged."""
    stale = Department.objects.get(pk=green.pk)
    merge(green, public_space, administrator)
    asked = passed_on(stale, now=NOW)
    routing.route_chosen(escalation=asked, now=NOW)
    asked = again(asked)
    assert (asked.state, asked.department) == (State.ROUTED, public_space)


def test_a_chain_of_merged_departments_ends_at_the_last(green, public_space, administrator):
    asked = passed_on(green, now=NOW)
    merge(green, public_space, administrator)
    city = make_department("stad")
    merge(public_space, city, administrator)
    routing.route_chosen(escalation=asked, now=NOW)
    assert again(asked).department == city
    assert again(asked).steps.filter(kind=Step.Kind.TO_DEPARTMENT, dropped_at=None).count() == 1


def test_what_was_sent_there_at_that_moment_is_found_by_the_clock(
    green, public_space, agent, administrator
):
    asked = routed(make_department("wonen"), now=NOW)
    stale = Department.objects.get(pk=green.pk)
    merge(green, public_space, administrator)
    routing.send_to_department(
        escalation=asked, department=stale, by=agent, now=NOW, client_ref=ref()
    )
    assert without_owner().count() == 1
    chasing.chase(now=NOW)
    assert not without_owner().exists()
    assert again(asked).department == public_space
    chasing.chase(now=NOW)
    assert asked.entries.filter(code="merged").count() == 1


def test_a_closed_question_that_is_opened_again_goes_to_the_successor(
    green, public_space, specialist, administrator
):
    asked = brought_to(State.CLOSED, green, specialist)
    merge(green, public_space, administrator)
    assert again(asked).department == green  # history keeps its name
    answering.reply(escalation=asked, text="Toch niet.", now=NOW, client_ref=ref())
    assert (again(asked).state, again(asked).department) == (State.REOPENED, public_space)


def test_a_reply_after_the_department_was_switched_off_goes_to_the_contact_centre(
    green, specialist
):
    asked = brought_to(State.CLOSED, green, specialist)
    Department.objects.filter(pk=green.pk).update(is_active=False)
    answering.reply(escalation=asked, text="Toch niet.", now=NOW, client_ref=ref())
    asked = again(asked)
    assert (asked.state, asked.department, asked.assignee) == (State.RETURNED, None, None)
    assert asked.due_at is not None
    assert asked in Escalation.objects.to_route()
    assert asked.steps.filter(kind=Step.Kind.RETURNED, dropped_at=None).count() == 1
    assert asked.entries.order_by("seq").last().kind == Kind.REPLIED


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_merge_at_the_same_moment_both_count(
    green, public_space, specialist, administrator
):
    asked = brought_to(State.IN_PROGRESS, green, specialist)

    def answer():
        answering.answer(escalation=asked, text="Ja.", by=specialist, now=NOW, client_ref=ref())

    assert at_once(answer, lambda: merge(green, public_space, administrator)) == [None, None]
    asked = again(asked)
    assert (asked.state, asked.department) == (State.ANSWERED, public_space)
    assert asked.question.outcome == Question.Outcome.ANSWERED
    answering.reply(escalation=asked, text="En nu?", now=NOW + timedelta(hours=1), client_ref=ref())
    assert not without_owner().exists()
