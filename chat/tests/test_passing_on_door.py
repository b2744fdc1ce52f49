"""The door by which the console passes a question on, and what others find there."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.actions import passing_on
from chat.testing import world
from chat.testing.passed_on import MAIL, TEXT, pass_on, passed, show
from questions.models import Escalation, Question

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(chat):
    return reverse("chat-passed-on", args=[chat.public_id])


def fields(**more):
    given = {
        "ref": str(uuid.uuid4()),
        "text": TEXT,
        "department": "mobiliteit",
        "topic": "",
        "urgency": "normal",
        "way": "mail",
        "name": "Fatima",
        "mail": MAIL,
        "phone": "",
    }
    return {**given, **more}


def test_the_door_passes_on_and_lists(door, chat, agent, agent_client, mobility):
    show(chat, agent, mobility)
    reply = agent_client.post(door, fields())
    assert reply.status_code == 200
    escalation = Escalation.objects.get()
    body = reply.json()
    assert body["reference"] == escalation.reference
    line = body["passed_on"][0]
    assert line["reference"] == escalation.reference
    assert line["facts"].startswith("Mobiliteit, nieuw, beloofd voor ")
    assert line["url"] == reverse("question-detail", args=[escalation.question.public_id])
    assert agent_client.get(door).json() == {"passed_on": body["passed_on"]}


def test_a_double_send_is_one_question(door, chat, agent, agent_client, mobility):
    show(chat, agent, mobility)
    sent = fields()
    answers = [agent_client.post(door, sent).json()["reference"] for _ in range(2)]
    assert len(set(answers)) == 1
    assert Escalation.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"ref": "x"}, "bad_frame", ""),
        ({"text": ""}, "incomplete", "text"),
        ({"text": "x" * 5_001}, "text_too_long", "text"),
        ({"text": "Niet getoond"}, "not_shown", ""),
        ({"department": "bestaat-niet"}, "incomplete", "department"),
        ({"topic": "bestaat-niet"}, "incomplete", "topic"),
        ({"way": "pigeon"}, "incomplete", "way"),
        ({"mail": ""}, "no_mail", "mail"),
        ({"mail": "geen adres"}, "bad_mail", "mail"),
        ({"mail": "a@b.example\nBcc: c@d.example"}, "bad_mail", "mail"),
        ({"way": "chat", "mail": ""}, "no_contact", "mail"),
        ({"way": "phone"}, "no_phone", "phone"),
        ({"phone": "123"}, "bad_phone", "phone"),
        ({"name": "x" * 81}, "name_too_long", "name"),
    ],
)
def test_what_is_refused_says_why_and_where(
    door, chat, agent, agent_client, mobility, wrong, code, field
):
    show(chat, agent, mobility)
    before = world.seqs(chat)
    reply = agent_client.post(door, fields(**wrong))
    assert reply.status_code == 400
    error = reply.json()
    assert (error["type"], error["code"], error["field"]) == ("error", code, field)
    assert error["text"]
    assert not Question.objects.exists()
    assert world.seqs(chat) == before


def test_a_department_without_a_mailbox_is_refused(door, chat, agent, agent_client, mobility):
    mobility.email = ""
    mobility.save()
    show(chat, agent, mobility)
    error = agent_client.post(door, fields()).json()
    assert (error["code"], error["field"]) == ("no_mailbox", "department")


def test_others_find_no_door(
    door, chat, second_agent_client, stranger_client, specialist_client, citizen, mobility
):
    assert second_agent_client.get(door).status_code == 404
    assert second_agent_client.post(door, fields()).status_code == 404
    for client in (stranger_client, specialist_client):
        assert client.post(door, fields()).status_code == 403
    assert citizen.get(door).status_code == 302
    assert not Question.objects.exists()


def test_other_methods_are_refused(door, agent_client):
    assert agent_client.put(door).status_code == 405


def test_many_questions_cost_the_same_queries(door, chat, agent, agent_client, mobility):
    def cost():
        with CaptureQueriesContext(connection) as found:
            agent_client.get(door)
        return len(found)

    show(chat, agent, mobility)
    pass_on(chat, agent, passed(chat, mobility))
    few = cost()
    for _ in range(9):
        pass_on(chat, agent, passed(chat, mobility))
    assert cost() == few


def test_the_console_knows_departments_and_the_words_of_the_proposal(agent_client, mobility):
    mobility.name_en = "Mobility"
    mobility.save()
    bootstrap = agent_client.get(reverse("chat-console")).context["bootstrap"]["passing"]
    assert bootstrap["departments"] == [
        {
            "slug": "mobiliteit",
            "name": {"nl": "Mobiliteit", "en": "Mobility"},
            "shown": "Mobiliteit",
        }
    ]
    words = bootstrap["proposal"]["nl"].format(department="Mobiliteit", text=TEXT)
    assert words == passing_on.proposal(text=f" {TEXT}\n", department=mobility, language="nl")
