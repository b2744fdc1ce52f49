"""Sends that coincide, in real threads."""

import uuid
from collections import Counter
from functools import partial

import pytest
from django.db import connection, transaction

from chat.actions.availability import hear
from chat.models import Conversation, Message
from chat.testing import world
from chat.testing.world import after, agent_says, citizen_says
from common.models import Event
from common.testing.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chat(open_chat, agent):
    return world.a_chat_with(agent)


def test_the_same_send_on_two_connections_is_one_message(chat):
    for n in range(5):
        ref = uuid.uuid4()
        send = partial(citizen_says, chat, "hallo", after(10 * n), ref)
        found = at_once(send, send)
        assert found[0].seq == found[1].seq, found
        assert Message.objects.filter(client_ref=ref).count() == 1
    assert world.seqs(chat) == list(range(1, 8))
    assert Event.objects.filter(kind="chat.message").count() == 6


def test_different_sends_at_once_get_numbers_without_holes(chat, agent):
    sends = [partial(citizen_says, chat, f"c{n}", after(1)) for n in range(3)]
    sends += [partial(agent_says, chat, agent, f"a{n}", after(1)) for n in range(3)]
    found = at_once(*sends)
    assert Counter(stored.seq for stored in found) == Counter(range(3, 9))
    assert world.seqs(chat) == list(range(1, 9))
    stored = {row.seq: row.text for row in Message.objects.filter(conversation=chat)}
    assert all(stored[one.seq] == one.payload["text"] for one in found)


def test_too_many_sends_at_once_pass_no_more_than_the_limit(chat):
    for n in range(17):
        citizen_says(chat, f"{n}", after(1))
    found = at_once(*[partial(citizen_says, chat, f"x{n}", after(1)) for n in range(6)])
    assert Counter(one == "too_fast" for one in found) == {False: 3, True: 3}
    assert world.seqs(chat) == list(range(1, 23))


def test_two_first_answers_at_once_are_one_event(chat, agent):
    at_once(*[partial(agent_says, chat, agent, f"{n}", after(n)) for n in range(2)])
    assert Event.objects.filter(kind="chat.first_answer").count() == 1


def test_the_same_start_on_two_connections_is_one_conversation(open_chat):
    token, ref = world.new_token(), uuid.uuid4()
    start = partial(world.a_chat, token=token, client_ref=ref)
    first, second = at_once(start, start)
    assert first.pk == second.pk
    assert world.seqs(first) == [1]
    assert world.events_of(first) == ["chat.queued", "chat.message"]


def test_a_sign_of_life_waits_for_nobody_who_writes(open_chat, agent):
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("SQLite has one writer at a time, so nobody waits halfway")
    busy, quiet = world.a_chat_with(agent), world.a_chat()
    with transaction.atomic():
        Conversation.objects.select_for_update().get(pk=busy.pk)
        stamp = partial(hear, agent_ids=set(), citizen_conversation_ids={busy.pk, quiet.pk})
        assert at_once(partial(stamp, now=after(60))) == [None]
    busy.refresh_from_db()
    quiet.refresh_from_db()
    assert quiet.citizen_seen_at == after(60)
    assert busy.citizen_seen_at < after(60)
