"""Two people, or one person twice, at the very same moment; in real threads."""

import uuid
from functools import partial

import pytest
from django.utils import timezone

from common.testing.races import at_once
from questions.actions import answering, handling, routing
from questions.actions.registering import Contact, PassedOn, pass_on
from questions.models import Entry, Escalation, Question, Step
from questions.states import Kind, State, Way
from questions.testing.rows import make_department, routed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lotte(make_user):
    return make_user("Lotte", "specialist")


@pytest.fixture
def asked(specialist, lotte) -> Escalation:
    return routed(make_department("mobiliteit", specialist, lotte))


def answers(asked: Escalation, *people) -> list:
    now = timezone.now()
    return [
        partial(
            answering.answer,
            escalation=asked,
            text=f"Antwoord van {one.first_name}",
            by=one,
            now=now,
            client_ref=uuid.uuid4(),
        )
        for one in people
    ]


def lines(asked: Escalation, kind: Kind) -> int:
    return asked.entries.filter(kind=kind).count()


def has_no_holes(asked: Escalation) -> bool:
    numbers = list(asked.entries.order_by("seq").values_list("seq", flat=True))
    return numbers == list(range(1, len(numbers) + 1))


def test_of_two_answers_one_goes_and_the_other_is_told(asked, specialist, lotte):
    found = at_once(*answers(asked, specialist, lotte))
    assert sorted(map(type, found), key=str) == sorted([Entry, str], key=str)
    assert next(one for one in found if isinstance(one, str)) == "answered_already"
    assert lines(asked, Kind.ANSWERED) == 1
    assert asked.steps.filter(kind=Step.Kind.ANSWER).count() == 1
    assert has_no_holes(asked)


def test_of_many_who_take_it_one_has_it(asked, specialist, lotte):
    now = timezone.now()
    found = at_once(
        *(partial(handling.take, escalation=asked, by=one, now=now) for one in (specialist, lotte))
    )
    assert [one for one in found if isinstance(one, str)] == ["taken_by"]
    assert lines(asked, Kind.TAKEN) == 1


def test_the_same_send_at_once_is_one_question():
    department = make_department()
    passed = PassedOn(
        client_ref=uuid.uuid4(),
        channel=Question.Channel.FORM,
        text="Eén keer.",
        contact=Contact(Way.MAIL, mail="an@burger.example"),
        department=department,
    )
    found = at_once(
        *(partial(pass_on, passed=passed, by=None, now=timezone.now()) for _ in range(4))
    )
    assert len({one.pk for one in found}) == 1
    assert Escalation.objects.count() == Question.objects.count() == 1
    assert Step.objects.filter(kind=Step.Kind.RECEIPT).count() == 1


def test_of_many_questions_at_once_each_has_its_own_reference():
    department = make_department()
    contact = Contact(Way.MAIL, mail="an@burger.example")

    def ask(number: int) -> Escalation:
        passed = PassedOn(
            uuid.uuid4(), Question.Channel.FORM, f"Vraag {number}", contact, department
        )
        return pass_on(passed=passed, by=None, now=timezone.now())

    found = at_once(*(partial(ask, number) for number in range(6)))
    numbers = sorted(int(one.reference.split("-")[2]) for one in found)
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_a_reply_while_the_answer_goes_is_never_lost(asked, specialist):
    now = timezone.now()
    answering.ask_citizen(
        escalation=asked, text="Welke straat?", by=specialist, now=now, client_ref=uuid.uuid4()
    )
    at_once(
        partial(
            answering.reply,
            escalation=asked,
            text="De Kapelstraat",
            now=now,
            client_ref=uuid.uuid4(),
        ),
        *answers(asked, specialist),
    )
    asked.refresh_from_db()
    assert lines(asked, Kind.REPLIED) == lines(asked, Kind.ANSWERED) == 1
    assert asked.state in {State.ANSWERED, State.REOPENED}
    assert has_no_holes(asked)


def test_routed_by_celery_and_by_hand_at_once_is_one_place(specialist):
    mobility, housing = make_department("mobiliteit", specialist), make_department("wonen")
    asked = routed(mobility)
    now = timezone.now()
    at_once(
        partial(routing.route_chosen, escalation=asked, now=now),
        partial(
            routing.send_to_department,
            escalation=asked,
            department=housing,
            by=specialist,
            now=now,
            client_ref=uuid.uuid4(),
        ),
    )
    asked.refresh_from_db()
    assert (asked.state, asked.department) == (State.ROUTED, housing)
    assert has_no_holes(asked)
