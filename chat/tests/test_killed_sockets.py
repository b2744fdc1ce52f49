"""A socket that the server kills, because a handler hangs after its client left, leaves nothing."""

import asyncio
import contextlib

import pytest
from channels.db import database_sync_to_async as in_db

from chat import events, watch
from chat.consumers import AgentSocket, CitizenSocket
from chat.models import Conversation
from chat.testing import world
from chat.testing.sockets import AgentWire, CitizenWire
from common.hub import hub

pytestmark = pytest.mark.django_db(transaction=True)


async def kill_while_it_hangs(wire, monkeypatch, socket, handler):
    hangs = asyncio.Event()

    async def hang(self, frame):
        hangs.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(socket, handler, hang)
    await wire.say("ping")
    await asyncio.wait_for(hangs.wait(), 5)
    wire.communicator.future.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await wire.communicator.future


async def test_a_citizens_socket(open_now, monkeypatch):
    wire = CitizenWire()
    await wire.open()
    await wire.start(world.new_token())
    assert await wire.is_alive()  # one frame at a time: the first one has been dealt with
    conversation = await in_db(Conversation.objects.get)()
    group = events.conversation_group(conversation.public_id)
    assert hub().hears(group)
    assert len(watch.lookout().sockets) == 1
    await kill_while_it_hangs(wire, monkeypatch, CitizenSocket, "on_ping")
    assert not hub().hears(group)
    assert not watch.lookout().sockets


async def test_an_agents_socket(open_now, agent_client, monkeypatch):
    wire = AgentWire(agent_client)
    await wire.open()
    await wire.hello()
    assert hub().hears(events.AGENTS)
    assert len(watch.lookout().sockets) == 1
    await kill_while_it_hangs(wire, monkeypatch, AgentSocket, "on_ping")
    assert not hub().hears(events.AGENTS)
    assert not watch.lookout().sockets
