"""A question of a chat goes to a department; its citizen has seen it first."""

import pytest

from chat.actions import closing, passing, passing_on
from chat.testing import world
from chat.testing.passed_on import MAIL, TEXT, last, pass_on, passed, show
from common.errors import RuleBroken
from questions import links
from questions.actions.registering import Contact
from questions.models import Question
from questions.states import Way
from questions.testing.rows import make_department

pytestmark = pytest.mark.django_db


def test_the_citizen_reads_promise_reference_and_link(chat, agent, mobility):
    show(chat, agent, mobility)
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
    show(chat, agent, mobility)
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
        show(chat, agent, mobility)
    asked = passed(
        chat,
        other if change == "department" else mobility,
        text="Iets anders" if change == "text" else TEXT,
    )
    with pytest.raises(RuleBroken, match="not_shown"):
        pass_on(chat, agent, asked)
    assert not Question.objects.exists()


def test_the_second_send_with_the_same_ref_is_one_question_and_one_message(chat, agent, mobility):
    show(chat, agent, mobility)
    asked = passed(chat, mobility)
    first = pass_on(chat, agent, asked)
    closing.end_by_citizen(conversation=chat, now=world.NOW)
    assert pass_on(world.fresh(chat), agent, asked) == first
    assert sum(first.reference in text for text in world.texts(chat)) == 1


def test_who_has_lost_the_chat_passes_nothing_on(chat, agent, mobility, second_agent):
    show(chat, agent, mobility)
    with pytest.raises(RuleBroken, match="not_found"):
        pass_on(chat, second_agent, passed(chat, mobility))
    closing.end_by_citizen(conversation=chat, now=world.NOW)
    with pytest.raises(RuleBroken, match="conversation_closed"):
        pass_on(world.fresh(chat), agent, passed(chat, mobility))
    assert not Question.objects.exists()


def test_a_colleague_goes_on_with_what_was_shown(chat, agent, mobility, second_agent):
    show(chat, agent, mobility)
    world.is_there(second_agent)
    passing.transfer(conversation=chat, by=agent, to=second_agent.public_id, note="", now=world.NOW)
    escalation = pass_on(world.fresh(chat), second_agent, passed(chat, mobility))
    assert escalation.question.registered_by == second_agent


def test_an_english_citizen_reads_english(open_chat, agent, mobility):
    chat = world.a_chat_with(agent, text="May I park here?", language="en")
    mobility.name_en = "Mobility"
    mobility.save()
    show(chat, agent, mobility, text="May I park here?")
    assert "department Mobility" in last(chat).text
    pass_on(chat, agent, passed(chat, mobility, text="May I park here?"))
    assert "Your question was passed on to the department Mobility." in last(chat).text


def test_closing_the_conversation_afterwards_works_as_always(chat, agent, escalation):
    closing.close_by_agent(conversation=world.fresh(chat), topic=world.a_topic(), now=world.NOW)
    assert world.fresh(chat).close_reason == "agent"
    escalation.refresh_from_db()
    assert escalation.question.outcome == ""
