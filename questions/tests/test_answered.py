"""A question answered at once: one click registers it, and it can be taken back for a while."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from city.models import Topic
from common.errors import RuleBroken
from common.models import Event
from common.testing.cast import logged_in
from questions.actions import at_once as actions
from questions.models import Question

pytestmark = pytest.mark.django_db
PAGE = "question-answered"


@pytest.fixture(autouse=True)
def dutch():
    translation.activate("nl")


@pytest.fixture
def topic():
    return Topic.objects.create(slug="afval", name="Afval en recyclage")


def click(client, **fields):
    given = {
        "ref": str(uuid.uuid4()),
        "channel": "phone",
        "outcome": "answered_at_once",
        "topic": "afval",
    }
    return client.post(reverse(PAGE), {**given, **fields}, follow=True)


def take_back(client, question):
    return client.post(reverse("question-withdraw", args=[question.public_id]), follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_one_click_on_a_topic_registers_a_telephone_question(topic, agent, agent_client):
    html = agent_client.get(reverse(PAGE)).content.decode()
    assert 'value="phone"\n                     checked' in html
    answer = click(agent_client)
    question = Question.objects.get()
    assert (question.channel, question.outcome) == ("phone", "answered_at_once")
    assert (question.topic, question.registered_by) == (topic, agent)
    assert said(answer) == ["Genoteerd: Afval en recyclage, telefoon."]
    event = Event.objects.get(kind="question.registered")
    assert (event.subject, event.actor) == (question.public_id, agent.pk)
    details = {"channel": "phone", "outcome": "answered_at_once", "topic": "afval"}
    assert event.details == details


def test_another_channel_and_outcome_are_kept(topic, agent_client):
    click(agent_client, channel="social", outcome="not_for_city")
    question = Question.objects.get()
    assert (question.channel, question.outcome) == ("social", "not_for_city")


def test_a_double_click_is_one_question(topic, agent_client):
    ref = str(uuid.uuid4())
    click(agent_client, ref=ref)
    click(agent_client, ref=ref)
    assert Question.objects.count() == 1
    assert Event.objects.filter(kind="question.registered").count() == 1


def test_an_old_page_does_not_swallow_another_question(topic, agent_client):
    Topic.objects.create(slug="wegen", name="Wegen")
    ref = str(uuid.uuid4())
    click(agent_client, ref=ref)
    answer = click(agent_client, ref=ref, topic="wegen")
    assert said(answer) == [
        "Deze pagina was verouderd, dus er is niets genoteerd. Kies het onderwerp nog eens."
    ]
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"ref": "nonsense"},
        {"channel": "pigeon"},
        {"outcome": "escalated"},
        {"topic": "bestaat-niet"},
        {"topic": ""},
    ],
)
def test_nonsense_registers_nothing_and_says_so(topic, agent_client, wrong):
    answer = click(agent_client, **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Question.objects.exists()


def test_a_topic_that_was_switched_off_is_not_offered_nor_taken(topic, agent_client):
    Topic.objects.update(is_active=False)
    assert "Afval" not in agent_client.get(reverse(PAGE)).content.decode()
    assert click(agent_client).status_code == 422


def test_it_is_taken_back_once(topic, agent_client):
    click(agent_client)
    question = Question.objects.get()
    for _ in range(2):
        answer = take_back(agent_client, question)
        assert said(answer) == ["Teruggenomen: de vraag telt niet meer mee."]
    question.refresh_from_db()
    assert question.withdrawn_at
    assert Event.objects.filter(kind="question.withdrawn").count() == 1
    assert answer.context["total"] == 0


def test_after_ten_minutes_it_stays(topic, agent, agent_client):
    click(agent_client)
    Question.objects.update(registered_at=timezone.now() - timedelta(minutes=11))
    answer = take_back(agent_client, Question.objects.get())
    assert said(answer) == ["Terugnemen kan niet meer: dat kon tien minuten lang."]
    assert Question.objects.get().withdrawn_at is None


def test_the_last_moment_still_counts(topic, agent):
    now = timezone.now()
    answered = actions.Answered(
        uuid.uuid4(), Question.Channel.PHONE, Question.Outcome.ANSWERED_AT_ONCE, topic
    )
    question = actions.register(answered=answered, by=agent, now=now)
    with pytest.raises(RuleBroken, match="too_late"):
        actions.withdraw(question=question, by=agent, now=now + timedelta(seconds=601))
    actions.withdraw(question=question, by=agent, now=now + timedelta(seconds=600))


def test_nobody_takes_back_what_a_colleague_registered(topic, agent_client, second_agent_client):
    click(agent_client)
    answer = take_back(second_agent_client, Question.objects.get())
    assert said(answer) == ["Deze vraag staat niet in uw lijst."]
    assert Question.objects.get().withdrawn_at is None


def test_a_colleagues_ref_registers_nothing(topic, agent_client, second_agent_client):
    ref = str(uuid.uuid4())
    click(agent_client, ref=ref)
    click(second_agent_client, ref=ref)
    assert Question.objects.count() == 1


def test_the_list_shows_todays_own_questions(topic, agent, agent_client, second_agent_client):
    click(agent_client, channel="mail")
    click(agent_client)
    click(second_agent_client)
    Question.objects.filter(channel="mail").update(
        registered_at=timezone.now() - timedelta(minutes=15)
    )
    context = agent_client.get(reverse(PAGE)).context
    assert context["total"] == len(context["own"])
    assert {line["question"].registered_by for line in context["own"]} == {agent}


def test_the_list_costs_the_same_queries_with_many(topic, agent_client, agent):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as captured:
            agent_client.get(reverse(PAGE))
        return len(captured)

    click(agent_client)
    few = cost()
    Question.objects.bulk_create(
        Question(
            client_ref=uuid.uuid4(),
            channel="phone",
            outcome="answered_at_once",
            topic=topic,
            registered_by=agent,
            registered_at=timezone.now(),
        )
        for _ in range(200)
    )
    assert cost() == few


def test_others_do_not_come_in(topic, make_user, stranger_client, citizen):
    for client in (stranger_client, logged_in(make_user("Dirk", "specialist", "desk"))):
        assert click(client).status_code == 403
    citizen.post(reverse(PAGE), {"topic": "afval"})
    assert not Question.objects.exists()
