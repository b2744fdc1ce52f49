"""The agent's door: who comes in, what each frame does, what leaves the screen."""

import uuid

import pytest
from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from channels.db import database_sync_to_async as in_db
from django.test import Client

from chat import watch
from chat.models import Conversation, Presence
from chat.testing import world
from chat.testing.sockets import AgentWire
from common.testing.cast import logged_in

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = uuid.uuid4()


@pytest.fixture(autouse=True)
def no_lookout(monkeypatch):
    """What these tests see came by bell or as an answer; test_lookout.py has the rest."""
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 3_600)


def a_frame_of_each(conversation):
    """Every frame that names a conversation."""
    return [
        {"type": "watch", "conversation": conversation, "after": 0},
        {"type": "claim", "conversation": conversation},
        {"type": "send", "conversation": conversation, "ref": uuid.uuid4(), "text": "x"},
        {"type": "after", "conversation": conversation, "after": 0},
        {"type": "typing", "conversation": conversation},
        {"type": "read", "conversation": conversation, "seq": 1},
        {"type": "return", "conversation": conversation},
        {"type": "close", "conversation": conversation, "topic": "reispas"},
    ]


@pytest.fixture(params=["citizen", "stranger", "specialist", "desk_clerk", "administrator"])
def outsider(request):
    """A browser of somebody who has no business in the console."""
    name = request.param if request.param == "citizen" else f"{request.param}_client"
    return request.getfixturevalue(name)


async def test_only_the_contact_centre_comes_in(wires, outsider):
    wire = AgentWire(outsider)
    assert not await wire.open()
    await wire.close()


async def test_an_invented_session_does_not_come_in(wires):
    client = Client()
    client.cookies["portal_session"] = "a" * 32
    wire = AgentWire(client)
    assert not await wire.open()
    await wire.close()


async def test_hello_brings_me_the_cards_and_what_is_watched(open_now, agent, agent_client, wires):
    chat = await in_db(world.a_chat_with)(agent)
    waiting = await in_db(world.a_chat)(name="An")
    wire = await wires.agent(agent_client, greet=False)
    watched = [{"conversation": str(c), "after": 0} for c in (chat.public_id, NOBODY)]
    welcome = await wire.hello(*watched)
    me = {"id": str(agent.public_id), "name": "Anke", "presence": "available"}
    room = {"cap": 20, "open": 1, "wrap_up_until": None, "supervisor": False}
    assert welcome["me"] == {**me, **room}
    assert [card["conversation"] for card in welcome["cards"]] == [
        str(chat.public_id),
        str(waiting.public_id),
    ]
    assert welcome["cards"][1]["name"] == "An"
    page = await wire.next()
    assert (page["type"], len(page["messages"])) == ("messages", 2)
    refused = await wire.next()
    assert (refused["code"], refused["conversation"]) == ("not_found", str(NOBODY))


async def test_nothing_but_hello_comes_first_and_it_comes_once(open_now, agent_client, wires):
    chat = await in_db(world.a_chat)()
    wire = await wires.agent(agent_client, greet=False)
    for frame in a_frame_of_each(str(chat.public_id)):
        refused = await wire.ask(**frame)
        assert (refused["code"], refused["conversation"]) == ("not_started", frame["conversation"])
    assert (await wire.ask("hello", v=2))["code"] == "wrong_version"
    assert (await wire.hello())["type"] == "welcome"
    assert (await wire.hello())["code"] == "already_started"


async def test_claim_talk_and_close(open_now, agent_client, wires):
    await in_db(world.a_topic)("reispas")
    wire, citizen, token = await wires.agent(agent_client), await wires.citizen(), world.new_token()
    name = (await citizen.start(token))["head"]["conversation"]
    assert (await wire.hear("card"))["card"]["state"] == "waiting"

    await wire.say("claim", conversation=name)
    assert (await wire.hear("card"))["card"]["agent_name"] == "Anke"
    assert len((await wire.hear("messages"))["messages"]) == 2
    assert (await citizen.hear("message"))["head"]["agent"] == "Anke"

    ref = uuid.uuid4()
    ack = await wire.send(name, "Dag, waarmee kan ik helpen?", ref=ref)
    assert (ack["type"], ack["seq"], ack["conversation"]) == ("ack", 3, name)
    assert (await wire.send(name, "Dag, waarmee kan ik helpen?", ref=ref))["seq"] == 3
    assert (await citizen.hear("message"))["message"]["name"] == "Anke"
    await citizen.send("Een reispas")
    assert (await wire.hear("message"))["message"]["seq"] in {3, 4}
    await wire.settle()
    await wire.say("read", conversation=name, seq=4)
    assert (await citizen.hear("head"))["head"]["read"]["agent"] == 4

    await wire.settle()
    refused = await wire.ask("close", conversation=name, topic="bestaat-niet")
    assert refused["code"] == "unknown_topic"
    await wire.say("close", conversation=name, topic="reispas")
    closed = await wire.hear("card")
    assert (closed["card"]["state"], closed["card"]["topic"]) == ("closed", "reispas")
    ending = await citizen.hear("message")
    assert (ending["message"]["reason"], ending["message"]["name"]) == ("agent", "Anke")


async def test_an_inactive_or_impossible_topic_closes_nothing(open_now, agent, agent_client, wires):
    await in_db(world.a_topic)("oud", is_active=False)
    chat = await in_db(world.a_chat_with)(agent)
    wire = await wires.agent(agent_client)
    for topic, code in (("oud", "unknown_topic"), ("", "unknown_topic"), ("a\x00", "bad_frame")):
        refused = await wire.ask("close", conversation=chat.public_id, topic=topic)
        assert refused["code"] == code, topic
    assert (await in_db(world.fresh)(chat)).state == "active"


async def test_giving_back_shows_a_waiting_card(open_now, agent, agent_client, wires):
    chat = await in_db(world.a_chat_with)(agent)
    wire = await wires.agent(agent_client)
    await wire.say("return", conversation=chat.public_id)
    card = (await wire.hear("card"))["card"]
    assert (card["state"], card["agent"]) == ("waiting", None)
    await wire.settle()
    assert (await wire.ask("return", conversation=chat.public_id))["code"] == "not_found"


async def test_a_colleagues_conversation_looks_like_none(
    open_now, second_agent, agent_client, wires
):
    taken = await in_db(world.a_chat_with)(second_agent)
    wire = await wires.agent(agent_client)
    for theirs, none in zip(
        a_frame_of_each(str(taken.public_id)), a_frame_of_each(str(NOBODY)), strict=True
    ):
        answers = [await wire.ask(**theirs), await wire.ask(**none)]
        if theirs["type"] == "claim":  # the lists show that it exists, so this may say why
            assert [a["code"] for a in answers] == ["already_taken", "not_found"]
        elif theirs["type"] != "typing" or answers:
            assert {a["code"] for a in answers} == {"not_found"}, theirs
            assert answers[0]["text"] == answers[1]["text"]
    assert (await in_db(world.fresh)(taken)).last_seq == 2


async def test_a_supervisor_reads_all_and_writes_in_none(
    open_now, second_agent, supervisor_client, wires
):
    chat = await in_db(world.a_chat_with)(second_agent)
    wire = await wires.agent(supervisor_client)
    page = await wire.ask("watch", conversation=chat.public_id, after=0)
    assert len(page["messages"]) == 2
    assert (await wire.send(chat.public_id, "x"))["code"] == "not_found"
    await in_db(world.citizen_says)(chat, "hallo", chat.opened_at)
    assert (await wire.hear("message"))["message"]["text"] == "hallo"


async def test_what_a_colleague_takes_leaves_this_screen(
    open_now, agent_client, second_agent_client, wires
):
    token = world.new_token()
    citizen = await wires.citizen()
    name = (await citizen.start(token))["head"]["conversation"]
    old, new = await wires.agent(agent_client), await wires.agent(second_agent_client)
    await old.ask("watch", conversation=name, after=0)
    await new.say("claim", conversation=name)
    await new.hear("messages")
    await citizen.send("mijn geheim")
    await new.send(name, "ook geheim")
    await citizen.say("typing")
    seen = await old.settle()
    assert {frame["type"] for frame in seen} == {"card"}
    assert not [card for card in seen if "geheim" in str(card)]
    assert (await old.ask("after", conversation=name, after=0))["code"] == "not_found"


async def test_a_text_never_reaches_a_screen_that_missed_the_takeover(
    open_now, second_agent, agent_client, wires
):
    chat = await in_db(world.a_chat)()
    wire = await wires.agent(agent_client)
    await wire.ask("watch", conversation=chat.public_id, after=0)
    # The bell of the takeover is lost; the next one, of a text, is not.
    await in_db(Conversation.objects.update)(state="active", agent=second_agent)
    await in_db(world.citizen_says)(chat, "geheim", chat.opened_at)
    assert await wire.settle() == []


async def test_a_takeover_between_reading_and_joining_shows_nothing(
    open_now, second_agent, agent_client, wires, monkeypatch
):
    from chat.consumers import agent as door

    chat = await in_db(world.a_chat)()
    wire = await wires.agent(agent_client)
    real = door.AgentSocket.join

    async def taken_just_before(self, group):
        await in_db(Conversation.objects.update)(state="active", agent=second_agent)
        await real(self, group)

    monkeypatch.setattr(door.AgentSocket, "join", taken_just_before)
    assert (await wire.ask("watch", conversation=chat.public_id, after=0))["code"] == "not_found"
    await in_db(world.citizen_says)(chat, "geheim", chat.opened_at)
    assert await wire.settle() == []


async def test_a_send_repeated_after_the_takeover_is_still_acknowledged(
    open_now, agent, second_agent, agent_client, wires
):
    chat, ref = await in_db(world.a_chat_with)(agent), uuid.uuid4()
    stored = await in_db(world.agent_says)(chat, agent, "Dag", chat.opened_at, ref)
    await in_db(Conversation.objects.update)(agent=second_agent, handled_by=second_agent)
    wire = await wires.agent(agent_client)
    ack = await wire.send(chat.public_id, "Dag", ref=ref)
    assert (ack["type"], ack["seq"]) == ("ack", stored.seq)


async def test_presence_is_answered_and_reaches_the_other_tab(open_now, agent, agent_client, wires):
    one, two = await wires.agent(agent_client), await wires.agent(agent_client)
    room = {"cap": 20, "open": 0, "wrap_up_until": None}
    away = {"type": "presence", "state": "away", **room}
    assert await one.ask("presence", state="away") == away
    assert (await two.hear("presence"))["state"] == "away"
    assert await one.settle() == []
    assert (await in_db(Presence.objects.get)(agent=agent)).state == "away"
    assert (await one.ask("presence", state="lunch"))["code"] == "bad_frame"


async def test_a_role_taken_away_stops_every_frame(open_now, agent, agent_client, wires):
    chat = await in_db(world.a_chat_with)(agent)
    wire = await wires.agent(agent_client)
    await wire.ask("watch", conversation=chat.public_id, after=0)
    await in_db(agent.role_grants.all().delete)()
    for frame in [*a_frame_of_each(chat.public_id), {"type": "presence", "state": "away"}]:
        assert (await wire.ask(**frame))["code"] == "not_allowed", frame
    assert await in_db(chat.messages.count)() == 2


async def test_logging_out_stops_the_consoles_of_that_login(open_now, agent, agent_client, wires):
    elsewhere = await wires.agent(await in_db(logged_in)(agent))
    wire = await wires.agent(agent_client)
    await in_db(agent_client.logout)()
    assert await wire.next() == {"type": "logged_out"}
    assert (await wire.next())["code"] == 4401
    assert await elsewhere.is_alive()


async def test_a_new_password_stops_every_console(open_now, agent, agent_client, wires):
    wire = await wires.agent(agent_client)
    await in_db(password_changed.send)(sender=None, request=None, user=agent)
    assert await wire.hear("logged_out") == {"type": "logged_out"}


async def test_no_more_than_fit_a_frame_are_watched(open_now, agent_client, wires, monkeypatch):
    from chat import frames

    monkeypatch.setattr(frames, "MAX_WATCHED", 2)
    chats = [await in_db(world.a_chat)() for _ in range(3)]
    wire = await wires.agent(agent_client)
    found = [await wire.ask("watch", conversation=c.public_id, after=0) for c in chats]
    assert [frame.get("code", "shown") for frame in found] == ["shown", "shown", "too_fast"]
    await wire.say("unwatch", conversation=chats[0].public_id)
    again = await wire.ask("watch", conversation=chats[2].public_id, after=0)
    assert again["type"] == "messages"
    too_many = [{"conversation": str(NOBODY), "after": 0}] * 101
    late = await wires.agent(agent_client, greet=False)
    assert (await late.hello(*too_many))["code"] in {"frame_too_big", "bad_frame"}


async def test_outside_the_demo_the_console_asks_for_the_second_step(
    agent, agent_client, wires, settings
):
    settings.DEMO = False
    wire = AgentWire(agent_client)
    assert not await wire.open()
    await wire.close()
    await in_db(Authenticator.objects.create)(user=agent, type="totp", data={})
    wire = AgentWire(agent_client)
    assert await wire.open()
    await wire.close()
