"""What a department answers comes into the conversation where it was asked."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from chat import access, events
from chat.actions import closing, department, queueing
from chat.history import page_after
from chat.models import ChatRules, Conversation
from chat.testing import world
from chat.testing.passed_on import answer, ask_back, last, pass_on, passed, show
from chat.transcript import as_text
from common import realtime
from common.errors import RuleBroken
from common.models import Event
from questions import links
from questions.actions import routing
from questions.actions.registering import Contact
from questions.models import Escalation, Question
from questions.states import State, Way
from questions.testing.rows import make_department

pytestmark = pytest.mark.django_db


def test_the_answer_comes_into_the_open_chat(chat, escalation, specialist):
    before = world.seqs(chat)[-1]
    answer(escalation, specialist)
    message = last(chat)
    assert message.seq == before + 1
    assert message.seq == world.fresh(chat).last_seq
    assert message.agent_name == "Dirk van de dienst Mobiliteit"
    assert message.text.startswith(f"Antwoord op uw vraag {escalation.reference}:")
    assert "Ja, met een kaart." in message.text
    assert message.text.endswith(links.url_of(escalation))
    assert Event.objects.filter(kind="chat.department", actor=specialist.pk).count() == 1


def test_both_sides_hear_it_after_the_commit(
    chat, escalation, specialist, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr("common.background.wake", lambda task: None)
    with django_capture_on_commit_callbacks() as rings:
        answer(escalation, specialist)
    _, bells = realtime.collected(lambda: [ring() for ring in rings])
    [(group, bell)] = [one for one in bells if one[1]["type"] == "chat.message"]
    assert group == events.conversation_group(chat.public_id)
    assert bell["message"]["name"] == "Dirk van de dienst Mobiliteit"
    assert bell["head"]["seq"] == bell["message"]["seq"] == last(chat).seq


def test_a_client_without_a_socket_reads_it_too(chat, escalation, specialist, client):
    token = world.new_token()
    Conversation.objects.filter(pk=chat.pk).update(token_hash=access.hashed(token))
    answer(escalation, specialist)
    hello = {"type": "hello", "v": 1, "token": token, "after": last(chat).seq - 1}
    sent = {"frames": [hello]}
    told = client.post(reverse("chat-frames"), sent, content_type="application/json")
    [message] = told.json()["frames"][0]["messages"]
    assert message["name"] == "Dirk van de dienst Mobiliteit"
    assert "Ja, met een kaart." in message["text"]


def test_the_same_answer_sent_twice_is_one_message(chat, escalation, specialist):
    ref = uuid.uuid4()
    for _ in range(2):
        answer(escalation, specialist, ref=ref)
    assert sum("Ja, met een kaart." in text for text in world.texts(chat)) == 1


def test_the_same_line_heard_twice_is_one_message(chat, escalation, specialist):
    entry = answer(escalation, specialist)
    before = world.seqs(chat)
    escalation.refresh_from_db()
    said = department.say_answer(escalation=escalation, entry=entry, now=world.NOW)
    assert (said, world.seqs(chat)) == (False, before)


def test_a_question_back_comes_too_and_the_answer_after_it(chat, escalation, specialist):
    ask_back(escalation, specialist)
    assert "Welke straat?" in last(chat).text
    answer(escalation, specialist)
    assert "Ja, met een kaart." in last(chat).text
    assert world.seqs(chat) == list(range(1, world.fresh(chat).last_seq + 1))


def test_the_chat_stays_with_its_agent_who_still_owes_the_answer(
    chat, agent, escalation, specialist
):
    world.citizen_says(chat, "Bent u er nog?")
    answer(escalation, specialist)
    found = world.fresh(chat)
    assert (found.agent, found.last_author) == (agent, "citizen")
    assert found.last_text_at == world.NOW


def test_a_citizen_who_was_asked_if_there_gets_time_to_read(chat, agent, escalation, specialist):
    later = world.NOW + timedelta(minutes=30)
    closing.ask_silent_citizens(now=later, rules=ChatRules.current())
    assert world.fresh(chat).silence_ends_at
    answer(escalation, specialist, now=later + timedelta(seconds=10))
    assert world.fresh(chat).silence_ends_at is None
    assert closing.close_silent(now=later + timedelta(hours=1), rules=ChatRules.current()) == 0


def test_a_closed_chat_stays_as_it_is(chat, escalation, specialist):
    closing.end_by_citizen(conversation=world.fresh(chat), now=world.NOW)
    before = world.seqs(chat)
    answer(escalation, specialist)
    assert world.seqs(chat) == before
    assert escalation.steps.filter(kind="answer").exists()


def test_a_chat_that_is_continued_gets_what_comes_from_then_on(chat, agent, escalation, specialist):
    closing.ask_silent_citizens(now=world.after(3_600), rules=ChatRules.current())
    closing.close_silent(now=world.after(7_000), rules=ChatRules.current())
    ask_back(escalation, specialist, now=world.after(7_001))
    closed = world.fresh(chat)
    assert "Welke straat?" not in " ".join(world.texts(chat))
    world.is_there(agent, world.after(7_100))
    closing.continue_conversation(conversation=closed, now=world.after(7_100))
    answer(escalation, specialist, now=world.after(7_200))  # it waits: nobody has it
    assert world.fresh(chat).state == "waiting"
    assert "Ja, met een kaart." in last(chat).text


def test_a_chat_that_a_colleague_has_now_gets_the_answer(
    chat, agent, escalation, specialist, second_agent
):
    queueing.return_to_queue(
        conversation=world.fresh(chat),
        reason="agent_returned",
        now=world.NOW,
        rules=ChatRules.current(),
    )
    queueing.claim(conversation=world.fresh(chat), agent=second_agent, now=world.NOW)
    answer(escalation, specialist)
    assert last(chat).agent == specialist
    assert world.fresh(chat).agent == second_agent


def test_what_was_told_in_a_call_is_not_said_again(chat, escalation, specialist):
    before = world.seqs(chat)
    answer(escalation, specialist, outcome=Question.Outcome.CALLED_BACK)
    assert world.seqs(chat) == before


def test_a_question_of_another_channel_or_a_removed_chat_disturbs_nobody(
    chat, escalation, specialist
):
    Conversation.objects.filter(pk=chat.pk).delete()
    answer(escalation, specialist)
    Escalation.objects.update(origin="", state="routed", assignee=None)
    escalation.refresh_from_db()
    answer(escalation, specialist)
    assert Escalation.objects.get().state == "answered"


def test_an_answer_that_breaks_leaves_no_message(chat, escalation, specialist):
    before = world.seqs(chat)
    with transaction.atomic():
        answer(escalation, specialist)
        transaction.set_rollback(True)
    assert world.seqs(chat) == before
    escalation.refresh_from_db()
    assert escalation.state == "routed"


def test_a_long_name_of_a_department_fits(chat, agent, specialist):
    long = make_department("lang", specialist, name="D" * 80)
    specialist.first_name = "N" * 60
    specialist.save()
    show(chat, agent, long)
    found = pass_on(chat, agent, passed(chat, long))
    routing.route_chosen(escalation=found, now=world.NOW)
    found.refresh_from_db()
    answer(found, specialist)
    last(chat).full_clean(exclude=["card"])
    assert last(chat).agent_name.endswith("D" * 80)


def test_the_history_the_plain_page_and_the_copy_show_the_name(
    chat, escalation, specialist, client
):
    answer(escalation, specialist)
    shown_last = page_after(chat, 0)["messages"][-1]
    assert shown_last["name"] == "Dirk van de dienst Mobiliteit"
    assert "Dirk van de dienst Mobiliteit, " in as_text(chat)
    token = world.new_token()
    Conversation.objects.filter(pk=chat.pk).update(token_hash=access.hashed(token))
    client.cookies["chat_token_nl"] = token
    assert "Dirk van de dienst Mobiliteit," in client.get(reverse("chat-page")).content.decode()


@pytest.fixture
def only_to_call(chat, agent, mobility):
    show(chat, agent, mobility)
    contact = Contact(way=Way.CHAT, phone="0470 12 34 56")
    asked = pass_on(chat, agent, passed(chat, mobility, contact=contact))
    routing.route_chosen(escalation=asked, now=world.NOW)
    return asked


def test_without_mail_the_open_chat_brings_it(chat, only_to_call, specialist):
    ask_back(only_to_call, specialist)
    answer(only_to_call, specialist)
    assert "Ja, met een kaart." in last(chat).text


def test_when_the_chat_is_over_and_there_is_no_mail_the_citizen_is_called(
    chat, only_to_call, specialist
):
    """Else the answer would count as given, and nobody would ever read it."""
    closing.end_by_citizen(conversation=world.fresh(chat), now=world.NOW)
    for say in (ask_back, answer):
        with pytest.raises(RuleBroken, match="no_mail_to_ask"):
            say(only_to_call, specialist)
        assert Escalation.objects.get(pk=only_to_call.pk).state == State.ROUTED
    answer(only_to_call, specialist, outcome=Question.Outcome.CALLED_BACK)
    assert Escalation.objects.get(pk=only_to_call.pk).state == State.ANSWERED
