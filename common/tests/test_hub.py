"""Own sockets hear at once, other processes through the layer, each announcement once."""

import asyncio
import logging

import pytest

from common import hub as room
from common.hub import Hub
from common.sockets import FrameSocket

NEWS = {"type": "news", "number": 1}
WORDS = "secret words"


class Ear:
    """A socket that keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[dict[str, object]] = []

    async def hear(self, message):
        self.heard.append(message)


async def until(condition, within_s=3.0):
    for _ in range(int(within_s / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen in time")


@pytest.fixture
async def hubs():
    """Two hubs are two processes: they share nothing but Redis."""
    made = [Hub(), Hub()]
    yield made
    for one in made:
        one.stop()


async def listening(*hubs):
    await until(lambda: all(one.is_listening for one in hubs))


async def test_an_own_socket_hears_before_the_layer_is_asked(hubs, monkeypatch):
    class Dead:
        async def new_channel(self):
            raise ConnectionError("gone")

        async def group_send(self, group, message):
            raise ConnectionError("gone")

    monkeypatch.setattr(room, "get_channel_layer", Dead)
    ear = Ear()
    await hubs[0].join("room", ear)
    await hubs[0].ring("room", NEWS)
    assert ear.heard == [NEWS]


async def test_each_process_hears_each_announcement_once(hubs):
    here, there = hubs
    mine, yours, twice = Ear(), Ear(), Ear()
    await here.join("room", mine)
    await there.join("room", yours)
    await there.join("room", twice)
    await listening(here, there)
    for number in range(20):
        await here.ring("room", {"type": "news", "number": number})
    await until(lambda: len(yours.heard) == 20)
    await asyncio.sleep(0.1)
    for ear in (mine, yours, twice):
        assert [message["number"] for message in ear.heard] == list(range(20))


async def test_who_left_hears_nothing_and_the_others_still_do(hubs):
    here, there = hubs
    gone, stays = Ear(), Ear()
    await here.join("room", gone)
    await here.join("room", stays)
    await listening(here)
    await here.leave("room", gone)
    await there.ring("room", NEWS)
    await until(lambda: stays.heard)
    assert gone.heard == []


async def test_who_leaves_and_comes_back_hears_again(hubs):
    here, there = hubs
    ear = Ear()
    await here.join("room", ear)
    await listening(here)
    for _ in range(5):
        await asyncio.gather(here.leave("room", ear), here.join("room", ear))
    await there.ring("room", NEWS)
    await until(lambda: ear.heard)
    await here.leave("room", ear)
    await here.leave("room", ear)  # a socket that ends twice does no harm


async def test_a_room_is_not_heard_in_another(hubs):
    here, there = hubs
    ear = Ear()
    await here.join("room", ear)
    await listening(here)
    await there.ring("other", NEWS)
    await here.ring("other", NEWS)
    await asyncio.sleep(0.2)
    assert ear.heard == []


async def test_listens_as_soon_as_the_layer_comes_back(hubs, monkeypatch, caplog):
    here, there = hubs
    real, is_away = room.get_channel_layer, True
    monkeypatch.setattr(room, "TRY_AGAIN_S", 0.05)

    def layer():
        if is_away:
            raise ConnectionError("secret words")
        return real()

    monkeypatch.setattr(room, "get_channel_layer", layer)
    ear = Ear()
    with caplog.at_level(logging.WARNING):
        await here.join("room", ear)
        await asyncio.sleep(0.15)
    assert "does not listen" in caplog.text
    assert WORDS not in caplog.text
    is_away = False
    await listening(here)
    await there.ring("room", NEWS)
    await until(lambda: ear.heard)


async def test_who_joins_while_the_layer_is_away_hears_the_others_when_it_is_back(
    hubs, monkeypatch
):
    own, other = hubs
    await own.join("old", Ear())
    await other.join("elsewhere", Ear())
    await listening(own, other)
    ears = {"one": Ear(), "two": Ear()}
    with monkeypatch.context() as away:
        away.setattr(room, "TRY_AGAIN_S", 0.1)
        away.setattr(type(room.get_channel_layer()), "group_add", refuse, raising=False)
        for group, ear in ears.items():
            await own.join(group, ear)
        await asyncio.sleep(0.25)  # asked again, and refused again
        assert own._refused == set(ears)
    await until(lambda: not own._refused and own._asking_again.done())
    for group, ear in ears.items():
        await other.ring(group, NEWS)
        await until(lambda ear=ear: ear.heard == [NEWS])


async def refuse(layer, group, channel):
    raise ConnectionError("gone")


class Slow(FrameSocket):
    """Takes its time for a frame and notes what it does."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []
        self.may_go_on = asyncio.Event()

    async def websocket_receive(self, message):
        self.notes.append("frame begins")
        await self.may_go_on.wait()
        self.notes.append("frame ends")

    async def news(self, message):
        self.notes.append(f"news {message['number']}")
        if message["number"] == 13:
            raise ValueError(WORDS)


@pytest.fixture
async def slow():
    socket, frames = Slow(), asyncio.Queue()
    task = asyncio.create_task(socket({"type": "websocket"}, frames.get, None))
    await asyncio.sleep(0)
    socket.frames = frames
    yield socket
    task.cancel()


async def test_an_event_waits_for_the_frame_that_is_being_handled(slow):
    slow.frames.put_nowait({"type": "websocket.receive"})
    await until(lambda: slow.notes)
    await slow.hear({"type": "news", "number": 1})
    await slow.hear({"type": "news", "number": 2})
    assert slow.notes == ["frame begins"]
    slow.may_go_on.set()
    await until(lambda: len(slow.notes) == 4)
    assert slow.notes == ["frame begins", "frame ends", "news 1", "news 2"]


async def test_a_broken_event_harms_neither_the_announcer_nor_the_next_event(slow, caplog):
    await slow.hear({"type": "news", "number": 13})
    await slow.hear({"type": "news", "number": 2})
    assert slow.notes == ["news 13", "news 2"]
    assert "event news failed: ValueError" in caplog.text
    assert WORDS not in caplog.text
