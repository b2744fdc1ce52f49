"""The citizen's door: each frame, done right, done wrong, done twice."""

import uuid
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async as in_db
from django.utils import timezone

from chat.actions import closing, queueing
from chat.models import Conversation, Message
from chat.testing import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token():
    return world.new_token()


async def test_a_start_is_welcomed_with_its_first_message(open_now, wires, token):
    wire, ref = await wires.citizen(), uuid.uuid4()
    welcome = await wire.start(token, "Dag!", ref=ref, name=" An  Peeters ")
    head, message = welcome["head"], welcome["messages"][0]
    assert (welcome["type"], welcome["v"], welcome["more"]) == ("welcome", 1, False)
    assert (head["seq"], head["state"], head["agent"]) == (1, "waiting", "")
    assert (message["seq"], message["text"], message["ref"]) == (1, "Dag!", str(ref))
    row = await in_db(Conversation.objects.get)(public_id=head["conversation"])
    assert (row.name, row.page, row.language) == ("An Peeters", "/", "nl")
    assert token not in (row.token_hash, row.first_words)


async def test_a_start_repeated_after_a_lost_answer_finds_its_conversation(open_now, wires, token):
    ref = uuid.uuid4()
    first = await (await wires.citizen()).start(token, ref=ref)
    again = await (await wires.citizen()).start(token, ref=ref)
    assert again["head"]["conversation"] == first["head"]["conversation"]
    assert again["messages"] == first["messages"]
    assert await in_db(Message.objects.count)() == 1


async def test_a_send_is_acknowledged_and_a_repetition_says_the_same_number(open_now, wires, token):
    wire, ref = await wires.citizen(), uuid.uuid4()
    await wire.start(token)
    ack = await wire.send("En zondag?", ref)
    assert (ack["type"], ack["seq"]) == ("ack", 2)
    assert await wire.send("En zondag?", ref) == ack
    await wire.settle()
    heard = [f["message"]["seq"] for f in wire.said if f["type"] == "message"]
    assert heard == [2]


async def test_two_tabs_show_the_same(open_now, wires, token):
    one, two = await wires.citizen(), await wires.citizen()
    await one.start(token)
    assert (await two.hello(token))["messages"][0]["seq"] == 1
    await one.send("van links")
    await two.send("van rechts")
    for tab in (one, two):
        await tab.settle()
        texts = [f["message"]["text"] for f in tab.said if f["type"] == "message"]
        assert texts == ["van links", "van rechts"]


async def test_hello_brings_what_came_after_the_last_number(open_now, wires, token):
    wire = await wires.citizen()
    await wire.start(token)
    for n in range(3):
        await wire.send(f"nummer {n + 2}")
    await wire.close()
    welcome = await (await wires.citizen()).hello(token, after=2)
    assert [m["seq"] for m in welcome["messages"]] == [3, 4]
    beyond = await (await wires.citizen()).hello(token, after=99)
    assert (beyond["messages"], beyond["head"]["seq"]) == ([], 4)


async def test_a_long_conversation_comes_in_pages(open_now, agent, wires, token):
    def write() -> None:
        chat = world.a_chat_with(agent, token=token)
        for n in range(300):
            world.agent_says(chat, agent, str(n))

    await in_db(write)()
    wire = await wires.citizen()
    welcome = await wire.hello(token)
    assert ([m["seq"] for m in welcome["messages"]], welcome["more"]) == ([*range(1, 201)], True)
    rest = await wire.ask("after", after=200)
    assert (rest["type"], rest["more"], rest["head"]["seq"]) == ("messages", False, 302)
    assert [m["seq"] for m in rest["messages"]] == [*range(201, 303)]


async def test_a_read_mark_moves_forward_only(open_now, wires, token):
    wire = await wires.citizen()
    await wire.start(token)
    await wire.send("twee")
    await wire.settle()
    await wire.say("read", seq=2)
    assert (await wire.hear("head"))["head"]["read"] == {"citizen": 2, "agent": 0}
    await wire.say("read", seq=1)
    await wire.say("read", seq=2_000_000)
    assert await wire.settle() == []


async def test_a_citizen_ends_once(open_now, wires, token):
    wire = await wires.citizen()
    await wire.start(token)
    await wire.say("end")
    closed = await wire.hear("message")
    assert (closed["message"]["kind"], closed["message"]["reason"]) == ("closed", "citizen")
    assert (closed["head"]["state"], closed["head"]["continue_until"]) == ("closed", None)
    assert (await wire.ask("end"))["code"] == "conversation_closed"
    refused = await wire.send("nog iets")
    assert refused["code"] == "conversation_closed"
    assert (await wire.ask("continue"))["code"] == "cannot_continue"
    assert (await wire.ask("extend"))["code"] == "conversation_closed"
    assert await wire.is_alive()


async def test_silence_is_extended_and_what_it_ended_continued(open_now, agent, wires, token):
    await in_db(world.a_chat_with)(agent, token=token)
    wire = await wires.citizen()
    await wire.hello(token)
    await in_db(Conversation.objects.update)(silence_ends_at=world.after(0))
    await wire.say("extend")
    assert (await wire.hear("message"))["message"]["kind"] == "still_there"
    await in_db(_close_by_silence)()
    await wire.say("continue")
    continued = await wire.hear("message")
    assert (continued["message"]["kind"], continued["head"]["state"]) == ("continued", "waiting")


def _close_by_silence() -> None:
    from django.utils import timezone

    Conversation.objects.update(
        state="closed", agent=None, closed_at=timezone.now(), close_reason="silence"
    )


async def test_typing_goes_to_the_other_side_as_a_state_only(open_now, agent, agent_client, wires):
    chat = await in_db(world.a_chat_with)(agent, token=(token := world.new_token()))
    citizen, console = await wires.citizen(), await wires.agent(agent_client)
    await citizen.hello(token)
    await console.ask("watch", conversation=chat.public_id, after=0)
    await citizen.say("typing")
    await citizen.say("typing")  # at most one in two seconds goes on
    typing = {"type": "typing", "conversation": str(chat.public_id), "author": "citizen"}
    assert [f for f in await console.settle() if f["type"] == "typing"] == [typing]
    await console.say("typing", conversation=chat.public_id)
    assert await citizen.hear("typing") == {"type": "typing", "author": "agent"}


async def test_dirty_text_name_and_page_are_cleaned_before_they_are_stored(open_now, wires, token):
    wire = await wires.citizen()
    dirty = {"text": "a\u202eb\x00c", "name": "E\x00vi\u202e", "page": "/x\x00"}
    welcome = await wire.start(token, **dirty)
    assert welcome["messages"][0]["text"] == "abc"
    row = await in_db(Conversation.objects.get)()
    assert (row.first_words, row.name, row.page) == ("abc", "Evi", "/x")


async def test_one_address_starts_a_limited_number_of_chats(open_now, wires):
    await in_db(world.rules)(new_chats_per_hour=2)
    codes = []
    for _ in range(3):
        wire = await wires.citizen(peer="192.0.2.7")
        codes.append((await wire.start(world.new_token())).get("code"))
    assert codes == [None, None, "too_many"]
    elsewhere = await wires.citizen(peer="192.0.2.8")
    assert (await elsewhere.start(world.new_token()))["type"] == "welcome"


async def test_one_tab_cannot_flood_the_door(open_now, wires, token, settings):
    settings.SOCKET_FRAMES_PER_SECOND = 5
    wire = await wires.citizen()
    await wire.start(token)
    for _ in range(40):
        await wire.say("ping")
    flood = [await wire.next() for _ in range(40)]
    refused = [frame for frame in flood if frame["type"] == "error"]
    assert refused
    assert {(f["code"], f["retry_after_s"]) for f in refused} == {("too_fast", 2)}
    assert len(refused) < 40


async def test_the_citizen_ends_while_an_agent_just_takes_it(
    open_now, agent, wires, token, monkeypatch
):
    wire = await wires.citizen()
    await wire.start(token)
    real = closing.end_by_citizen

    def taken_just_before(*, conversation, now):
        if not conversation.agent_id and conversation.state == "waiting":
            queueing.claim(conversation=conversation, agent=agent, now=now)
        real(conversation=conversation, now=now)

    monkeypatch.setattr(closing, "end_by_citizen", taken_just_before)
    await wire.say("end")
    kinds = [(await wire.hear("message"))["message"]["kind"] for _ in range(2)]
    assert kinds == ["joined", "closed"]


async def test_a_conversation_that_was_removed_is_not_found_any_more(open_now, wires, token):
    wire = await wires.citizen()
    await wire.start(token)
    await in_db(Message.objects.all().delete)()
    await in_db(Conversation.objects.all().delete)()
    for frame in ({"type": "after", "after": 0}, {"type": "end"}):
        assert (await wire.ask(frame.pop("type"), **frame))["code"] == "wrong_token"
    assert (await wire.send("nog iets"))["code"] == "wrong_token"


async def test_history_is_not_asked_without_end(open_now, wires, token):
    wire = await wires.citizen()
    await wire.start(token)
    found = [(await wire.ask("after", after=0)).get("code") for _ in range(24)]
    assert found[:20] == [None] * 20
    assert found[-1] == "too_fast"
    assert (await wire.send("en toch"))["type"] == "ack"


async def test_a_page_of_long_texts_is_short(open_now, agent, wires, token):
    chat = await in_db(world.a_chat_with)(agent, token=token)
    for n in range(40):
        await in_db(world.agent_says)(chat, agent, f"{n} " + "x" * 1_990)
    wire = await wires.citizen()
    welcome = await wire.hello(token)
    assert welcome["more"]
    seen = [message["seq"] for message in welcome["messages"]]
    assert len(seen) < 35
    rest = await wire.ask("after", after=seen[-1])
    assert seen + [message["seq"] for message in rest["messages"]] == list(range(1, 43))


async def test_a_chat_that_ended_long_ago_opens_no_more(open_now, wires, token):
    wire = await wires.citizen()
    await wire.start(token)
    await wire.say("end")
    await wire.hear("message")
    assert (await (await wires.citizen()).hello(token))["type"] == "welcome"
    long_ago = timezone.now() - timedelta(hours=25)
    await in_db(Conversation.objects.update)(closed_at=long_ago)
    assert (await (await wires.citizen()).hello(token))["code"] == "wrong_token"
    assert (await (await wires.citizen()).start(token))["code"] == "wrong_token"
