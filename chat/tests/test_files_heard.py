"""A file reaches both sides over their sockets, as a text does."""

import uuid

import pytest
from channels.db import database_sync_to_async as in_db
from django.utils import timezone

from chat.actions import sharing
from chat.testing import world
from chat.testing.files import citizen_shares
from chat.testing.world import fresh
from common import realtime
from common.testing.uploads import picture, uploaded

pytestmark = pytest.mark.django_db(transaction=True)


def form(ref):
    return {"ref": str(ref), "file": uploaded(picture())}


def post_as_citizen(client, token, ref):
    headers = {"Authorization": f"Bearer {token}"}
    return client.post("/chat/files.json", form(ref), headers=headers).json()


def post_as_agent(client, conversation, ref):
    return client.post(f"/werkbank/chat/{conversation}/bestanden/", form(ref)).json()


@pytest.fixture
def token():
    return world.new_token()


async def both(wires, agent_client, agent, token):
    chat = await in_db(world.a_chat_with)(agent, timezone.now(), token=token)
    tab, console = await wires.citizen(), await wires.agent(agent_client)
    await tab.hello(token, after=2)
    await console.ask("watch", conversation=chat.public_id, after=2)
    return chat, tab, console


async def test_both_sides_hear_a_file_of_either(
    open_now, disk, wires, citizen, agent, agent_client, token
):
    chat, tab, console = await both(wires, agent_client, agent, token)
    mine = await in_db(post_as_citizen)(citizen, token, uuid.uuid4())
    theirs = await in_db(post_as_agent)(agent_client, chat.public_id, uuid.uuid4())
    assert (mine["seq"], theirs["seq"]) == (3, 4)
    for wire in (tab, console):
        heard = [(await wire.hear("message"))["message"] for _ in range(2)]
        assert heard == [mine["message"], theirs["message"]]


async def test_a_repetition_rings_nobody(
    open_now, disk, wires, citizen, agent, agent_client, token
):
    _, tab, console = await both(wires, agent_client, agent, token)
    ref = uuid.uuid4()
    await in_db(post_as_citizen)(citizen, token, ref)
    await tab.hear("message")
    await console.hear("message")
    await in_db(post_as_citizen)(citizen, token, ref)
    for wire in (tab, console):
        assert [one for one in await wire.settle() if one["type"] == "message"] == []


async def test_a_file_whose_bell_was_lost_comes_with_the_history(
    open_now, disk, wires, citizen, agent, agent_client, token, monkeypatch
):
    _, tab, _ = await both(wires, agent_client, agent, token)
    with monkeypatch.context() as patch:
        patch.setattr(realtime, "announce", lambda *bell: None)
        mine = await in_db(post_as_citizen)(citizen, token, uuid.uuid4())
    found = await tab.ask("after", after=2)
    assert found["messages"] == [mine["message"]]


async def test_after_their_removal_the_history_says_that_there_were_files(
    open_now, disk, wires, agent, token
):
    chat = await in_db(world.a_chat_with)(agent, timezone.now(), token=token)
    await in_db(citizen_shares)(chat, now=timezone.now())
    mine = await in_db(fresh)(chat)
    await in_db(sharing.remove_files_of)(type(mine).objects.filter(pk=mine.pk))
    tab = await wires.citizen()
    (shown,) = (await tab.hello(token, after=2))["messages"]
    assert (shown["kind"], shown["file"]) == ("file", None)
