"""The inbox: what stands under which tab, for whom, and at which cost."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from city.models import Absence
from common.testing.cast import logged_in
from questions import inbox
from questions.actions import answering, handling, routing
from questions.models import Escalation, Question
from questions.states import State
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dutch():
    translation.activate("nl")


@pytest.fixture
def mobility(specialist):
    return make_department("mobiliteit", specialist)


@pytest.fixture
def housing(make_user):
    return make_department("wonen", make_user("Wout", "specialist"))


def listed(client, **query):
    answer = client.get(reverse("question-inbox"), query)
    assert answer.status_code == 200
    return [line["escalation"].reference for line in answer.context["lines"]]


def counts(client):
    answer = client.get(reverse("question-inbox"))
    return {tab["key"]: tab["count"] for tab in answer.context["tabs"]}


def test_a_question_stands_under_the_tab_of_its_state(mobility, specialist, specialist_client):
    now = timezone.now()
    free, held, asked, late, done = (routed(mobility) for _ in range(5))
    handling.take(escalation=held, by=specialist, now=now)
    ref = uuid.uuid4
    answering.ask_citizen(escalation=asked, text="Welke?", by=specialist, now=now, client_ref=ref())
    answering.answer(escalation=done, text="Ja.", by=specialist, now=now, client_ref=ref())
    Escalation.objects.filter(pk=late.pk).update(due_at=now - timedelta(days=3))
    client = specialist_client
    assert set(listed(client, lijst="mine")) == {held.reference, asked.reference}
    assert listed(client, lijst="unassigned") == [late.reference, free.reference]
    assert listed(client, lijst="overdue") == [late.reference]
    assert listed(client, lijst="waiting") == [asked.reference]
    assert len(listed(client, lijst="open")) == 4
    assert listed(client, lijst="done") == [done.reference]
    assert counts(client) == {
        "mine": 2, "unassigned": 2, "overdue": 1, "waiting": 1, "open": 4, "done": None,
    }  # fmt: skip


def test_a_specialist_sees_only_the_own_departments(mobility, housing, specialist_client):
    own, other = routed(mobility), routed(housing)
    assert listed(specialist_client, lijst="open") == [own.reference]
    assert listed(specialist_client, lijst="open", dienst="wonen") == [own.reference]
    assert listed(specialist_client, zoek=other.reference) == []


def test_the_contact_centre_sees_all_and_what_is_to_be_passed_on(
    mobility, housing, specialist, agent_client
):
    returned, new, other = routed(mobility), passed_on(None), routed(housing)
    routing.return_question(
        escalation=returned,
        reason="Niet van ons.",
        by=specialist,
        now=timezone.now(),
        client_ref=uuid.uuid4(),
    )
    assert set(listed(agent_client, lijst="to-route")) == {returned.reference, new.reference}
    assert len(listed(agent_client, lijst="open")) == 3
    assert listed(agent_client, lijst="open", dienst="wonen") == [other.reference]


def test_a_tab_of_the_contact_centre_is_not_a_specialists(mobility, specialist_client):
    passed_on(None)
    answer = specialist_client.get(reverse("question-inbox"), {"lijst": "to-route"})
    assert answer.context["tab"].key == "mine"
    assert answer.context["lines"] == []


def test_who_stands_in_sees_those_questions_among_the_own_with_the_name(
    mobility, specialist, make_user
):
    els = make_user("Els", "specialist")
    held = routed(mobility)
    handling.take(escalation=held, by=specialist, now=timezone.now())
    client = logged_in(els)
    assert listed(client) == []
    today = timezone.localdate()
    Absence.objects.create(user=specialist, stand_in=els, starts_on=today, ends_on=today)
    html = client.get(reverse("question-inbox")).content.decode()
    assert held.reference in html
    assert "Dirk" in html


@pytest.mark.parametrize("change", [str, str.lower, lambda ref: ref.replace("-", " ")])
def test_a_reference_is_found_however_it_is_typed(mobility, specialist_client, change):
    wanted, _other = routed(mobility), routed(mobility)
    assert listed(specialist_client, zoek=change(wanted.reference)) == [wanted.reference]


def test_words_and_a_name_are_found_in_any_order(mobility, specialist_client):
    wanted = routed(mobility, text="Waar staat de laadpaal?")
    routed(mobility)
    assert listed(specialist_client, zoek="laadpaal fatima") == [wanted.reference]
    assert listed(specialist_client, zoek="\x00%_'\"") == []


@pytest.mark.parametrize(
    "query", [{"blad": "999"}, {"blad": "x"}, {"lijst": "x"}, {"dienst": "x" * 500}, {"zoek": " "}]
)
def test_a_malformed_address_shows_a_list(mobility, specialist_client, query):
    routed(mobility)
    assert specialist_client.get(reverse("question-inbox"), query).status_code == 200


def test_the_doors(citizen, stranger_client, desk_clerk_client, administrator_client, agent_client):
    address = reverse("question-inbox")
    assert citizen.get(address).status_code == 302
    for client in (stranger_client, desk_clerk_client, administrator_client):
        assert client.get(address).status_code == 403
    assert agent_client.post(address).status_code == 405


def many(department, count, *, assignee=None):
    now = timezone.now()
    questions = Question.objects.bulk_create(
        Question(client_ref=uuid.uuid4(), channel="phone", registered_at=now) for _ in range(count)
    )
    start = Escalation.objects.count()
    states = [State.ROUTED] if assignee is None else [State.IN_PROGRESS]
    Escalation.objects.bulk_create(
        Escalation(
            question=question,
            reference=f"T-{start + number}",
            state=states[0],
            assignee=assignee,
            text="Mag dit?",
            way="mail",
            mail="a@b.example",
            department=department,
            passed_on_at=now,
            due_at=now + timedelta(hours=number % 90 - 20),
        )
        for number, question in enumerate(questions)
    )


def test_no_list_asks_more_with_ten_thousand_questions(mobility, specialist, specialist_client):
    def asked():
        found = {}
        for tab in inbox.TABS:
            with CaptureQueriesContext(connection) as queries:
                specialist_client.get(reverse("question-inbox"), {"lijst": tab.key})
            found[tab.key] = len(queries)
        return found

    many(mobility, 5)
    many(mobility, 5, assignee=specialist)
    few = asked()
    many(mobility, 9_000)
    many(mobility, 990, assignee=specialist)
    assert asked() == few
    assert max(few.values()) <= 17


def test_the_count_in_the_bar_is_one_query(mobility, specialist, django_assert_num_queries):
    many(mobility, 10)
    specialist.role_set()
    with django_assert_num_queries(1):
        assert inbox.waiting_for(specialist) == 10


def test_the_count_in_the_bar_adds_what_is_to_be_passed_on_for_the_contact_centre(
    mobility, agent, specialist
):
    passed_on(None)
    routed(mobility)
    assert inbox.waiting_for(agent) == 1
    assert inbox.waiting_for(specialist) == 1
