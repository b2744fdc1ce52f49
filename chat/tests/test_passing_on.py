"""A question of a chat goes to a department; its citizen saw it, and reads the answer there."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from chat import access, events
from chat.actions import closing, passing, passing_on, queueing
from chat.models import ChatRules, Conversation
from chat.testing import world
from common import realtime
from common.errors import RuleBroken
from common.models import Event
from questions import links
from questions.actions import answering, routing
from questions.actions.registering import Contact, PassedOn
from questions.models import Escalation, Question
from questions.states import Way
from questions.testing.rows import make_department

pytestmark = pytest.mark.django_db
TEXT = "Mag ik voor mijn deur parkeren?"
MAIL = "fatima@burger.example"


@pytest.fixture
def mobility(specialist):
    return make_department("mobiliteit", specialist)


@pytest.fixture
def chat(open_chat, agent):
    return world.a_chat_with(agent, text=TEXT)


def passed(conversation, department, text=TEXT, **fields):
    given = {
        "client_ref": uuid.uuid4(),
        "channel": Question.Channel.CHAT,
        "text": text,
        "contact": Contact(way=Way.CHAT, mail=MAIL),
        "department": department,
        "language": conversation.language,
        "origin": passing_on.origin_of(conversation),
    }
    return PassedOn(**{**given, **fields})


def shown(conversation, agent, department, text=TEXT):
    words = passing_on.proposal(text=text, department=department, language=conversation.language)
    world.agent_says(conversation, agent, words)


def pass_on(conversation, agent, asked):
    return passing_on.pass_question_on(
        conversation=conversation, agent=agent, passed=asked, now=world.NOW
    )


@pytest.fixture
def escalation(chat, agent, mobility):
    """Shown, passed on, and with the department."""
    shown(chat, agent, mobility)
    found = pass_on(chat, agent, passed(chat, mobility))
    routing.route_chosen(escalation=found, now=world.NOW)
    found.refresh_from_db()
    return found


def answered(escalation, by, text="Ja, met een kaart.", ref=None, now=world.NOW, **more):
    return answering.answer(
        escalation=escalation, text=text, by=by, now=now, client_ref=ref or uuid.uuid4(), **more
    )


def last(conversation):
    return conversation.messages.order_by("seq").last()


# --- passing on ---------------------------------------------------------------------------------


def test_the_citizen_reads_promise_reference_and_link(chat, agent, mobility):
    shown(chat, agent, mobility)
    escalation = pass_on(chat, agent, passed(chat, mobility))
    told = last(chat)
    assert told.text.startswith(
        "Uw vraag is doorgestuurd naar de dienst Mobiliteit. U krijgt antwoord ten laatste op"
    )
    assert escalation.reference in told.text
    assert links.url_of(escalation) in told.text
    assert (told.author, told.agent_name) == ("agent", "Anke")
    assert world.fresh(chat).state == "active"
    assert escalation.question.channel == "chat"


def test_contact_data_stay_out_of_the_chat(chat, agent, mobility):
    shown(chat, agent, mobility)
    contact = Contact(way=Way.PHONE, name="Fatima El Amrani", mail=MAIL, phone="0470 12 34 56")
    pass_on(chat, agent, passed(chat, mobility, contact=contact))
    said = " ".join(world.texts(chat))
    assert not [secret for secret in ("Fatima", MAIL, "0470") if secret in said]


@pytest.mark.parametrize("change", ["text", "department", "nothing_shown", "by_citizen"])
def test_what_the_citizen_did_not_see_does_not_go(chat, agent, mobility, change):
    other = make_department("wonen")
    if change == "by_citizen":  # the citizen's own words prove nothing
        words = passing_on.proposal(text=TEXT, department=mobility, language="nl")
        world.citizen_says(chat, words)
    elif change != "nothing_shown":
        shown(chat, agent, mobility)
    asked = passed(
        chat,
        other if change == "department" else mobility,
        text="Iets anders" if change == "text" else TEXT,
    )
    with pytest.raises(RuleBroken, match="not_shown"):
        pass_on(chat, agent, asked)
    assert not Question.objects.exists()


def test_the_second_send_with_the_same_ref_is_one_question_and_one_message(chat, agent, mobility):
    shown(chat, agent, mobility)
    asked = passed(chat, mobility)
    first = pass_on(chat, agent, asked)
    closing.end_by_citizen(conversation=chat, now=world.NOW)
    assert pass_on(world.fresh(chat), agent, asked) == first
    assert sum(first.reference in text for text in world.texts(chat)) == 1


def test_who_has_lost_the_chat_passes_nothing_on(chat, agent, mobility, second_agent):
    shown(chat, agent, mobility)
    with pytest.raises(RuleBroken, match="not_found"):
        pass_on(chat, second_agent, passed(chat, mobility))
    closing.end_by_citizen(conversation=chat, now=world.NOW)
    with pytest.raises(RuleBroken, match="conversation_closed"):
        pass_on(world.fresh(chat), agent, passed(chat, mobility))
    assert not Question.objects.exists()


def test_a_colleague_goes_on_with_what_was_shown(chat, agent, mobility, second_agent):
    shown(chat, agent, mobility)
    world.is_there(second_agent)
    passing.transfer(conversation=chat, by=agent, to=second_agent.public_id, note="", now=world.NOW)
    escalation = pass_on(world.fresh(chat), second_agent, passed(chat, mobility))
    assert escalation.question.registered_by == second_agent


def test_an_english_citizen_reads_english(open_chat, agent, mobility):
    chat = world.a_chat_with(agent, text="May I park here?", language="en")
    mobility.name_en = "Mobility"
    mobility.save()
    shown(chat, agent, mobility, text="May I park here?")
    assert "department Mobility" in last(chat).text
    pass_on(chat, agent, passed(chat, mobility, text="May I park here?"))
    assert "Your question was passed on to the department Mobility." in last(chat).text


def test_closing_the_conversation_afterwards_works_as_always(chat, agent, escalation):
    closing.close_by_agent(conversation=world.fresh(chat), topic=world.a_topic(), now=world.NOW)
    assert world.fresh(chat).close_reason == "agent"
    escalation.refresh_from_db()
    assert escalation.question.outcome == ""


# --- what comes back ------------------------------------------------------------------------------


def test_the_answer_comes_into_the_open_chat(chat, escalation, specialist):
    before = world.seqs(chat)[-1]
    answered(escalation, specialist)
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
    monkeypatch.setattr("questions.actions.course.wake", lambda: None)
    with django_capture_on_commit_callbacks() as rings:
        answered(escalation, specialist)
    _, bells = realtime.collected(lambda: [ring() for ring in rings])
    [(group, bell)] = [one for one in bells if one[1]["type"] == "chat.message"]
    assert group == events.conversation_group(chat.public_id)
    assert bell["message"]["name"] == "Dirk van de dienst Mobiliteit"
    assert bell["head"]["seq"] == bell["message"]["seq"] == last(chat).seq


def test_a_client_without_a_socket_reads_it_too(chat, escalation, specialist, client):
    token = world.new_token()
    Conversation.objects.filter(pk=chat.pk).update(token_hash=access.hashed(token))
    answered(escalation, specialist)
    hello = {"type": "hello", "v": 1, "token": token, "after": last(chat).seq - 1}
    sent = {"frames": [hello]}
    answer = client.post(reverse("chat-frames"), sent, content_type="application/json")
    [message] = answer.json()["frames"][0]["messages"]
    assert message["name"] == "Dirk van de dienst Mobiliteit"
    assert "Ja, met een kaart." in message["text"]


def test_the_same_answer_sent_twice_is_one_message(chat, escalation, specialist):
    ref = uuid.uuid4()
    for _ in range(2):
        answered(escalation, specialist, ref=ref)
    assert sum("Ja, met een kaart." in text for text in world.texts(chat)) == 1


def test_a_question_back_comes_too_and_the_answer_after_it(chat, escalation, specialist):
    answering.ask_citizen(
        escalation=escalation,
        text="Welke straat?",
        by=specialist,
        now=world.NOW,
        client_ref=uuid.uuid4(),
    )
    assert "Welke straat?" in last(chat).text
    answered(escalation, specialist)
    assert "Ja, met een kaart." in last(chat).text
    assert world.seqs(chat) == list(range(1, world.fresh(chat).last_seq + 1))


def test_the_chat_stays_with_its_agent_who_still_owes_the_answer(
    chat, agent, escalation, specialist
):
    world.citizen_says(chat, "Bent u er nog?")
    answered(escalation, specialist)
    found = world.fresh(chat)
    assert (found.agent, found.last_author) == (agent, "citizen")
    assert found.last_text_at == world.NOW


def test_a_citizen_who_was_asked_if_there_gets_time_to_read(chat, agent, escalation, specialist):
    later = world.NOW + timedelta(minutes=30)
    closing.ask_silent_citizens(now=later, rules=ChatRules.current())
    assert world.fresh(chat).silence_ends_at
    answered(escalation, specialist, now=later + timedelta(seconds=10))
    assert world.fresh(chat).silence_ends_at is None
    assert closing.close_silent(now=later + timedelta(hours=1), rules=ChatRules.current()) == 0


def test_a_closed_chat_stays_as_it_is(chat, escalation, specialist):
    closing.end_by_citizen(conversation=world.fresh(chat), now=world.NOW)
    before = world.seqs(chat)
    answered(escalation, specialist)
    assert world.seqs(chat) == before
    assert escalation.steps.filter(kind="answer").exists()


def test_a_chat_that_is_continued_gets_what_comes_from_then_on(chat, agent, escalation, specialist):
    closing.ask_silent_citizens(now=world.after(3_600), rules=ChatRules.current())
    closing.close_silent(now=world.after(7_000), rules=ChatRules.current())
    answering.ask_citizen(
        escalation=escalation,
        text="Welke straat?",
        by=specialist,
        now=world.after(7_001),
        client_ref=uuid.uuid4(),
    )
    closed = world.fresh(chat)
    assert "Welke straat?" not in " ".join(world.texts(chat))
    world.is_there(agent, world.after(7_100))
    closing.continue_conversation(conversation=closed, now=world.after(7_100))
    answered(escalation, specialist, now=world.after(7_200))  # it waits: nobody has it
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
    answered(escalation, specialist)
    assert last(chat).agent == specialist
    assert world.fresh(chat).agent == second_agent


def test_what_was_told_in_a_call_is_not_said_again(chat, escalation, specialist):
    before = world.seqs(chat)
    answered(escalation, specialist, outcome=Question.Outcome.CALLED_BACK)
    assert world.seqs(chat) == before


def test_a_question_of_another_channel_or_a_removed_chat_disturbs_nobody(
    chat, escalation, specialist
):
    Conversation.objects.filter(pk=chat.pk).delete()
    answered(escalation, specialist)
    Escalation.objects.update(origin="", state="routed", assignee=None)
    escalation.refresh_from_db()
    answered(escalation, specialist)
    assert Escalation.objects.get().state == "answered"


def test_an_answer_that_breaks_leaves_no_message(chat, escalation, specialist):
    from django.db import transaction

    before = world.seqs(chat)
    with transaction.atomic():
        answered(escalation, specialist)
        transaction.set_rollback(True)
    assert world.seqs(chat) == before
    escalation.refresh_from_db()
    assert escalation.state == "routed"


def test_a_long_name_of_a_department_fits(chat, agent, specialist):
    long = make_department("lang", specialist, name="D" * 80)
    specialist.first_name = "N" * 150
    specialist.save()
    shown(chat, agent, long)
    found = pass_on(chat, agent, passed(chat, long))
    routing.route_chosen(escalation=found, now=world.NOW)
    found.refresh_from_db()
    answered(found, specialist)
    last(chat).full_clean(exclude=["card"])
    assert last(chat).agent_name.endswith("D" * 80)


def test_the_history_the_plain_page_and_the_copy_show_the_name(chat, escalation, specialist):
    from chat.history import page_after
    from chat.transcript import as_text

    answered(escalation, specialist)
    shown_last = page_after(chat, 0)["messages"][-1]
    assert shown_last["name"] == "Dirk van de dienst Mobiliteit"
    assert "Dirk van de dienst Mobiliteit, " in as_text(chat)


# --- the door -----------------------------------------------------------------------------------


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
    shown(chat, agent, mobility)
    answer = agent_client.post(door, fields())
    assert answer.status_code == 200
    escalation = Escalation.objects.get()
    body = answer.json()
    assert body["reference"] == escalation.reference
    line = body["passed_on"][0]
    assert line["reference"] == escalation.reference
    assert line["facts"].startswith("Mobiliteit, nieuw, beloofd voor ")
    assert line["url"] == reverse("question-detail", args=[escalation.question.public_id])
    assert agent_client.get(door).json() == {"passed_on": body["passed_on"]}


def test_a_double_send_is_one_question(door, chat, agent, agent_client, mobility):
    shown(chat, agent, mobility)
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
    shown(chat, agent, mobility)
    before = world.seqs(chat)
    answer = agent_client.post(door, fields(**wrong))
    assert answer.status_code == 400
    error = answer.json()
    assert (error["type"], error["code"], error["field"]) == ("error", code, field)
    assert error["text"]
    assert not Question.objects.exists()
    assert world.seqs(chat) == before


def test_a_department_without_a_mailbox_is_refused(door, chat, agent, agent_client, mobility):
    mobility.email = ""
    mobility.save()
    shown(chat, agent, mobility)
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
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as found:
            agent_client.get(door)
        return len(found)

    shown(chat, agent, mobility)
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
