"""Files go with their conversation, and what a crash left behind goes at night."""

import os
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from chat.actions import closing, conversing, sharing
from chat.events import message_payload
from chat.models import Attachment, Conversation
from chat.testing import world
from chat.testing.files import agent_shares, citizen_shares, contents, places
from chat.testing.world import after, fresh

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = timedelta(days=1, seconds=1)


@pytest.fixture
def chat(open_chat, agent, disk):
    return world.a_chat_with(agent)


def one_only(conversation):
    return Conversation.objects.filter(pk=conversation.pk)


def test_who_removes_a_conversation_in_the_admin_removes_its_files(
    chat, agent, disk, administrator_client
):
    citizen_shares(chat)
    agent_shares(chat, agent)
    kept = world.a_chat()
    citizen_shares(kept)
    closing.end_by_citizen(conversation=fresh(chat), now=after(1))
    page = reverse("admin:chat_conversation_delete", args=[chat.pk])
    assert administrator_client.post(page, {"post": "yes"}).status_code == 302
    assert contents(disk) == places()
    assert Attachment.objects.get().message.conversation == kept


def test_a_removal_that_fails_keeps_the_files(chat, agent, disk):
    citizen_shares(chat)

    @transaction.atomic
    def remove_and_fail():
        assert sharing.remove_files_of(one_only(chat)) == 1
        raise DatabaseError

    with pytest.raises(DatabaseError):
        remove_and_fail()
    assert contents(disk) == places()
    assert len(places()) == 1


def test_the_messages_may_stay_without_their_files(chat, disk):
    citizen_shares(chat)
    with transaction.atomic():
        assert sharing.remove_files_of(one_only(chat)) == 1
    assert contents(disk) == places() == []
    (shown,) = conversing.messages_after(chat, 2)
    assert (message_payload(shown)["kind"], message_payload(shown)["file"]) == ("file", None)
    assert sharing.remove_files_of(one_only(chat)) == 0


def test_content_that_is_gone_already_stops_no_removal(chat, disk):
    citizen_shares(chat)
    (disk / places()[0]).unlink()
    citizen_shares(chat)
    assert sharing.remove_files_of(one_only(chat)) == 2
    assert contents(disk) == []


def test_a_file_whose_rows_could_not_be_written_is_an_orphan_that_goes_after_a_day(
    chat, disk, monkeypatch
):
    """The connection broke: nobody knows whether the commit came through, so the content waits."""
    citizen_shares(chat)
    monkeypatch.setattr(sharing.events, "text_bell", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        citizen_shares(chat)
    monkeypatch.undo()
    assert len(contents(disk)) == 2
    (orphan,) = set(contents(disk)) - set(places())
    assert world.seqs(chat) == [1, 2, 3]
    now = world.NOW.now(tz=world.NOW.tzinfo)
    assert sharing.remove_orphans(now=now) == 0
    assert list(sharing.orphans(now=now + TOMORROW)) == [orphan]
    assert sharing.remove_orphans(now=now + TOMORROW) == 1
    assert sharing.remove_orphans(now=now + TOMORROW) == 0
    assert contents(disk) == places()
    assert len(places()) == 1


def test_only_what_is_older_than_a_day_is_an_orphan(disk):
    for name, hours in (("old", 25), ("young", 23)):
        path = disk / "chat" / "ab" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        then = (world.NOW - timedelta(hours=hours)).timestamp()
        os.utime(path, (then, then))
    assert list(sharing.orphans(now=world.NOW)) == ["chat/ab/old"]


def test_where_no_file_ever_came_there_is_no_orphan(disk):
    assert sharing.remove_orphans(now=world.NOW) == 0


def test_a_conversation_removed_during_the_check_takes_no_file(
    chat, disk, administrator, monkeypatch
):
    real = sharing.checked

    def meanwhile(upload):
        closing.end_by_citizen(conversation=fresh(chat), now=after(1))
        closing.remove(conversation=fresh(chat), by=administrator, now=after(2))
        return real(upload)

    monkeypatch.setattr(sharing, "checked", meanwhile)
    with pytest.raises(Conversation.DoesNotExist):
        citizen_shares(chat, ref=uuid.uuid4())
    assert contents(disk) == []
