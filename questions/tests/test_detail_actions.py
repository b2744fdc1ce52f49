"""The page of a question: every action by its form, for every role, twice, and two at once."""

import uuid
from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from city.hours import BRUSSELS
from common.errors import RuleBroken
from common.testing.cast import logged_in
from questions.actions import answering, handling, routing
from questions.actions.registering import Contact
from questions.choices import Do
from questions.models import Entry, Step
from questions.ready import READY_ANSWERS, ReadyText
from questions.states import Kind, State, Way
from questions.testing.desk import page_of, send
from questions.testing.rows import make_department, passed_on, routed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dutch():
    translation.activate("nl")


@pytest.fixture
def colleague(make_user):
    return make_user("Els", "specialist")


@pytest.fixture
def mobility(specialist, colleague):
    return make_department("mobiliteit", specialist, colleague)


@pytest.fixture
def question(mobility):
    return routed(mobility)


@pytest.fixture
def housing(db):
    return make_department("wonen")


def lines(question, kind):
    return Entry.objects.filter(escalation=question, kind=kind)


def test_take_and_give_back(question, specialist, specialist_client):
    send(specialist_client, question, "take")
    assert (question.state, question.assignee) == (State.IN_PROGRESS, specialist)
    send(specialist_client, question, "take")
    assert lines(question, Kind.TAKEN).count() == 1
    send(specialist_client, question, "give-back")
    assert (question.state, question.assignee) == (State.ROUTED, None)


def test_a_colleagues_question_is_taken_over_openly(question, colleague, specialist_client):
    handling.take(escalation=question, by=colleague, now=timezone.now())
    refused = send(specialist_client, question, "take")
    assert refused.status_code == 422
    assert question.assignee == colleague
    send(specialist_client, question, "take-over")
    assert question.assignee.first_name == "Dirk"
    assert lines(question, Kind.TAKEN).count() == 2


def test_assign_to_a_colleague_mails_that_one(question, colleague, specialist_client):
    send(specialist_client, question, "assign", colleague=str(colleague.public_id))
    assert question.assignee == colleague
    assert Step.objects.filter(escalation=question, kind=Step.Kind.ASSIGNED).count() == 1


def test_nothing_is_given_to_a_stranger(question, stranger, specialist_client):
    for given in (str(stranger.public_id), "", str(uuid.uuid4())):
        assert send(specialist_client, question, "assign", colleague=given).status_code == 422
    assert question.assignee is None


def test_ask_answer_and_close(question, specialist_client):
    send(specialist_client, question, "ask", text="Welke straat?")
    assert question.state == State.WAITING
    send(specialist_client, question, "answer", text="Dat mag.")
    assert question.state == State.ANSWERED
    send(specialist_client, question, "close")
    assert question.state == State.CLOSED
    assert question.question.outcome == "answered"


@pytest.mark.parametrize(("do", "kind"), [("answer", Kind.ANSWERED), ("note", Kind.NOTE)])
def test_second_send_with_the_same_ref_is_one_line(question, specialist_client, do, kind):
    ref = str(uuid.uuid4())
    for _ in range(2):
        assert send(specialist_client, question, do, text="Dat mag.", ref=ref).status_code == 200
    assert lines(question, kind).count() == 1


def test_another_text_with_the_old_ref_of_the_back_button_is_not_lost(question, specialist_client):
    ref = str(uuid.uuid4())
    send(specialist_client, question, "note", text="Eerste", ref=ref)
    refused = send(specialist_client, question, "note", text="Tweede tekst", ref=ref)
    assert refused.status_code == 422
    assert "Tweede tekst" in refused.content.decode()
    assert lines(question, Kind.NOTE).count() == 1


def test_two_answer_at_once_and_the_second_keeps_the_text(question, colleague, specialist_client):
    seen = question.last_seq
    answering.answer(
        escalation=question,
        text="Ja, dat mag.",
        by=colleague,
        now=timezone.now(),
        client_ref=uuid.uuid4(),
    )
    refused = send(specialist_client, question, "answer", text="Mijn werk", seen=str(seen))
    html = refused.content.decode()
    assert refused.status_code == 422
    assert refused.context["kept_homeless"] == "Mijn werk"
    assert "Mijn werk" in html
    assert "Els" in refused.context["refused"]
    assert [line["entry"].kind for line in refused.context["changed"]] == ["taken", "answered"]
    assert lines(question, Kind.ANSWERED).count() == 1


def test_an_answer_waits_when_the_citizen_replied_unseen(question, specialist, specialist_client):
    answering.ask_citizen(
        escalation=question,
        text="Welke?",
        by=specialist,
        now=timezone.now(),
        client_ref=uuid.uuid4(),
    )
    question.refresh_from_db()
    seen = question.last_seq
    answering.reply(
        escalation=question, text="Laat maar.", now=timezone.now(), client_ref=uuid.uuid4()
    )
    refused = send(specialist_client, question, "answer", text="Antwoord", seen=str(seen))
    assert refused.status_code == 422
    assert "Laat maar." in refused.content.decode()
    assert not lines(question, Kind.ANSWERED).exists()
    assert send(specialist_client, question, "answer", text="Antwoord").status_code == 200
    assert lines(question, Kind.ANSWERED).exists()


def test_what_was_typed_stays_when_a_colleague_has_passed_the_question_on(
    question, housing, colleague, specialist_client
):
    routing.send_to_department(
        escalation=question,
        department=housing,
        by=colleague,
        now=timezone.now(),
        client_ref=uuid.uuid4(),
    )
    refused = send(specialist_client, question, "answer", text="Een heel lang antwoord")
    html = refused.content.decode()
    assert refused.status_code == 404
    assert "Een heel lang antwoord" in html
    assert question.reference not in html
    assert specialist_client.get(page_of(question)).status_code == 404


def test_nobody_closes_over_a_reply_that_came_meanwhile(question, specialist, specialist_client):
    """Closed as unreachable, while the citizen has just written: nobody would read it."""
    now = timezone.now()
    answering.ask_citizen(
        escalation=question, text="Welke?", by=specialist, now=now, client_ref=uuid.uuid4()
    )
    question.refresh_from_db()
    old = {"outcome": "citizen_unreachable", "text": "Geen nieuws.", "seen": question.last_seq}
    answering.reply(escalation=question, text="Hier ben ik.", now=now, client_ref=uuid.uuid4())
    refused = send(specialist_client, question, "close", **old)
    assert refused.status_code == 422
    assert "Geen nieuws." in refused.content.decode()
    assert question.state == State.IN_PROGRESS


def test_closing_an_answered_question_twice_is_once(question, specialist_client):
    send(specialist_client, question, "answer", text="Dat mag.")
    ref = str(uuid.uuid4())
    for _ in range(2):
        assert send(specialist_client, question, "close", ref=ref).status_code == 200
    assert lines(question, Kind.CLOSED).count() == 1


@pytest.mark.parametrize("do", ["ask", "answer", "note", "return"])
@pytest.mark.parametrize("text", ["", " \n", "x" * 5_001])
def test_an_empty_or_endless_text_is_refused_and_kept(question, specialist_client, do, text):
    before = question.last_seq
    refused = send(specialist_client, question, do, text=text)
    assert refused.status_code == 422
    assert text in refused.content.decode()
    assert question.last_seq == before


def test_pass_on_with_a_note_and_return(question, housing, specialist_client):
    send(specialist_client, question, "pass-on", department="wonen", text="Het gaat over huur.")
    assert (question.department, question.state) == (housing, State.ROUTED)
    assert lines(question, Kind.NOTE).get().text == "Het gaat over huur."
    gone = send(specialist_client, question, "return", text="Toch niet")
    assert gone.status_code == 404
    assert question.department == housing


def test_pass_on_to_nobody_is_refused_and_the_note_kept(question, housing, specialist_client):
    housing.email = ""
    housing.save()
    for slug in ("", "bestaat-niet", "wonen", "mobiliteit"):
        refused = send(specialist_client, question, "pass-on", department=slug, text="Lees dit")
        assert refused.status_code == 422
        assert "Lees dit" in refused.content.decode()


def test_returned_and_passed_on_again_by_the_contact_centre(
    question, housing, specialist_client, agent_client
):
    send(specialist_client, question, "return", text="Niet van ons")
    assert (question.state, question.department) == (State.RETURNED, None)
    send(agent_client, question, "pass-on", department="wonen")
    assert (question.state, question.department) == (State.ROUTED, housing)


def test_close_without_answer_needs_an_outcome_and_a_word(question, specialist_client):
    for fields in (
        {"text": "x"},
        {"outcome": "answered", "text": "x"},
        {"outcome": "not_for_city"},
    ):
        assert send(specialist_client, question, "close", **fields).status_code == 422
    send(specialist_client, question, "close", outcome="not_for_city", text="Bel De Lijn.")
    assert (question.state, question.question.outcome) == (State.CLOSED, "not_for_city")


def closed_by(who, question, outcome="not_for_city"):
    answering.close(
        escalation=question,
        outcome=outcome,
        text="Bel De Lijn.",
        by=who,
        now=timezone.now(),
        client_ref=uuid.uuid4(),
    )


def answered_by(who, question):
    answering.answer(
        escalation=question, text="Ja.", by=who, now=timezone.now(), client_ref=uuid.uuid4()
    )


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("close", {"outcome": "not_for_city"}),
        ("close", {"outcome": ""}),
        ("answer", {"outcome": "answered"}),
    ],
)
def test_closed_by_a_colleague_a_moment_earlier_says_who_and_keeps_the_text(
    question, colleague, specialist_client, do, fields
):
    seen = question.last_seq
    closed_by(colleague, question)
    refused = send(specialist_client, question, do, text="Mijn woorden", seen=str(seen), **fields)
    assert refused.status_code == 422
    assert refused.context["kept_homeless"] == "Mijn woorden"
    assert refused.context["refused"].startswith("Els ")
    assert [line["entry"].kind for line in refused.context["changed"]] == ["closed"]
    assert lines(question, Kind.CLOSED).count() == 1


def test_closed_by_the_citizen_a_moment_earlier_says_so(question, colleague, specialist_client):
    answered_by(colleague, question)
    answering.close_satisfied(escalation=question, now=timezone.now())
    refused = send(specialist_client, question, "close")
    assert refused.status_code == 422
    with translation.override("nl"):
        assert refused.context["refused"].startswith(translation.gettext("The citizen"))


def test_an_answer_of_a_colleague_is_not_closed_as_if_there_was_none(
    question, colleague, specialist_client
):
    answered_by(colleague, question)
    refused = send(
        specialist_client, question, "close", outcome="not_for_city", text="Bel De Lijn."
    )
    assert refused.status_code == 422
    assert "Els" in refused.context["refused"]
    assert (question.state, question.question.outcome) == (State.ANSWERED, "answered")
    assert "Bel De Lijn." in refused.content.decode()


def test_close_waits_when_the_citizen_replied_unseen(question, colleague, specialist_client):
    answered_by(colleague, question)
    question.refresh_from_db()
    seen = question.last_seq
    answering.reply(
        escalation=question, text="En zondag?", now=timezone.now(), client_ref=uuid.uuid4()
    )
    refused = send(specialist_client, question, "close", text="Dag!", seen=str(seen))
    assert refused.status_code == 422
    assert "En zondag?" in refused.content.decode()
    assert question.state == State.REOPENED


def test_closing_twice_with_the_same_ref_is_one_line_and_fine(
    question, colleague, specialist_client
):
    answered_by(colleague, question)
    ref = str(uuid.uuid4())
    for _ in range(2):
        assert send(specialist_client, question, "close", ref=ref).status_code == 200
    assert lines(question, Kind.CLOSED).count() == 1


def test_an_answered_question_that_was_opened_again_is_not_closed_as_answered(question, colleague):
    answered_by(colleague, question)
    answering.reply(
        escalation=question, text="En zondag?", now=timezone.now(), client_ref=uuid.uuid4()
    )
    with pytest.raises(RuleBroken, match="not_allowed_now"):
        closed_by(colleague, question, outcome="answered")


def test_who_wants_a_call_is_called_or_was_not_reached(mobility, specialist_client):
    by_phone = Contact(way=Way.PHONE, name="Fatima", phone="0470 12 34 56")
    called, missed = (routed(mobility, contact=by_phone) for _ in range(2))
    assert (
        send(specialist_client, called, "answer", text="x", outcome="answered").status_code == 422
    )
    send(specialist_client, called, "answer", text="Verteld.", outcome="called_back")
    assert (called.state, called.question.outcome) == (State.ANSWERED, "called_back")
    twice = {"text": "3 keer.", "outcome": "citizen_unreachable", "ref": str(uuid.uuid4())}
    for _ in range(2):
        assert send(specialist_client, missed, "answer", **twice).status_code == 200
    assert (missed.state, missed.question.outcome) == (State.CLOSED, "citizen_unreachable")
    assert 'href="tel:0470123456"' in specialist_client.get(page_of(called)).content.decode()


def test_an_agent_may_write_a_note_but_not_answer(question, agent_client):
    assert send(agent_client, question, "note", text="De burger belde.").status_code == 200
    assert send(agent_client, question, "answer", text="Ja").status_code == 422
    assert lines(question, Kind.NOTE).count() == 1
    assert not lines(question, Kind.ANSWERED).exists()


@pytest.mark.parametrize("do", [do for do in Do if do != Do.NOTE])
def test_an_agent_handles_nothing_of_a_department(question, agent_client, do):
    before = question.last_seq
    assert send(agent_client, question, do, text="x", outcome="not_for_city").status_code == 422
    assert question.last_seq == before


@pytest.mark.parametrize("do", Do)
def test_a_specialist_of_another_department_finds_nothing(question, make_user, do):
    other = make_user("Wout", "specialist")
    make_department("wonen", other)
    client = logged_in(other)
    assert client.get(page_of(question)).status_code == 404
    assert send(client, question, do, text="x").status_code == 404


def test_the_other_doors(question, citizen, stranger_client, desk_clerk_client, specialist_client):
    address = page_of(question)
    assert citizen.get(address).status_code == 302
    for client in (stranger_client, desk_clerk_client):
        assert client.get(address).status_code == 403
        assert client.post(address, {"do": "take"}).status_code == 403
    assert specialist_client.put(address).status_code == 405
    nowhere = reverse("question-detail", args=[uuid.uuid4()])
    assert specialist_client.get(nowhere).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"do": "x"}, {"ref": "x"}, {"seen": "x"}, {"seen": ""}, {"colleague": "x"}, {"ref": "\x00"}],
)
def test_a_malformed_send_changes_nothing_and_keeps_the_text(question, specialist_client, wrong):
    before = question.last_seq
    fields = {"do": "note", "text": "Bewaar mij", **wrong}
    refused = send(specialist_client, question, fields.pop("do"), **fields)
    assert refused.status_code == 422
    assert "Bewaar mij" in refused.content.decode()
    assert question.last_seq == before


def test_a_ready_answer_is_inserted_without_scripts(question, specialist_client, monkeypatch):
    monkeypatch.setattr(READY_ANSWERS, "_items", {"x": lambda: [ReadyText("uren", "Uren", "9–12")]})
    page = send(specialist_client, question, "insert", text="Dag,", ready="uren")
    assert "Dag,\n\n9–12" in page.content.decode()
    assert not lines(question, Kind.ANSWERED).exists()


def test_what_the_citizen_sees_is_marked_and_words_of_people_are_escaped(
    mobility, specialist_client
):
    question = routed(mobility, text="<script>alert(1)</script>")
    send(specialist_client, question, "note", text="<b>intern</b>")
    page = specialist_client.get(page_of(question))
    public = {line["entry"].kind: line["is_public"] for line in page.context["course"]}
    assert public == {"asked": True, "routed": True, "note": False}
    assert "<script>alert" not in page.content.decode()
    assert "<b>intern" not in page.content.decode()


def test_a_new_question_without_department_is_passed_on_by_an_agent(housing, agent_client):
    question = passed_on(None)
    html = agent_client.get(page_of(question)).content.decode()
    assert 'value="pass-on"' in html
    assert 'value="answer"' not in html
    send(agent_client, question, "pass-on", department="wonen")
    assert question.department == housing


def test_the_course_has_its_days_in_dutch_and_the_citizen_is_a_burger(mobility, specialist_client):
    at = datetime(2026, 11, 2, 9, 30, tzinfo=BRUSSELS)
    page = specialist_client.get(page_of(routed(mobility, now=at)))
    assert "2 november 09.30</time>" in page.content.decode()
    assert "inwoner" not in page.content.decode().casefold()


@pytest.mark.parametrize(
    ("way", "contact", "warns"),
    [
        (Way.CHAT, {"phone": "0470 12 34 56"}, True),
        (Way.CHAT, {"phone": "0470 12 34 56", "mail": "fatima@burger.example"}, False),
        (Way.CHAT, {"mail": "fatima@burger.example"}, False),
        (Way.PHONE, {"phone": "0470 12 34 56"}, False),
        (Way.MAIL, {"mail": "fatima@burger.example"}, False),
    ],
)
def test_who_gets_nothing_when_the_chat_is_closed_must_be_called(
    mobility, colleague, specialist_client, way, contact, warns
):
    question = routed(mobility, contact=Contact(way=way, **contact))
    sentence = translation.gettext(
        "If the chat is closed, the citizen does not get this answer by itself: call."
    )
    page = specialist_client.get(page_of(question)).content.decode()
    assert (sentence in page) == warns
    handling.take(escalation=question, by=colleague, now=timezone.now())
    assert sentence not in specialist_client.get(page_of(question)).content.decode()
