"""Texts that come at once are stored together, and each is answered as if it had come alone."""

import asyncio
import uuid
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async as in_db
from django.db import DatabaseError, connection

from chat import append
from chat.actions import closing, writing
from chat.append import append_text, append_texts
from chat.appender import Appender, appender
from chat.models import Message
from chat.testing import world
from common.database import in_database_thread
from common.models import Event

pytestmark = pytest.mark.django_db(transaction=True)


def a_text(chat, words="hallo", ref=None, now=world.NOW):
    return writing.citizen_text(
        conversation=chat, text=words, client_ref=ref or uuid.uuid4(), now=now
    )


@pytest.fixture
def chats(open_now):
    return [world.a_chat() for _ in range(3)]


def test_each_gets_its_own_number_in_the_order_it_came(chats):
    one, two, _ = chats
    texts = [a_text(two, "a"), a_text(one, "b"), a_text(two, "c"), a_text(one, "d")]
    assert [taken.seq for taken in append_texts(texts)] == [2, 2, 3, 3]
    assert [m.text for m in one.messages.order_by("seq")][1:] == ["b", "d"]
    assert [m.text for m in two.messages.order_by("seq")][1:] == ["a", "c"]
    assert Event.objects.filter(kind="chat.message").count() == 3 + 4


def test_the_same_send_twice_in_one_visit_is_one_message(chats):
    ref = uuid.uuid4()
    first, second = append_texts([a_text(chats[0], ref=ref), a_text(chats[0], ref=ref)])
    assert (first.seq, second) == (2, None)
    assert Message.objects.filter(client_ref=ref).count() == 1


def test_a_refused_text_does_not_hold_up_the_others(chats):
    closing.end_by_citizen(conversation=chats[1], now=world.NOW)
    outcomes = append_texts([a_text(chat) for chat in chats])
    assert [outcome and outcome.seq for outcome in outcomes] == [2, None, 2]


def test_when_the_common_visit_breaks_each_is_stored_alone(chats, monkeypatch):
    def broken(messages):
        raise DatabaseError("no")

    monkeypatch.setattr(append, "_append_together", broken)
    assert [taken.seq for taken in append_texts([a_text(chat) for chat in chats])] == [2, 2, 2]


def test_only_the_text_that_breaks_gets_the_error(chats, monkeypatch):
    real = append.append_text

    def picky(message):
        if message.text == "slecht":
            raise DatabaseError("no")
        return real(message)

    monkeypatch.setattr(append, "append_text", picky)
    monkeypatch.setattr(append, "_append_together", lambda messages: picky(messages[1]))
    good, bad = append_texts([a_text(chats[0]), a_text(chats[1], "slecht")])
    assert good.seq == 2
    assert isinstance(bad, DatabaseError)


def test_a_visit_of_none_stores_nothing(chats):
    assert append_texts([]) == []


async def test_many_sockets_at_once_lose_and_double_nothing(open_now):
    chats = [await in_db(world.a_chat)() for _ in range(10)]
    later = [world.NOW + timedelta(seconds=3 * n) for n in range(20)]
    texts = [a_text(chat, f"{n}", now=now) for n, now in enumerate(later) for chat in chats]
    found = await asyncio.gather(*[appender().append(text) for text in texts])
    assert all(found)
    assert await in_db(Message.objects.count)() == 10 + 200
    for chat in chats:
        assert await in_db(world.seqs)(chat) == list(range(1, 22))


async def test_what_comes_during_a_visit_goes_together_in_the_next(open_now, monkeypatch):
    chats = [await in_db(world.a_chat)() for _ in range(4)]
    sizes = []

    def counted(texts):
        sizes.append(len(texts))
        return append_texts(texts)

    monkeypatch.setattr("chat.appender.append_texts", counted)
    mine = Appender()
    first = asyncio.create_task(mine.append(a_text(chats[0])))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.gather(first, *[mine.append(a_text(chat)) for chat in chats[1:]])
    assert sizes == [1, 3]


async def test_who_hangs_up_meanwhile_does_not_disturb_the_others(open_now):
    one, two = await in_db(world.a_chat)(), await in_db(world.a_chat)()
    mine = Appender()
    gone = asyncio.create_task(mine.append(a_text(one)))
    stays = asyncio.create_task(mine.append(a_text(two)))
    await asyncio.sleep(0)
    gone.cancel()
    assert (await stays).seq == 2


async def test_the_database_thread_keeps_its_connection_and_replaces_a_broken_one(open_now):
    chat = await in_db(world.a_chat)()

    def which():
        connection.ensure_connection()
        return connection.connection

    first = await in_database_thread(which)
    assert await in_database_thread(which) is first

    def cut():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        else:
            connection.connection.close()

    async def until_it_shows():
        await in_database_thread(cut)
        await in_database_thread(append_text, a_text(chat))

    with pytest.raises(Exception):  # noqa: B017, PT011  which one is the driver's affair
        await until_it_shows()
    assert (await in_database_thread(append_text, a_text(chat))).seq == 2
