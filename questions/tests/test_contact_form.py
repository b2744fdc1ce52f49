"""The contact form: from the first line to the confirmation, and whatever is wrong in it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, override

from city.models import Topic
from questions import access, spam
from questions.models import Escalation, Question, Step
from questions.states import State, Way
from questions.testing.rows import passed_on

pytestmark = pytest.mark.django_db
HERE = "/contact/vraag/"
TEXT = "Wanneer wordt de paal rechtgezet?"
NATIONAL_NUMBER = "85.07.30-033.28"
ABUSE = "Jan\r\nBcc: alle@test.example"


@pytest.fixture(autouse=True)
def topic(db):
    return Topic.objects.create(slug="wegen", name="Wegen", name_en="Roads")


def shown(seconds_ago=10):
    return spam.shown_token(timezone.now() - timedelta(seconds=seconds_ago))


def filled(**fields):
    form = {
        "ref": str(uuid.uuid4()),
        "shown": shown(),
        "website": "",
        "text": TEXT,
        "way": "mail",
        "mail": "fatima@burger.example",
        "phone": "",
        "name": "Fatima",
        "topic": "wegen",
    }
    return form | fields


def post(client, step, here=HERE, **fields):
    return client.post(here, {"step": step, **filled(**fields)})


def body(answer):
    return answer.content.decode()


def errors(answer):
    return {name: list(lines) for name, lines in answer.context["form"].errors.items()}


def hidden(answer, name):
    found = re.search(rf'<input type="hidden"\s+name="{name}"\s+value="([^"]*)"', body(answer))
    assert found, name
    return found[1]


# --- the way through --------------------------------------------------------------------------


def test_looking_at_the_form_sets_no_cookie_and_asks_for_a_contact_once(citizen):
    answer = citizen.get(HERE)
    assert answer.status_code == 200
    assert answer.cookies == {}
    for wanted in ('autocomplete="email"', 'autocomplete="tel"', 'autocomplete="name"'):
        assert body(answer).count(wanted) == 1
    assert "maxlength" not in body(answer)  # a browser would cut what somebody pastes
    assert "no-store" not in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_the_summary_shows_everything_and_nothing_is_kept_yet(citizen):
    answer = post(citizen, "check")
    assert answer.status_code == 200
    for shown_ in (TEXT, "fatima@burger.example", "Fatima", "Wegen"):
        assert shown_ in body(answer)
    assert "no-store" in answer["Cache-Control"]
    assert not Question.objects.exists()


def test_from_the_summary_back_to_the_form_everything_is_still_there(citizen):
    answer = post(citizen, "change", way="phone", phone="0470 12 34 56")
    given = answer.context["form"]
    assert (given["text"].value(), given["way"].value()) == (TEXT, "phone")
    assert (given["phone"].value(), given["topic"].value()) == ("0470 12 34 56", "wegen")
    assert not given.errors


def test_sending_registers_the_question_and_shows_the_confirmation(citizen, topic):
    answer = post(citizen, "send")
    asked = Escalation.objects.get()
    assert (asked.state, asked.department, asked.text) == (State.NEW, None, TEXT)
    assert (asked.question.channel, asked.question.topic) == (Question.Channel.FORM, topic)
    assert (asked.question.registered_by, asked.language, asked.way) == (None, "nl", Way.MAIL)
    assert {step.kind for step in asked.steps.all()} == {Step.Kind.ROUTE, Step.Kind.RECEIPT}
    assert answer.status_code == 302
    assert re.fullmatch(rf"/vraag/{asked.reference}/[\w-]{{22}}/ontvangen/", answer["Location"])
    page = citizen.get(answer["Location"])
    assert page.status_code == 200
    assert asked.reference in body(page)
    assert answer["Location"].removesuffix("ontvangen/") in body(page)
    assert "fatima@burger.example" in body(page)


def test_the_english_form_makes_an_english_question(citizen):
    answer = post(citizen, "send", here="/en/contact/vraag/", topic="")
    asked = Escalation.objects.get()
    assert (asked.language, asked.question.topic) == ("en", None)
    page = citizen.get(answer["Location"])
    assert "Your question has arrived" in body(page)
    assert answer["Location"].startswith("/en/vraag/")


def test_the_choices_speak_the_language_of_the_page(citizen):
    assert "I don’t know" in body(citizen.get("/en/contact/vraag/"))
    assert "Roads" in body(citizen.get("/en/contact/vraag/"))
    assert "Wegen" in body(citizen.get(HERE))


def test_another_page_sends_along_what_was_typed_there(citizen):
    answer = citizen.post(HERE, {"step": "begin", "text": "Getypt in de chat\0", "name": "An"})
    form = answer.context["form"]
    assert answer.status_code == 200
    assert (form["text"].value(), form["name"].value()) == ("Getypt in de chat", "An")
    assert not form.errors


# --- twice ------------------------------------------------------------------------------------


def test_sent_twice_is_one_question_and_the_same_confirmation(citizen):
    form = filled()
    answers = [citizen.post(HERE, {"step": "send", **form}) for _ in range(3)]
    assert len({answer["Location"] for answer in answers}) == 1
    assert Escalation.objects.count() == 1
    assert Step.objects.filter(kind=Step.Kind.RECEIPT).count() == 1


@pytest.mark.parametrize("change", [{"text": "Iets anders."}, {"mail": "f@burger.example"}])
def test_corrected_by_the_way_back_it_is_another_question(citizen, change):
    form = filled()
    first = citizen.post(HERE, {"step": "send", **form})
    second = citizen.post(HERE, {"step": "send", **form, **change})
    assert first["Location"] != second["Location"]
    assert Escalation.objects.count() == 2


def test_sent_twice_it_does_not_count_twice(citizen, monkeypatch):
    monkeypatch.setattr(spam, "QUESTIONS_PER_DAY", 1)
    form = filled()
    assert citizen.post(HERE, {"step": "send", **form}).status_code == 302
    assert citizen.post(HERE, {"step": "send", **form}).status_code == 302


def test_the_ref_of_a_question_of_staff_opens_nothing(citizen, agent):
    asked = passed_on(None, by=agent)
    assert access.by_send(asked.question.client_ref) is None


# --- what is wrong ----------------------------------------------------------------------------

WRONG = [
    ({"text": ""}, "text", "Write your question first."),
    ({"text": " \u200b\n"}, "text", "Nothing is written yet."),
    ({"mail": ""}, "mail", "For an answer by e-mail we need an e-mail address."),
    ({"way": "phone"}, "phone", "For an answer by telephone we need a telephone number."),
    ({"way": ""}, "way", "Choose how you want our answer."),
    ({"way": "chat"}, "way", "Choose how you want our answer."),
    ({"way": "pigeon"}, "way", "Choose how you want our answer."),
    (
        {"topic": "bestaat-niet"},
        "topic",
        "This topic no longer exists. Choose another one, or none.",
    ),
    ({"mail": "fatima"}, "mail", "This is not an e-mail address. An example: naam@voorbeeld.be"),
    (
        {"mail": "f@b.be, alle@b.be"},
        "mail",
        "This is not an e-mail address. An example: naam@voorbeeld.be",
    ),
    ({"phone": "12"}, "phone", "This is not a telephone number. An example: 0470 12 34 56"),
    ({"name": ABUSE}, "name", "Write this on one line, without special characters."),
    (
        {"mail": "f@b.be\r\nBcc: x@b.be"},
        "mail",
        "Write this on one line, without special characters.",
    ),
    (
        {"phone": "0470123456\nBcc: x@b.be"},
        "phone",
        "Write this on one line, without special characters.",
    ),
]


@pytest.mark.parametrize("step", ["check", "send"])
@pytest.mark.parametrize(("fields", "field", "sentence"), WRONG)
def test_what_is_wrong_is_said_at_its_field_and_all_stays(citizen, step, fields, field, sentence):
    answer = post(citizen, step, **fields)
    assert answer.status_code == 422
    with override("nl"):
        assert errors(answer) == {field: [gettext(sentence)]}
    sent = filled(**fields)
    for name in ("text", "mail", "phone", "name"):
        assert (answer.context["form"][name].value() or "") == sent[name]
    assert not Question.objects.exists()


def test_a_name_of_a_hundred_letters_is_told_its_limit(citizen):
    answer = post(citizen, "check", name="a" * 100)
    assert "80" in errors(answer)["name"][0]


def test_five_hundred_pages_are_refused_with_the_limit_and_stay(citizen):
    text = ("Een regel tekst van een heel lange brief aan de stad. " * 40 + "\n") * 500
    answer = citizen.post(HERE, {"step": "check", **filled(text=text)})
    assert answer.status_code == 422
    [said] = errors(answer)["text"]
    assert "5000" in said
    assert str(len(text.strip())) in said
    assert answer.context["form"]["text"].value() == text
    assert not Question.objects.exists()


@pytest.mark.parametrize("here", [HERE, "/en/contact/vraag/", "/chat/"])
def test_more_than_the_portal_reads_gets_a_page_that_says_what_to_do(citizen, here):
    citizen.raise_request_exception = False
    answer = citizen.post(here, {"step": "check", "text": "x" * 2_700_000})
    assert answer.status_code == 413
    assert "5000" in body(answer)
    assert "help-title" in body(answer)


def test_the_numbers_that_are_left_out_are_told_before_sending(citizen):
    answer = post(citizen, "check", text=f"Mijn nummer: {NATIONAL_NUMBER}, BE71 0961 2345 6769.")
    kept = answer.context["text"]
    assert answer.context["left_out"] == ["rrn", "iban"]
    assert NATIONAL_NUMBER not in kept
    assert kept in body(answer)
    # Who changes something finds the own words.
    assert NATIONAL_NUMBER in hidden(answer, "text")


def test_the_numbers_are_left_out_of_what_is_kept(citizen):
    post(citizen, "send", text=f"Nummer {NATIONAL_NUMBER}", name=f"An {NATIONAL_NUMBER}")
    asked = Escalation.objects.get()
    assert NATIONAL_NUMBER not in asked.text + asked.name


# --- programs ---------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["check", "send"])
def test_a_filled_trap_is_refused_and_the_next_try_goes(citizen, step):
    form = filled(website="http://spam.example")
    answer = citizen.post(HERE, {"step": step, **form})
    assert answer.status_code == 422
    assert "http://spam.example" not in body(answer)
    assert TEXT in body(answer)
    assert not Question.objects.exists()
    again = {**form, "website": "", "ref": hidden(answer, "ref"), "shown": shown()}
    assert citizen.post(HERE, {"step": "send", **again}).status_code == 302


@pytest.mark.parametrize("token", ["", "x", "1:2", "é\0", "99999:forged"])
def test_a_token_that_is_not_ours_asks_to_send_again(citizen, token):
    answer = post(citizen, "send", shown=token)
    assert answer.status_code == 422
    assert TEXT in body(answer)
    fresh = hidden(answer, "shown")
    with pytest.raises(Exception, match="form_too_quick"):
        spam.check_shown(fresh, now=timezone.now())
    spam.check_shown(fresh, now=timezone.now() + timedelta(seconds=5))


def test_too_quick_is_refused_and_the_same_form_goes_a_little_later(citizen):
    token = shown(seconds_ago=1)
    answer = post(citizen, "check", shown=token)
    assert answer.status_code == 422
    assert hidden(answer, "shown") == token
    assert answer.context["form"]["text"].value() == TEXT
    spam.check_shown(token, now=timezone.now() + timedelta(seconds=3))


def test_a_page_of_yesterday_is_asked_to_send_again(citizen):
    answer = post(citizen, "send", shown=shown(seconds_ago=25 * 3600))
    assert answer.status_code == 422
    assert hidden(answer, "text") == TEXT


def test_nobodys_mailbox_is_flooded(citizen, monkeypatch):
    monkeypatch.setattr(spam, "QUESTIONS_PER_DAY", 2)
    for number in range(2):
        assert post(citizen, "send", text=f"Vraag {number}").status_code == 302
    answer = post(citizen, "send", mail="Fatima@Burger.example", text="De laatste")
    assert answer.status_code == 429
    assert "De laatste" in body(answer)
    assert post(citizen, "send", mail="an@burger.example").status_code == 302
    assert Escalation.objects.count() == 3


def test_an_address_asks_as_often_as_forty_people(citizen, monkeypatch):
    monkeypatch.setattr("common.throttle.PEOPLE_AT_ONE_ADDRESS", 1)
    for number in range(4):
        answer = post(citizen, "send", mail=f"n{number}@burger.example")
    assert answer.status_code == 429
    assert Escalation.objects.count() == 3


# --- doors ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(citizen, method):
    assert getattr(citizen, method)(HERE).status_code == 405


def test_a_browser_that_refuses_cookies_is_no_obstacle():
    assert post(Client(enforce_csrf_checks=True), "send").status_code == 302


@pytest.mark.parametrize("step", ["", "check", "send", "begin", "change", "x"])
def test_an_empty_or_strange_form_is_no_crash(citizen, step):
    assert citizen.post(HERE, {"step": step}).status_code in {200, 422}
    strange = {"text": "\x00\ud7ff", "ref": "x", "shown": "\x00", "topic": "\x00", "way": "\x00"}
    assert citizen.post(HERE, {"step": step, **strange}).status_code in {200, 422}
    assert not Question.objects.exists()
