"""What a lost bell, a dead layer or a lost right leaves to the lookout."""

import random
import threading

import pytest
from channels.db import database_sync_to_async as in_db
from channels_redis.pubsub import RedisPubSubLoopLayer
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import RoleGrant
from chat import watch
from chat.models import Conversation, Presence
from chat.testing import world
from city.remembered import forget
from common.hub import Hub

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch):
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0.05)


@pytest.fixture
def deaf(monkeypatch):
    """The layer loses every announcement."""

    async def lose(self, group, message):
        return None

    monkeypatch.setattr(Hub, "ring", lose)


@pytest.fixture
def half_deaf(monkeypatch):
    """The layer loses half of the announcements."""
    chance, real = random.Random(7), Hub.ring

    async def lose_half(self, group, message):
        if chance.random() < 0.5:
            await real(self, group, message)

    monkeypatch.setattr(Hub, "ring", lose_half)


@pytest.fixture
def dead(monkeypatch):
    """The layer breaks at every announcement."""

    async def fail(self, group, message):
        raise ConnectionError("gone")

    async def deliver_nothing(self, group, message):
        return None

    monkeypatch.setattr(RedisPubSubLoopLayer, "group_send", fail)
    monkeypatch.setattr(Hub, "_deliver", deliver_nothing)


class Reader:
    """Does what a client must: orders by number and asks for what a head says is missing."""

    def __init__(self, wire, **ids):
        self.wire, self.ids, self.got = wire, ids, {}

    async def until(self, seq):
        while set(self.got) != set(range(1, seq + 1)):
            frame = await self.wire.next()
            for message in [*frame.get("messages", []), *filter(None, [frame.get("message")])]:
                self.got[message["seq"]] = message["text"]
            known = max([*self.got, (frame.get("head") or {}).get("seq", 0)])
            if frame["type"] in {"head", "message"} and len(self.got) < known:
                gapless = next(n for n in range(known + 1) if n + 1 not in self.got)
                await self.wire.say("after", after=gapless, **self.ids)
        return [self.got[n] for n in range(1, seq + 1)]


async def a_pair(wires, agent, agent_client):
    token = world.new_token()
    chat = await in_db(world.a_chat_with)(agent, timezone.now(), token=token)
    citizen, console = await wires.citizen(), await wires.agent(agent_client)
    await citizen.hello(token)
    name = str(chat.public_id)
    await console.ask("watch", conversation=name, after=0)
    return chat, citizen, console


@pytest.mark.parametrize("layer", ["deaf", "half_deaf", "dead"])
async def test_both_sides_get_every_text_whatever_the_layer_loses(
    open_now, agent, agent_client, wires, layer, lossy
):
    chat, citizen, console = await a_pair(wires, agent, agent_client)
    for n in range(8):
        assert (await citizen.send(f"c{n}"))["type"] == "ack"
        assert (await console.send(chat.public_id, f"a{n}"))["type"] == "ack"
    told = [f"{who}{n}" for n in range(8) for who in "ca"]
    await citizen.say("after", after=0)
    await console.say("after", after=0, conversation=chat.public_id)
    at_both = [
        await Reader(citizen).until(18),
        await Reader(console, conversation=str(chat.public_id)).until(18),
    ]
    assert [texts[2:] for texts in at_both] == [told, told]


@pytest.fixture
def lossy(request, layer):
    return request.getfixturevalue(layer)


async def test_a_missed_text_is_announced_as_a_head_and_only_once(
    open_now, agent, agent_client, wires, deaf
):
    chat, citizen, console = await a_pair(wires, agent, agent_client)
    await console.send(chat.public_id, "Dag")
    assert (await citizen.hear("head"))["head"]["seq"] == 3
    assert (await console.hear("head"))["head"]["seq"] == 3
    await console.hear("cards")  # the first answer changed the line in the lists
    assert await citizen.settle() == []
    assert await console.settle() == []


async def test_a_missed_read_mark_and_a_missed_end_arrive(
    open_now, agent, agent_client, wires, deaf
):
    _, citizen, console = await a_pair(wires, agent, agent_client)
    await citizen.say("read", seq=2)
    assert (await console.hear("head"))["head"]["read"]["citizen"] == 2
    await citizen.say("end")
    assert (
        await citizen.hear(
            "head",
        )
    )["head"]["read"]["citizen"] == 2
    assert (await citizen.hear("head"))["head"]["state"] == "closed"
    await console.hear("cards", cards=[])


async def test_a_new_conversation_reaches_the_consoles_without_a_bell(
    open_now, agent_client, wires, deaf
):
    console = await wires.agent(agent_client)
    citizen = await wires.citizen()
    name = (await citizen.start(world.new_token()))["head"]["conversation"]
    cards = (await console.hear("cards"))["cards"]
    assert [card["conversation"] for card in cards] == [name]
    assert await console.settle() == []


async def test_a_commit_that_comes_late_is_seen(open_now, agent, agent_client, wires, deaf):
    chat, _, console = await a_pair(wires, agent, agent_client)
    if connection.vendor == "sqlite":
        # One writer at a time: what is written late has a late number.
        await in_db(world.citizen_says)(chat, "laat", timezone.now())
        assert (await console.hear("head"))["head"]["seq"] == 3
        return

    def write():
        with transaction.atomic():
            world.citizen_says(chat, "laat", timezone.now())
            several_looks_pass.wait(0.3)
        connection.close()

    several_looks_pass = threading.Event()
    writer = threading.Thread(target=write)
    writer.start()
    assert (await console.hear("head"))["head"]["seq"] == 3
    writer.join()


async def test_what_a_colleague_took_unheard_leaves_the_screen(
    open_now, second_agent, agent_client, wires, deaf
):
    chat = await in_db(world.a_chat)(timezone.now())
    console = await wires.agent(agent_client)
    await console.ask("watch", conversation=chat.public_id, after=0)
    await in_db(Conversation.objects.update)(state="active", agent=second_agent, last_seq=2)
    await console.hear("cards")
    await in_db(Conversation.objects.update)(last_seq=3)
    assert [f for f in await console.settle() if f["type"] != "cards"] == []


async def test_a_role_taken_away_closes_the_console(open_now, agent, agent_client, wires):
    console = await wires.agent(agent_client)
    await in_db(agent.role_grants.all().delete)()
    assert (await console.hear("error"))["code"] == "not_allowed"
    assert (await console.next())["code"] == 4403


async def test_a_deactivated_agent_loses_the_console(open_now, agent, agent_client, wires):
    console = await wires.agent(agent_client)
    await in_db(type(agent).objects.filter(pk=agent.pk).update)(is_active=False)
    assert (await console.hear("error"))["code"] == "not_allowed"
    assert (await console.next())["code"] == 4403


async def test_a_logout_that_no_bell_told_closes_the_console(open_now, agent_client, wires, deaf):
    console = await wires.agent(agent_client)
    await in_db(agent_client.logout)()
    await console.hear("logged_out")
    assert (await console.next())["code"] == 4401


async def test_who_is_no_longer_supervisor_loses_the_others_conversations(
    open_now, second_agent, supervisor, supervisor_client, wires
):
    chat = await in_db(world.a_chat_with)(second_agent, timezone.now())
    console = await wires.agent(supervisor_client)
    await console.ask("watch", conversation=chat.public_id, after=0)
    await in_db(RoleGrant.objects.filter(user=supervisor).update)(role="agent")
    await watch.lookout().look()  # the next one would come within a second, or later when busy
    await console.settle()
    await in_db(world.citizen_says)(chat, "geheim", timezone.now())
    assert [f for f in await console.settle() if f["type"] == "message"] == []


async def test_one_look_costs_the_same_however_many_sockets(
    open_now, agent, agent_client, supervisor_client, wires, monkeypatch
):
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 3_600)
    counts = []
    for tabs in (1, 4):
        for _ in range(tabs):
            token = world.new_token()
            await (await wires.citizen()).start(token)
            console = await wires.agent(agent_client)
            await console.say("presence", state="available")
            await wires.agent(supervisor_client)
        for socket in watch.lookout().sockets:
            socket.stamped_at, socket.heard_at = -100.0, 1e12
        forget()  # the whole price: most looks find the status remembered
        counts.append(await _queries_of_a_look(monkeypatch))
    assert counts[0] == counts[1] <= 30, counts


async def _queries_of_a_look(monkeypatch):
    real, counted = watch.take_look, []

    def read(*args, **kwargs):
        with CaptureQueriesContext(connection) as queries:
            found = real(*args, **kwargs)
        counted.append(len(queries))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(watch, "take_look", read)
        await watch.lookout().look()
    return counted[0]


async def test_one_broken_socket_does_not_keep_the_others_from_hearing(
    open_now, agent, agent_client, wires, deaf, monkeypatch
):
    chat, citizen, console = await a_pair(wires, agent, agent_client)

    class Broken:
        heard_at = stamped_at = 0.0
        agent_id = conversation_id = session_key = None
        site = ""
        waits = False

        def watched(self):
            return set()

        async def see(self, look):
            raise OSError("gone")

    for _ in range(20):  # wherever it stands in the set
        watch.lookout().add(Broken())
    await console.send(chat.public_id, "Dag")
    assert (await citizen.hear("head"))["head"]["seq"] == 3
    watch.lookout().sockets = {s for s in watch.lookout().sockets if not isinstance(s, Broken)}


async def test_signs_of_life_are_stamped(open_now, agent, agent_client, wires, monkeypatch):
    monkeypatch.setattr(watch, "STAMP_EVERY_S", 0.0)
    chat, citizen, console = await a_pair(wires, agent, agent_client)
    long_ago = world.NOW
    await in_db(Presence.objects.update)(heard_at=long_ago)
    await in_db(Conversation.objects.update)(citizen_seen_at=long_ago)
    await citizen.is_alive()
    await console.settle()
    await console.settle()
    assert (await in_db(Presence.objects.get)(agent=agent)).heard_at > long_ago
    assert (await in_db(world.fresh)(chat)).citizen_seen_at > long_ago
