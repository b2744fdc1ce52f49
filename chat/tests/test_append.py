"""Storing a text: its number, its event, and who may."""

import uuid

import pytest

from chat.actions import closing, queueing, writing
from chat.models import Conversation, Message
from chat.states import Reason
from chat.testing import world
from chat.testing.world import after, agent_says, citizen_says
from common.errors import RuleBroken
from common.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def chat(open_chat, agent):
    return world.a_chat_with(agent)


def refusal(call, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return broken.value


def test_texts_of_both_sides_are_numbered_without_holes(chat, agent):
    for n in range(5):
        citizen_says(chat, f"vraag {n}", after(10 * n))
        agent_says(chat, agent, f"antwoord {n}", after(10 * n + 5))
    assert world.seqs(chat) == list(range(1, 13))
    assert world.fresh(chat).last_seq == 12


def test_second_send_with_same_ref_is_one_message(chat, agent):
    ref = uuid.uuid4()
    first = citizen_says(chat, "een", after(1), ref)
    again = citizen_says(chat, "een", after(99), ref)
    assert (again.seq, again.at, again.payload) == (first.seq, after(1), None)
    assert world.texts(chat)[1:] == ["een"]

    first = agent_says(chat, agent, "twee", after(2), ref := uuid.uuid4())
    assert agent_says(chat, agent, "twee", after(99), ref).seq == first.seq
    assert world.seqs(chat) == [1, 2, 3, 4]


def test_a_repeated_send_is_acknowledged_after_the_end(chat, agent):
    ref, agent_ref = uuid.uuid4(), uuid.uuid4()
    first = citizen_says(chat, "een", after(1), ref)
    answer = agent_says(chat, agent, "twee", after(2), agent_ref)
    closing.end_by_citizen(conversation=world.fresh(chat), now=after(3))
    assert citizen_says(chat, "een", after(4), ref).seq == first.seq
    assert agent_says(chat, agent, "twee", after(4), agent_ref).seq == answer.seq


def test_the_same_ref_in_two_conversations_is_two_messages(chat):
    other, ref = world.a_chat(), uuid.uuid4()
    citizen_says(chat, "een", after(1), ref)
    citizen_says(other, "een", after(1), ref)
    assert Message.objects.filter(client_ref=ref).count() == 2


def test_each_text_writes_one_event_without_its_words(chat, agent):
    citizen_says(chat, "geheim", after(1))
    agent_says(chat, agent, "geheim", after(2))
    texts = Event.objects.filter(kind="chat.message", subject=chat.public_id).order_by("pk")
    assert [(row.at, row.actor, row.details) for row in texts] == [
        (world.NOW, None, {"author": "citizen"}),
        (after(1), None, {"author": "citizen"}),
        (after(2), agent.pk, {"author": "agent"}),
    ]


def test_the_first_answer_is_one_event_whoever_answers_later(chat, agent, second_agent):
    agent_says(chat, agent, now=after(1))
    agent_says(chat, agent, now=after(2))
    world_rules = world.rules()
    queueing.return_to_queue(
        conversation=world.fresh(chat),
        reason=Reason.AGENT_RETURNED,
        now=after(3),
        rules=world_rules,
    )
    queueing.claim(conversation=world.fresh(chat), agent=second_agent, now=after(4))
    agent_says(chat, second_agent, now=after(5))
    rows = Event.objects.filter(kind="chat.first_answer", subject=chat.public_id)
    assert [(row.at, row.actor, row.details) for row in rows] == [(after(1), agent.pk, {})]
    stored = world.fresh(chat)
    assert (stored.first_answered_at, stored.owner_answered_at) == (after(1), after(5))


def test_a_stored_text_reads_back_through_the_orm(chat, agent):
    ref = uuid.uuid4()
    agent_says(chat, agent, "Ja: 100 % 🎉 %(id)s {x}", after(1), ref)
    row = Message.objects.get(client_ref=ref)
    assert (row.text, row.author, row.kind) == ("Ja: 100 % 🎉 %(id)s {x}", "agent", "text")
    assert (row.agent, row.agent_name, row.stored_at) == (agent, "Anke", after(1))
    assert world.fresh(chat).last_text_at == after(1)


@pytest.mark.parametrize("end", ["closed", "abandoned"])
def test_an_ended_conversation_takes_no_text(chat, agent, end):
    Conversation.objects.filter(pk=chat.pk).update(state=end, agent=None)
    assert refusal(citizen_says, chat).code == "conversation_closed"
    assert refusal(agent_says, chat, agent).code == "conversation_closed"
    assert world.seqs(chat) == [1, 2]


def test_a_colleague_and_a_supervisor_cannot_write_in_it(chat, second_agent, supervisor):
    for other in (second_agent, supervisor):
        assert refusal(agent_says, chat, other).code == "not_found"


def test_a_colleagues_ended_conversation_looks_like_none(chat, second_agent):
    closing.end_by_citizen(conversation=chat, now=after(1))
    assert refusal(agent_says, chat, second_agent).code == "not_found"


def test_a_colleague_cannot_ask_for_anothers_acknowledgement(chat, agent, second_agent):
    ref = uuid.uuid4()
    agent_says(chat, agent, "een", after(1), ref)
    assert refusal(agent_says, chat, second_agent, "een", after(2), ref).code == "not_found"


def test_nobody_writes_for_the_agent_while_it_waits(open_chat, agent):
    waiting = world.a_chat()
    assert refusal(agent_says, waiting, agent).code == "not_found"
    assert world.seqs(waiting) == [1]


def test_an_agent_whose_role_is_gone_stores_nothing(chat, agent):
    agent.role_grants.all().delete()
    assert refusal(agent_says, chat, agent).code == "not_allowed"
    agent.role_grants.create(role="specialist")
    assert refusal(agent_says, chat, agent).code == "not_allowed"
    assert world.seqs(chat) == [1, 2]


def test_an_inactive_agent_stores_nothing(chat, agent):
    type(agent).objects.filter(pk=agent.pk).update(is_active=False)
    assert refusal(agent_says, chat, agent).code == "not_allowed"


def test_a_supervisor_who_took_it_may_write(open_chat, supervisor):
    assert agent_says(world.a_chat_with(supervisor), supervisor).seq == 3


def test_a_refused_text_leaves_no_trace(chat, second_agent):
    before = Event.objects.count()
    refusal(agent_says, chat, second_agent)
    assert Event.objects.count() == before
    assert world.fresh(chat).last_text_at == chat.last_text_at


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b\u200d", "\x00\x07", "\u202e \u2066"])
def test_a_text_that_nobody_can_see_is_refused(chat, text):
    assert refusal(citizen_says, chat, text).code == "text_empty"


def test_control_characters_and_overrides_of_direction_are_left_out():
    dirty = "a\x00b\u202ec\x1b[31m\r\nd\re\tf\u2066g\ud800"
    assert writing.checked_text(dirty) == "abc[31m\nd\ne\tfg"
    assert writing.checked_text("  مرحبا 👩‍👧 \n") == "مرحبا 👩‍👧"


def test_two_thousand_characters_fit_and_one_more_does_not():
    assert len(writing.checked_text("🎉" * 2_000)) == 2_000
    broken = refusal(writing.checked_text, "é" * 2_001)
    assert (broken.code, broken.params) == ("text_too_long", {"limit": 2_000, "length": 2_001})
