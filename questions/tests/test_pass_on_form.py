"""A question by telephone goes to a department: the form, its suggestions and what it refuses."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import translation

from city.models import Department, Topic
from common.testing.cast import logged_in
from questions import pass_on_views
from questions.models import Escalation, Question
from questions.suggesting import Suggested
from questions.testing.rows import make_department

pytestmark = pytest.mark.django_db
PAGE = "question-pass-on"
TEXT = "Mag ik voor mijn deur parkeren?"
REASON = "Past bij “parkeren”."


@pytest.fixture(autouse=True)
def dutch():
    translation.activate("nl")


@pytest.fixture
def mobility():
    return make_department("mobiliteit")


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """What was asked of the suggestions; they answer with every department that has a mailbox."""
    asked = []

    def suggest(text, *, topic=None, limit=3):
        asked.append((text, topic))
        rows = Department.objects.filter(is_active=True).exclude(email="")[:limit]
        return [Suggested(department, REASON) for department in rows]

    monkeypatch.setattr(pass_on_views, "suggest", suggest)
    return asked


def fields(**more):
    given = {
        "ref": str(uuid.uuid4()),
        "step": "send",
        "channel": "phone",
        "text": TEXT,
        "topic": "",
        "department": "mobiliteit",
        "other": "",
        "urgency": "normal",
        "way": "mail",
        "name": "Fatima",
        "mail": "fatima@burger.example",
        "phone": "",
    }
    return {**given, **more}


def send(client, **more):
    return client.post(reverse(PAGE), fields(**more), follow=True)


def html(answer):
    return answer.content.decode()


def test_a_telephone_question_goes_on_and_its_result_stands_at_once(mobility, agent, agent_client):
    answer = send(agent_client, urgency="urgent")
    escalation = Escalation.objects.get()
    assert escalation.question.channel == "phone"
    assert escalation.question.registered_by == agent
    assert (escalation.department, escalation.urgency) == (mobility, "urgent")
    assert answer.context["done"] == escalation
    assert f'<p class="passed-reference">{escalation.reference}</p>' in html(answer)
    assert "Uw vraag is doorgestuurd naar de dienst Mobiliteit. U krijgt antwoord" in html(answer)
    assert reverse("question-detail", args=[escalation.question.public_id]) in html(answer)


@pytest.mark.parametrize("channel", ["mail", "social", "desk"])
def test_other_channels_are_registered_by_hand(mobility, agent_client, channel):
    send(agent_client, channel=channel, way="phone", mail="", phone="0470123456")
    assert Question.objects.get().channel == channel
    assert Escalation.objects.get().phone == "0470 12 34 56"


def test_the_department_may_come_from_the_list_of_all(mobility, agent_client):
    for given in ({"department": ""}, {"department": "other"}):
        send(agent_client, other="mobiliteit", **given)
    assert {row.department for row in Escalation.objects.all()} == {mobility}


def test_two_departments_are_none(mobility, agent_client):
    make_department("wonen")
    answer = send(agent_client, other="wonen")
    assert "U koos twee diensten." in html(answer)
    assert not Question.objects.exists()


def test_a_double_send_is_one_question_with_the_same_result(mobility, agent_client):
    sent = fields()
    answers = [agent_client.post(reverse(PAGE), sent, follow=True) for _ in range(2)]
    assert Question.objects.count() == 1
    assert answers[0].context["done"] == answers[1].context["done"]


def test_an_old_page_swallows_no_other_question(mobility, agent_client):
    sent = fields()
    agent_client.post(reverse(PAGE), sent)
    answer = agent_client.post(reverse(PAGE), {**sent, "text": "Iets heel anders"})
    assert answer.status_code == 422
    assert "Iets heel anders" in html(answer)
    again = {**sent, "text": "Iets heel anders", "ref": answer.context["form"]["ref"].value()}
    agent_client.post(reverse(PAGE), again)
    assert Question.objects.count() == 2


def test_a_colleagues_ref_is_refused(mobility, agent_client, second_agent_client):
    sent = fields()
    agent_client.post(reverse(PAGE), sent)
    assert second_agent_client.post(reverse(PAGE), sent).status_code == 422
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"text": "  "}, "text", "Er staat nog niets."),
        ({"text": "x" * 5_001}, "text", "te lang"),
        ({"department": ""}, "department", "Kies de dienst die de vraag krijgt."),
        ({"department": "bestaat-niet"}, "department", "Deze dienst bestaat niet meer."),
        ({"topic": "bestaat-niet"}, "topic", "bestaat niet meer"),
        ({"mail": ""}, "mail", "e-mailadres"),
        ({"mail": "geen adres"}, "mail", "geen e-mailadres"),
        ({"mail": "a@b.example\r\nBcc: c@d.example"}, "mail", "geen e-mailadres"),
        ({"way": "phone"}, "phone", "telefoonnummer"),
        ({"phone": "12"}, "phone", "geen telefoonnummer"),
        ({"name": "x" * 81}, "name", "te lang"),
        ({"way": "chat"}, "way", ""),
        ({"channel": "pigeon"}, "channel", ""),
    ],
)
def test_a_refused_form_keeps_all_that_was_typed(mobility, agent_client, wrong, field, sentence):
    answer = send(agent_client, **wrong)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert sentence in " ".join(form.errors[field])
    kept = fields(**wrong)
    for name in ("text", "name", "mail", "phone"):
        assert form[name].value() == kept[name]
    assert 'role="alert"' in html(answer)
    assert not Question.objects.exists()


def test_a_department_without_a_mailbox_is_refused_with_what_to_do(mobility, agent_client):
    make_department("wonen", email="")
    answer = send(agent_client, department="", other="wonen")
    assert "Wonen heeft nog geen e-mailadres" in html(answer)
    assert re.search(r'<option value="wonen"\s+selected', html(answer))


def test_without_a_script_a_button_suggests_and_keeps_the_rest(mobility, agent_client, asked):
    topic = Topic.objects.create(slug="verkeer", name="Verkeer")
    answer = send(agent_client, step="suggest", topic="verkeer", department="", mail="nog niets")
    assert answer.status_code == 200
    assert asked[-1] == (TEXT, topic)
    assert REASON in html(answer)
    assert answer.context["form"]["mail"].value() == "nog niets"
    assert not answer.context["form"].errors
    assert not Question.objects.exists()


def test_what_was_chosen_stays_chosen_when_it_is_suggested_no_longer(agent_client, mobility):
    make_department("wonen", email="")
    answer = send(agent_client, step="suggest", department="wonen")
    assert (answer.context["chosen"], answer.context["other"]) == ("other", "wonen")


def test_the_door_of_the_script_suggests(mobility, agent_client, asked):
    answer = agent_client.post(reverse("question-suggest"), {"text": TEXT, "topic": "onbekend"})
    assert answer.json() == {
        "suggested": [{"slug": "mobiliteit", "name": "Mobiliteit", "reason": REASON}]
    }
    assert asked == [(TEXT, None)]
    assert agent_client.post(reverse("question-suggest"), {}).json() == {"suggested": []}
    assert agent_client.get(reverse("question-suggest")).status_code == 405


def test_only_the_own_result_is_shown(mobility, agent_client, second_agent_client):
    send(agent_client)
    public_id = Question.objects.get().public_id
    for done in (public_id, "onzin", uuid.uuid4()):
        answer = second_agent_client.get(reverse(PAGE), {"done": str(done)})
        assert (answer.status_code, answer.context["done"]) == (200, None)


def test_todays_list_names_the_reference_and_leads_to_the_question(mobility, agent_client):
    send(agent_client)
    escalation = Escalation.objects.get()
    page = html(agent_client.get(reverse("question-answered")))
    link = reverse("question-detail", args=[escalation.question.public_id])
    assert f'href="{link}">{escalation.reference}</a>' in page
    assert reverse("question-withdraw", args=[escalation.question.public_id]) not in page
    assert reverse(PAGE) in page


def test_others_do_not_come_in(mobility, make_user, stranger_client, citizen):
    for client in (stranger_client, logged_in(make_user("Dirk", "specialist", "desk"))):
        assert send(client).status_code == 403
        assert client.post(reverse("question-suggest"), {"text": TEXT}).status_code == 403
    assert citizen.post(reverse(PAGE), fields()).status_code == 302
    assert not Question.objects.exists()
