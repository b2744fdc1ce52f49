"""Bells ring after the commit, never before it and never without it."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from common import hub, realtime

BELL = ("room", {"type": "news", "number": 1})


class Ear:
    """A socket that waits for what it hears."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[dict[str, object]] = asyncio.Queue()

    async def hear(self, message):
        self.heard.put_nowait(message)

    async def next(self):
        return await asyncio.wait_for(self.heard.get(), 3)


async def listening():
    while not hub.hub().is_listening:
        await asyncio.sleep(0.01)


class Tower:
    """A channel layer that remembers its bells."""

    def __init__(self) -> None:
        self.rung: list[realtime.Bell] = []

    async def group_send(self, group, message):
        self.rung.append((group, message["message"]))


@pytest.fixture
def tower(monkeypatch):
    tower = Tower()
    monkeypatch.setattr(hub, "get_channel_layer", lambda: tower)
    return tower


@pytest.fixture
def dead_layer(monkeypatch):
    class Dead:
        async def group_send(self, group, message):
            raise ConnectionError("gone")

    monkeypatch.setattr(hub, "get_channel_layer", Dead)


@transaction.atomic
def announce_and_fail(group: str, message: dict[str, object]) -> None:
    realtime.announce(group, message)
    raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_rings_after_the_commit_and_not_before(tower):
    with transaction.atomic():
        realtime.announce(*BELL)
        assert tower.rung == []
    assert tower.rung == [BELL]


@pytest.mark.django_db(transaction=True)
def test_never_rings_what_was_rolled_back(tower):
    with pytest.raises(RuntimeError):
        announce_and_fail(*BELL)
    assert tower.rung == []


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_part_keeps_its_bells_to_itself(tower):
    with transaction.atomic():
        realtime.announce("room", {"type": "kept"})
        with pytest.raises(RuntimeError):
            announce_and_fail("room", {"type": "undone"})
    assert [message["type"] for _, message in tower.rung] == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_rings_in_the_order_of_announcing(tower):
    with transaction.atomic():
        for number in range(5):
            realtime.announce("room", {"type": "news", "number": number})
    assert [message["number"] for _, message in tower.rung] == [0, 1, 2, 3, 4]


def announce_in_transaction() -> str:
    with transaction.atomic():
        realtime.announce(*BELL)
    return "done"


@pytest.mark.django_db(transaction=True)
def test_collected_hands_the_bells_over_and_rings_none(tower):
    assert realtime.collected(announce_in_transaction) == ("done", [BELL])
    assert tower.rung == []


@pytest.mark.django_db(transaction=True)
def test_after_collecting_bells_ring_by_themselves_again(tower):
    def fail() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        realtime.collected(fail)
    announce_in_transaction()
    assert tower.rung == [BELL]


@pytest.mark.django_db(transaction=True)
def test_a_dead_layer_does_not_undo_the_work(dead_layer, caplog):
    assert announce_in_transaction() == "done"
    assert "channel layer did not take news" in caplog.text


@pytest.mark.django_db(transaction=True)
async def test_a_bell_of_another_thread_reaches_a_socket_through_redis():
    ear = Ear()
    await hub.hub().join("room", ear)
    await listening()
    await sync_to_async(announce_in_transaction)()
    assert await ear.next() == BELL[1]
    await hub.hub().leave("room", ear)
