"""Files that coincide with files and texts, in real threads."""

import uuid
from collections import Counter
from functools import partial

import pytest
from django.db import connection

from chat.actions import sharing
from chat.models import Message
from chat.testing import world
from chat.testing.files import agent_shares, citizen_shares, contents, places
from chat.testing.world import after, agent_says, citizen_says
from common.errors import RuleBroken
from common.models import Event
from common.testing.races import at_once
from common.testing.uploads import picture, uploaded
from common.uploads.checking import checked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chat(open_chat, agent, disk):
    return world.a_chat_with(agent)


@pytest.fixture
def checked_before(monkeypatch):
    """The check is done, so that the stores themselves meet."""
    clean = checked(uploaded(picture()))
    monkeypatch.setattr(sharing, "checked", lambda upload: clean)


def test_the_same_file_on_two_connections_is_one_message(chat, disk, checked_before):
    for n in range(5):
        ref = uuid.uuid4()
        share = partial(citizen_shares, chat, b"x", after(10 * n), ref=ref)
        first, second = at_once(share, share)
        assert first.payload == second.payload, (first, second)
        assert Message.objects.filter(client_ref=ref).count() == 1
    assert world.seqs(chat) == list(range(1, 8))
    assert contents(disk) == places()
    assert Event.objects.filter(kind="chat.message").count() == 6


def test_a_text_and_a_file_with_one_ref_are_one_message(chat, disk, checked_before):
    for n in range(5):
        ref = uuid.uuid4()
        file, text = at_once(
            partial(citizen_shares, chat, b"x", after(10 * n), ref=ref),
            partial(citizen_says, chat, "hallo", after(10 * n), ref),
        )
        assert file.seq == text.seq
    assert contents(disk) == places()
    assert world.seqs(chat) == list(range(1, 8))


def test_files_and_texts_at_once_get_numbers_without_holes(chat, agent, disk, checked_before):
    sends = [partial(citizen_shares, chat, b"x", after(1)) for _ in range(2)]
    sends += [partial(agent_shares, chat, agent, b"x", after(1)) for _ in range(2)]
    sends += [partial(citizen_says, chat, "c", after(1)), partial(agent_says, chat, agent)]
    found = at_once(*sends)
    assert Counter(stored.seq for stored in found) == Counter(range(3, 9))
    assert world.seqs(chat) == list(range(1, 9))
    assert contents(disk) == places()
    assert len(places()) == 4


def test_two_last_files_at_once_are_one_too_many(chat, disk, checked_before, monkeypatch):
    monkeypatch.setattr(sharing, "MAX_FILES", 2)
    citizen_shares(chat, b"x")
    found = at_once(*[partial(citizen_shares, chat, b"x", after(1)) for _ in range(3)])
    assert Counter(one == "too_many_files" for one in found) == {True: 2, False: 1}
    assert world.seqs(chat) == [1, 2, 3, 4]
    assert contents(disk) == places()


def test_files_that_are_really_checked_at_once_all_arrive(chat, agent, disk):
    found = at_once(
        partial(citizen_shares, chat),
        partial(citizen_shares, chat),
        partial(agent_shares, chat, agent),
    )
    assert not [one for one in found if isinstance(one, str | RuleBroken | Exception)], found
    assert contents(disk) == places()
    assert len(places()) == 3


def test_a_check_holds_no_connection_to_the_database(chat, monkeypatch):
    held, real = [], sharing.checked

    def look(upload):
        held.append(connection.connection)
        return real(upload)

    monkeypatch.setattr(sharing, "checked", look)
    citizen_shares(chat)
    assert held == [None]
