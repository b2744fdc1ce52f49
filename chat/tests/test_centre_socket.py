"""What consoles hear of the queue that empties by itself, of colleagues, and of chats that move."""

import uuid
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async as in_db
from django.utils import timezone

from chat import watch
from chat.actions import queueing
from chat.models import Conversation, InternalNote, Presence
from chat.testing import world

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY = str(uuid.uuid4())


@pytest.fixture
def by_itself(open_now):
    return world.rules(assigns_automatically=True, default_cap=2, wrap_up_seconds=30)


@pytest.fixture
def no_lookout(monkeypatch):
    """What is heard came by bell or as an answer."""
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 3_600)


@pytest.fixture
def quick_looks(monkeypatch):
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0.05)


@pytest.fixture
def colleague(second_agent):
    world.is_there(second_agent, timezone.now())
    return second_agent


async def heard_active(console):
    """The first card of a chat that somebody has."""
    card = (await console.hear("card"))["card"]
    while card["state"] != "active":
        card = (await console.hear("card"))["card"]
    return card


async def test_a_question_is_on_the_agents_screen_and_the_citizen_reads_who_helps(
    by_itself, agent, agent_client, wires, no_lookout
):
    console, citizen = await wires.agent(agent_client), await wires.citizen()
    welcome = await citizen.start(world.new_token())
    assert welcome["type"] == "welcome"
    assert (welcome["head"]["state"], welcome["head"]["agent"]) == ("active", "Anke")
    card = await heard_active(console)
    assert card["agent"] == str(agent.public_id)
    assert (await console.hear("presence"))["open"] == 1


async def test_at_the_cap_a_claim_is_refused_with_a_sentence(
    open_now, agent, agent_client, wires, no_lookout
):
    await in_db(world.rules)(default_cap=1)
    console = await wires.agent(agent_client)
    one, two = [await in_db(world.a_chat)() for _ in range(2)]
    assert (await console.ask("claim", conversation=one.public_id))["type"] == "card"
    await console.say("claim", conversation=two.public_id)
    refused = await console.hear("error")
    assert refused["code"] == "at_cap"
    assert "(1)" in refused["text"]
    assert refused["conversation"] == str(two.public_id)
    # A double click on one's own is none.
    await console.say("claim", conversation=one.public_id)
    assert (await console.hear("card"))["card"]["agent"] == str(agent.public_id)


async def test_a_chat_passed_on_moves_from_one_console_to_the_other(
    open_now, agent, colleague, agent_client, second_agent_client, wires, no_lookout
):
    token = world.new_token()
    chat = await in_db(world.a_chat_with)(agent, timezone.now(), token=token)
    mine, theirs = await wires.agent(agent_client), await wires.agent(second_agent_client)
    citizen = await wires.citizen()
    await citizen.hello(token)
    await mine.ask("watch", conversation=chat.public_id, after=0)
    to = str(colleague.public_id)
    await mine.say("transfer", conversation=chat.public_id, to=to, note="Vraagt een reispas.")
    assert (await mine.hear("card"))["card"]["agent"] == to
    assert (await theirs.hear("card"))["card"]["agent"] == to
    heard = [(await citizen.hear("message"))["message"] for _ in range(2)]
    assert [(m["kind"], m["name"], m["reason"]) for m in heard] == [
        ("left", "Anke", "transferred"),
        ("joined", "Bram", ""),
    ]
    assert "reispas" not in str(citizen.said[1:])
    # A second click, and whatever the first agent still does there.
    await mine.say("transfer", conversation=chat.public_id, to=to, note="Vraagt een reispas.")
    assert (await mine.hear("error"))["code"] == "not_found"
    assert (await mine.send(chat.public_id, "nog iets"))["code"] == "not_found"
    assert await in_db(InternalNote.objects.count)() == 1
    assert next(f for f in theirs.said if f["type"] == "card")["card"]["state"] == "active"


async def test_a_transfer_to_somebody_who_left_or_is_full_says_so(
    open_now, agent, second_agent, colleague, agent_client, wires, no_lookout
):
    await in_db(world.rules)(default_cap=1)
    chat = await in_db(world.a_chat_with)(agent, timezone.now())
    await in_db(world.a_chat_with)(colleague, timezone.now())
    console = await wires.agent(agent_client)
    full, gone = colleague.public_id, NOBODY
    for to, code in ((full, "colleague_full"), (gone, "colleague_gone")):
        refused = await console.ask("transfer", conversation=chat.public_id, to=to, note="x")
        assert (refused["code"], refused["conversation"]) == (code, str(chat.public_id))
    assert (await in_db(world.fresh)(chat)).agent == agent


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "transfer", "conversation": NOBODY},
        {"type": "transfer", "conversation": NOBODY, "to": "Bram", "note": ""},
        {"type": "transfer", "conversation": NOBODY, "to": NOBODY, "note": 3},
        {"type": "hand_over", "to": NOBODY},
        {"type": "ready", "now": True},
        {"type": "presence", "state": "offline"},
        {"type": "close", "conversation": NOBODY, "topic": "x", "reason": "silence"},
    ],
)
async def test_a_malformed_frame_is_refused(open_now, agent_client, wires, frame, no_lookout):
    console = await wires.agent(agent_client)
    assert (await console.ask(**frame))["code"] == "bad_frame"


async def test_of_another_or_of_nobody_looks_the_same(
    open_now, colleague, agent_client, wires, no_lookout
):
    theirs = await in_db(world.a_chat_with)(colleague, timezone.now())
    console = await wires.agent(agent_client)
    for conversation in (theirs.public_id, NOBODY):
        frame = {"conversation": conversation, "to": colleague.public_id, "note": "x"}
        assert (await console.ask("transfer", **frame))["code"] == "not_found"


async def test_handing_over_answers_with_the_cards_and_the_numbers(
    open_now, agent, colleague, agent_client, wires, no_lookout
):
    chats = [await in_db(world.a_chat_with)(agent, timezone.now()) for _ in range(2)]
    await in_db(world.rules)(default_cap=1)
    console = await wires.agent(agent_client)
    await console.say("hand_over")
    told = await console.hear("handed_over")
    assert (told["passed"], told["queued"]) == (1, 1)
    cards = [frame["card"] for frame in console.said if frame["type"] == "card"]
    assert [card["agent"] for card in cards[:2]] == [str(colleague.public_id), None]
    assert (await console.hear("presence"))["state"] == "away"
    await console.say("hand_over")
    again = await console.hear("handed_over")
    assert (again["passed"], again["queued"]) == (0, 0)
    rows = [await in_db(world.fresh)(chat) for chat in chats]
    assert [row.agent for row in rows] == [colleague, None]


async def test_closing_begins_the_time_to_round_off_and_ready_ends_it(
    by_itself, agent, agent_client, wires, no_lookout
):
    chat = await in_db(world.a_chat)(timezone.now())
    await in_db(world.a_topic)("reispas")
    console = await wires.agent(agent_client)
    assert (await in_db(world.fresh)(chat)).agent == agent
    closing = {"conversation": chat.public_id, "topic": "reispas", "reason": "abuse"}
    assert (await console.ask("close", **closing))["card"]["state"] == "closed"
    told = await console.hear("presence")
    assert told["wrap_up_until"] is not None
    assert told["open"] == 0
    assert (await in_db(world.fresh)(chat)).close_reason == "abuse"
    assert (await console.ask("ready"))["wrap_up_until"] is None
    assert (await console.ask("ready"))["wrap_up_until"] is None


async def test_welcome_and_later_changes_tell_who_is_there(
    open_now, agent, agent_client, second_agent, second_agent_client, wires, quick_looks
):
    console = await wires.agent(agent_client, greet=False)
    assert (await console.hello())["colleagues"] == []
    other = await wires.agent(second_agent_client)
    await other.say("presence", state="busy")
    told = await console.hear("colleagues")
    while told["colleagues"] and told["colleagues"][0]["state"] != "busy":
        told = await console.hear("colleagues")
    assert told["colleagues"] == [
        {
            "id": str(second_agent.public_id),
            "name": "Bram",
            "state": "busy",
            "open": 0,
            "cap": 20,
            "is_free": True,
        }
    ]
    assert str(agent.public_id) not in str(told)


async def test_a_cap_changed_in_the_admin_reaches_the_console(
    open_now, agent, agent_client, wires, quick_looks
):
    console = await wires.agent(agent_client)
    presence = await in_db(Presence.objects.get)(agent=agent)
    await in_db(Presence.objects.filter(pk=presence.pk).update)(cap=7)  # no bell at all
    assert (await console.hear("presence"))["cap"] == 7


async def test_time_that_runs_out_gives_the_next_within_a_look(
    by_itself, agent, agent_client, wires, quick_looks
):
    console = await wires.agent(agent_client)
    soon = timezone.now() + timedelta(seconds=0.3)
    await in_db(Presence.objects.update)(wrap_up_until=soon)
    chat = await in_db(world.a_chat)(timezone.now())
    assert (await in_db(world.fresh)(chat)).agent is None
    card = await heard_active(console)
    assert card["agent"] == str(agent.public_id)


async def test_who_let_a_chat_lie_hears_that_the_portal_made_it_away(
    by_itself, agent, agent_client, wires, no_lookout
):
    chat = await in_db(world.a_chat)(timezone.now())
    console = await wires.agent(agent_client)
    assert (await in_db(Conversation.objects.get)(pk=chat.pk)).agent_id == agent.pk

    def lie():
        now = timezone.now()
        Conversation.objects.update(joined_at=now - timedelta(seconds=91))
        return queueing.return_unattended(now=now, rules=world.rules())

    assert await in_db(lie)() == 1
    assert (await console.hear("presence"))["state"] == "away"
    assert (await console.ask("presence", state="available"))["state"] == "available"
    assert (await in_db(world.fresh)(chat)).agent == agent


async def test_a_role_taken_away_stops_the_new_frames_too(
    open_now, agent, colleague, agent_client, wires, no_lookout
):
    chat = await in_db(world.a_chat_with)(agent, timezone.now())
    console = await wires.agent(agent_client)
    await in_db(agent.role_grants.all().delete)()
    moving = {"conversation": chat.public_id, "to": colleague.public_id, "note": ""}
    for kind, fields in (("transfer", moving), ("hand_over", {}), ("ready", {})):
        assert (await console.ask(kind, **fields))["code"] == "not_allowed"
