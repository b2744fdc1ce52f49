"""Bells ring after the commit, never before it and never without it."""

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import transaction

from common import realtime

BELL = ("room", {"type": "news", "number": 1})


class Tower:
    """A channel layer that remembers its bells."""

    def __init__(self) -> None:
        self.rung: list[realtime.Bell] = []

    async def group_send(self, group, message):
        self.rung.append((group, message))


@pytest.fixture
def tower(monkeypatch):
    tower = Tower()
    monkeypatch.setattr(realtime, "get_channel_layer", lambda: tower)
    return tower


@pytest.fixture
def dead_layer(monkeypatch):
    class Dead:
        async def group_send(self, group, message):
            raise ConnectionError("gone")

    monkeypatch.setattr(realtime, "get_channel_layer", Dead)


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
async def test_a_bell_reaches_a_listener_through_redis():
    layer = get_channel_layer()
    ear = await layer.new_channel()
    await layer.group_add("room", ear)
    await sync_to_async(announce_in_transaction)()
    assert await layer.receive(ear) == BELL[1]
    await layer.flush()
