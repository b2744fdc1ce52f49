"""Notes for colleagues: who writes and reads them, and that no citizen ever does."""

import uuid
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async as in_db
from django.utils import timezone

from chat import watch
from chat.actions import closing, notes
from chat.models import Conversation, InternalNote
from chat.retention import anonymise_conversations
from chat.testing import world
from common.errors import RuleBroken
from common.testing.cast import logged_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_lookout(monkeypatch):
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 3_600)


@pytest.fixture
def token():
    return world.new_token()


@pytest.fixture
def chat(open_now, agent, token):
    return world.a_chat_with(agent, timezone.now(), token=token)


def a_note(chat, agent, text="Lift op smalle stoep", **fields):
    given = {"client_ref": uuid.uuid4(), "now": world.NOW, **fields}
    return notes.write_note(conversation=chat, agent=agent, text=text, **given)


async def note_over(wire, chat, text="Lift op smalle stoep", ref=None):
    """Says it and returns `noted` or the refusal."""
    ref = str(ref or uuid.uuid4())
    await wire.say("note", conversation=chat.public_id, ref=ref, text=text)
    while True:
        answer = await wire.next()
        if answer["type"] == "noted" and answer["note"]["id"] == ref:
            return answer
        if answer["type"] == "error":
            return answer


async def watching(wires, person, chat):
    """A console of this person with the conversation on its screen."""
    wire = await wires.agent(await in_db(logged_in)(person))
    await wire.ask("watch", conversation=chat.public_id, after=0)
    return wire


async def test_a_note_is_kept_and_shown_to_every_console_that_shows_the_talk(
    chat, agent_client, supervisor, wires
):
    reader = await watching(wires, supervisor, chat)
    wire = await wires.agent(agent_client)
    note = (await note_over(wire, chat))["note"]
    assert (note["text"], note["name"], note["own"]) == ("Lift op smalle stoep", "Anke", True)
    heard = (await reader.hear("noted"))["note"]
    assert heard == {**note, "own": False}


async def test_the_citizen_hears_nothing_of_it(chat, token, agent_client, wires):
    citizen = await wires.citizen()
    await citizen.hello(token)
    wire = await wires.agent(agent_client)
    await note_over(wire, chat)
    assert not [frame for frame in await citizen.settle() if "note" in str(frame)]
    assert await in_db(world.kinds)(chat) == ["text", "joined"]


async def test_who_opens_the_conversation_gets_its_notes_and_no_others(
    chat, agent, agent_client, wires
):
    other = await in_db(world.a_chat_with)(agent, timezone.now())
    await in_db(a_note)(chat, agent, "van hier")
    await in_db(a_note)(other, agent, "van elders")
    wire = await wires.agent(agent_client)
    await wire.say("watch", conversation=chat.public_id, after=0)
    told = await wire.hear("notes")
    assert told["conversation"] == str(chat.public_id)
    assert [note["text"] for note in told["notes"]] == ["van hier"]


async def test_who_takes_over_reads_what_was_noted(chat, agent, second_agent, wires):
    await in_db(a_note)(chat, agent)
    await in_db(Conversation.objects.filter(pk=chat.pk).update)(
        agent=second_agent, handled_by=second_agent
    )
    wire = await watching(wires, second_agent, chat)
    assert (await wire.hear("notes"))["notes"][0]["own"] is False


async def test_the_same_send_twice_is_one_note(chat, agent_client, wires):
    wire = await wires.agent(agent_client)
    ref = uuid.uuid4()
    first = await note_over(wire, chat, ref=ref)
    second = await note_over(wire, chat, "anders", ref=ref)
    assert first["note"] == second["note"]
    assert await in_db(InternalNote.objects.count)() == 1


async def test_numbers_and_tricks_are_left_out(chat, agent_client, wires):
    wire = await wires.agent(agent_client)
    note = (await note_over(wire, chat, "85.07.30-033.28 \u202enekcirt\x00 "))["note"]
    assert note["text"] == "[rijksregisternummer weggelaten] nekcirt"
    assert "85.07" not in (await in_db(InternalNote.objects.get)()).text


@pytest.mark.parametrize(
    ("text", "code"), [("  \n ", "text_empty"), ("x" * 2_001, "text_too_long")]
)
async def test_nothing_and_too_much_are_refused(chat, agent_client, wires, text, code):
    wire = await wires.agent(agent_client)
    refused = await note_over(wire, chat, text)
    assert (refused["code"], refused["conversation"]) == (code, str(chat.public_id))


async def test_a_malformed_note_is_refused(chat, agent_client, wires):
    wire = await wires.agent(agent_client)
    assert (await wire.ask("note", conversation=chat.public_id, text="x"))["code"] == "bad_frame"


async def test_a_colleague_neither_writes_nor_reads_there(chat, second_agent, wires):
    wire = await wires.agent(await in_db(logged_in)(second_agent))
    assert (await note_over(wire, chat))["code"] == "not_found"
    assert await in_db(InternalNote.objects.count)() == 0


async def test_what_a_colleague_took_shows_no_more_notes_here(
    chat, agent, second_agent, agent_client, wires
):
    wire = await wires.agent(agent_client)
    await wire.ask("watch", conversation=chat.public_id, after=0)
    await in_db(Conversation.objects.filter(pk=chat.pk).update)(
        agent=second_agent, handled_by=second_agent
    )
    await in_db(a_note)(await in_db(world.fresh)(chat), second_agent, "niet voor Anke")
    assert not [frame for frame in await wire.settle() if frame["type"] == "noted"]


async def test_after_the_end_a_note_can_still_be_written(chat, agent, agent_client, wires):
    await in_db(closing.close_by_agent)(
        conversation=chat, topic=await in_db(world.a_topic)(), now=timezone.now()
    )
    wire = await wires.agent(agent_client)
    assert (await note_over(wire, chat))["type"] == "noted"


def test_a_conversation_holds_so_many_notes(open_chat, agent, monkeypatch):
    monkeypatch.setattr(notes, "MAX_NOTES", 2)
    chat = world.a_chat_with(agent)
    for _ in range(2):
        a_note(chat, agent)
    with pytest.raises(RuleBroken, match="too_many_notes"):
        a_note(chat, agent)


def test_no_note_comes_after_the_content_was_removed(open_chat, agent):
    chat = world.a_chat_with(agent)
    a_note(chat, agent)
    closing.close_by_agent(conversation=world.fresh(chat), topic=world.a_topic(), now=world.NOW)
    later = world.NOW + timedelta(days=100)
    anonymise_conversations(now=later, before=later, limit=10)
    with pytest.raises(RuleBroken, match="not_found"):
        a_note(chat, agent)
    assert not InternalNote.objects.exists()
