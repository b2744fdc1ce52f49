"""Texts that come at once are stored together, and each is answered as if it had come alone."""

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async as in_db
from django.db import DatabaseError, connection

from chat import append_together as together
from chat.actions import closing, writing
from chat.append import append_text
from chat.append_together import append_together
from chat.appender import Appender, appender
from chat.models import Message
from chat.testing import world
from common.database import in_database_thread
from common.loop_database import loop_connection
from common.models import Event

pytestmark = pytest.mark.django_db(transaction=True)


def a_text(chat, words="hallo", ref=None, now=world.NOW):
    return writing.citizen_text(
        conversation=chat, text=words, client_ref=ref or uuid.uuid4(), now=now
    )


@pytest.fixture
async def chats(open_now):
    async with loop_connection().held():
        yield [await in_db(world.a_chat)() for _ in range(3)]


def seqs(outcomes):
    return [outcome and outcome.seq for outcome in outcomes]


def texts_of(chat):
    return [message.text for message in chat.messages.order_by("seq")][1:]


async def test_each_gets_its_own_number_in_the_order_it_came(chats):
    one, two, _ = chats
    texts = [a_text(two, "a"), a_text(one, "b"), a_text(two, "c"), a_text(one, "d")]
    assert seqs(await append_together(texts)) == [2, 2, 3, 3]
    assert await in_db(texts_of)(one) == ["b", "d"]
    assert await in_db(texts_of)(two) == ["a", "c"]
    assert await in_db(Event.objects.filter(kind="chat.message").count)() == 3 + 4


async def test_the_same_send_twice_in_one_visit_is_one_message(chats):
    ref = uuid.uuid4()
    twice = [a_text(chats[0], ref=ref), a_text(chats[0], ref=ref)]
    assert seqs(await append_together(twice)) == [2, None]
    assert await in_db(Message.objects.filter(client_ref=ref).count)() == 1


async def test_a_refused_text_does_not_hold_up_the_others(chats):
    await in_db(closing.end_by_citizen)(conversation=chats[1], now=world.NOW)
    assert seqs(await append_together([a_text(chat) for chat in chats])) == [2, None, 2]


async def test_when_the_common_visit_breaks_each_is_stored_alone(chats, monkeypatch):
    real = together._visit

    async def alone_only(messages):
        if len(messages) > 1:
            raise DatabaseError("no")
        return await real(messages)

    monkeypatch.setattr(together, "_visit", alone_only)
    assert seqs(await append_together([a_text(chat) for chat in chats])) == [2, 2, 2]


async def test_only_the_text_that_breaks_gets_the_error(chats):
    good, bad, also_good = [a_text(chat) for chat in chats]
    bad = replace(bad, text="\x00" if connection.vendor == "postgresql" else None)
    first, second, third = await append_together([good, bad, also_good])
    assert (first.seq, third.seq) == (2, 2)
    assert isinstance(second, DatabaseError)
    assert await in_db(texts_of)(chats[1]) == []


async def test_a_visit_of_none_stores_nothing(chats):
    assert await append_together([]) == []


async def test_a_server_that_cut_the_line_costs_no_text(chats):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    await append_together([a_text(chats[0])])
    line = await loop_connection().get()
    cut = "SELECT pg_terminate_backend(%s)"
    await in_db(lambda: connection.cursor().execute(cut, [line.info.backend_pid]))()
    assert seqs(await append_together([a_text(chat) for chat in chats])) == [3, 2, 2]
    assert await loop_connection().get() is not line


async def test_nobody_left_no_connection_left(open_now):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    chat = await in_db(world.a_chat)()
    mine = Appender()
    async with loop_connection().held():
        assert (await mine.append(a_text(chat))).seq == 2
        line = await loop_connection().get()
    assert line.closed
    assert (await mine.append(a_text(chat))).seq == 3


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

    async def counted(texts):
        sizes.append(len(texts))
        return await append_together(texts)

    monkeypatch.setattr("chat.appender.append_together", counted)
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
