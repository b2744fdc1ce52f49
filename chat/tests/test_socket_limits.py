"""What an anonymous socket may cost: time without a word, and how many from one address."""

import asyncio
import uuid

import pytest
from channels.db import database_sync_to_async as in_db

from chat import watch
from chat.actions import conversing
from chat.citizen_talk import CitizenTalk
from chat.consumers import citizen as door
from chat.models import AllowedSite, Conversation
from chat.sentences import sentence
from chat.testing import world
from chat.testing.sockets import CitizenWire
from common.errors import RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)
SITE = "https://www.hasselt.example"


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(door, "OPEN_WITHIN_S", 0.2)


async def closed(wire):
    while (frame := await wire.next())["type"] != "(closed)":
        pass
    return frame["code"]


async def test_who_never_opens_a_conversation_is_sent_away(open_now, wires, impatient):
    silent, talker = await wires.citizen(), await wires.citizen()
    await talker.say("ping")
    await talker.hello(world.new_token())  # of nobody
    assert await closed(silent) == 4408
    assert await closed(talker) == 4408


async def test_who_opened_one_stays(open_now, wires, impatient):
    wire = await wires.citizen()
    await wire.start(world.new_token())
    await asyncio.sleep(0.4)
    assert await wire.is_alive()


async def test_an_opener_that_is_under_way_when_time_is_up_is_finished(
    open_now, wires, impatient, monkeypatch
):
    real = door.CitizenSocket.join

    async def slow(self, group):
        await asyncio.sleep(0.4)
        await real(self, group)

    monkeypatch.setattr(door.CitizenSocket, "join", slow)
    wire = await wires.citizen()
    assert (await wire.start(world.new_token()))["type"] == "welcome"
    assert await wire.is_alive()


async def test_a_socket_that_left_is_not_looked_after(wires, impatient):
    wire = await wires.citizen()
    await wire.close()
    await asyncio.sleep(0.4)  # a timer that still ran would send on a closed connection, and raise


async def test_an_opener_that_broke_may_be_repeated(open_now, wires, monkeypatch):
    wire, token = await wires.citizen(), world.new_token()
    with monkeypatch.context() as broken:
        broken.setattr(door.CitizenTalk, "welcome", lambda talk, after: 1 / 0)
        assert (await wire.start(token))["code"] == "failed"
    assert (await wire.start(token))["type"] == "welcome"
    assert await in_db(Conversation.objects.count)() == 1
    await wire.say("end")
    assert (await wire.hear("message"))["message"]["kind"] == "closed"


async def test_texts_past_twice_the_limit_are_not_even_looked_at(open_now, wires, monkeypatch):
    looked_at = []
    real = CitizenTalk.text
    monkeypatch.setattr(
        CitizenTalk, "text", lambda talk, frame: looked_at.append(1) or real(talk, frame)
    )
    wire, ref = await wires.citizen(), uuid.uuid4()
    await wire.start(world.new_token())
    answers = [await wire.send("Dag!", ref) for _ in range(45)]
    assert [answer["type"] for answer in answers[:40]] == ["ack"] * 40
    assert (answers[-1]["code"], answers[-1]["ref"]) == ("too_fast", str(ref))
    assert len(looked_at) < 45


@pytest.fixture
def searched(monkeypatch):
    """What was searched for numbers when chats are opened."""
    texts = []
    monkeypatch.setattr(conversing, "masked", texts.append)
    return texts


async def test_a_start_at_night_is_not_even_looked_at(wires, searched):
    wire = await wires.citizen()
    assert (await wire.start(world.new_token()))["code"] == "chat_closed"
    assert searched == []


async def test_one_start_too_many_is_not_even_looked_at(open_now, wires, searched):
    await in_db(world.rules)(new_chats_per_hour=0)
    wire = await wires.citizen()
    assert (await wire.start(world.new_token()))["code"] == "too_many"
    assert searched == []


async def test_one_address_holds_so_many_sockets_open(open_now, wires, settings):
    settings.CHAT_SOCKETS_PER_ADDRESS = 2
    first, _ = [await wires.citizen(peer="192.0.2.7") for _ in range(2)]
    third = CitizenWire(peer="192.0.2.7")
    assert not await third.open()
    await third.close()
    await wires.citizen(peer="192.0.2.8")
    await first.close()
    first.close_code = 1000
    again = await wires.citizen(peer="192.0.2.7")
    assert (await again.start(world.new_token()))["type"] == "welcome"


async def test_agents_are_not_counted_with_the_citizens(open_now, wires, settings, agent_client):
    settings.CHAT_SOCKETS_PER_ADDRESS = 1
    for _ in range(2):
        await wires.agent(agent_client)
    await wires.citizen()


async def test_a_socket_that_breaks_is_not_counted_for_ever(wires, settings, monkeypatch):
    settings.CHAT_SOCKETS_PER_ADDRESS = 1

    async def broken(self):
        raise OSError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(door.CitizenSocket, "connect", broken)
        with pytest.raises(OSError, match="gone"):
            await CitizenWire().open()
    await wires.citizen()


async def test_the_sockets_of_a_site_that_is_allowed_no_more_are_closed(open_now, wires):
    site = await in_db(AllowedSite.objects.create)(origin=SITE)
    there, here = await wires.citizen(origin=SITE), await wires.citizen()
    for wire in (there, here):
        await wire.start(world.new_token())
    await watch.lookout().look()
    assert await there.is_alive()
    site.is_active = False
    await in_db(site.save)()
    await watch.lookout().look()
    refused = await there.hear("error")
    assert (refused["code"], await closed(there)) == ("wrong_origin", 4403)
    assert refused["text"] == sentence(RuleBroken("wrong_origin"), "nl")
    assert await here.is_alive()


# --- sentences that need nobody ----------------------------------------------------------------


async def test_who_writes_too_fast_hears_that_it_will_be_sent(open_now, wires):
    wire = await wires.citizen()
    await wire.start(world.new_token(), lang="en")
    answers = [await wire.send(str(n)) for n in range(21)]
    assert answers[-1]["code"] == "too_fast"
    assert answers[-1]["retry_after_s"] >= 1
    assert answers[-1]["text"] == (
        "Your messages come too fast. They will be sent by themselves in a moment."
    )


async def test_an_agents_errors_speak_the_language_of_the_console(open_now, agent_client, wires):
    refused = {}
    for language in ("nl", "en", None):
        wire = await wires.agent(agent_client, greet=False)
        fields = {"lang": language} if language else {}
        assert (await wire.ask("hello", v=1, watch=[], **fields))["type"] == "welcome"
        await wire.hear("rush")
        refused[language] = (await wire.ask("claim", conversation=uuid.uuid4()))["text"]
    assert refused["en"] == "This chat is not with you (any more)."
    assert refused["nl"] == refused[None] == sentence(RuleBroken("not_found"), "nl")


async def test_an_agents_refused_hello_speaks_it_too(open_now, agent_client, wires):
    wire = await wires.agent(agent_client, greet=False)
    old = await wire.ask("hello", v=7, lang="en")
    assert old["text"] == sentence(RuleBroken("wrong_version"), "en")
    assert (await wire.ask("hello", v=1, lang="fr"))["code"] == "bad_frame"
