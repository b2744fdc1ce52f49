"""Every open widget and every console hears at once that the telephone comes first."""

import json

import pytest
from channels.db import database_sync_to_async as in_db
from django.test import Client
from django.utils import timezone

from accounts.models import RoleGrant
from chat import watch
from chat.actions import rush
from chat.consumers import citizen as citizen_socket
from chat.models import AllowedSite, ChatRules, ChatStop, PhoneFirst
from chat.testing import world
from chat.testing.sockets import Wire
from city.models import Announcement
from common.hub import Hub

pytestmark = pytest.mark.django_db(transaction=True)
STOP = {"text": "Even dicht.", "text_en": "Closed for a moment."}


@pytest.fixture(autouse=True)
def hears_the_status(monkeypatch):
    monkeypatch.setattr(Wire, "BY_ITSELF", ("queue",))


@pytest.fixture
def deaf(monkeypatch):
    """The layer loses every announcement; the lookout looks often."""

    async def lose(self, group, message):
        return None

    monkeypatch.setattr(Hub, "ring", lose)
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0.05)


async def a_listener(wires, lang="nl", **fields):
    wire = await wires.citizen(**fields)
    status = await wire.ask("listen", v=1, lang=lang)
    assert status["type"] == "status"
    return wire, status


async def a_supervisor(wires, supervisor_client):
    return await wires.agent(supervisor_client)


# --- citizens ------------------------------------------------------------------------------------


async def test_a_listener_hears_how_it_stands_and_what_changes(open_now, wires, supervisor_client):
    console = await a_supervisor(wires, supervisor_client)
    dutch, status = await a_listener(wires)
    english, _ = await a_listener(wires, "en")
    assert (status["state"], status["announcement"]) == ("open", "")
    await console.say("phone_first", on=True, minutes=30)
    heard = await dutch.hear("status")
    rules = await in_db(ChatRules.current)()
    assert (heard["state"], heard["announcement"]) == ("busy", rules.phone_first_text)
    assert (await english.hear("status"))["announcement"] == rules.phone_first_text_en
    await console.say("phone_first", on=False)
    assert await dutch.hear("status") == status


async def test_a_citizen_in_a_conversation_hears_it_too_and_talks_on(
    open_now, wires, supervisor_client
):
    console, citizen = await a_supervisor(wires, supervisor_client), await wires.citizen()
    await citizen.start(world.new_token())
    await console.say("phone_first", on=True)
    assert (await citizen.hear("status"))["announcement"]
    await console.say("stop_chat", **STOP)
    assert (await citizen.hear("status"))["state"] == "closed"
    assert (await citizen.send("Ik ben er nog"))["type"] == "ack"


@pytest.mark.parametrize("who", ["listener", "citizen"])
async def test_what_the_bell_loses_the_lookout_brings(
    open_now, agent, supervisor, wires, deaf, who
):
    if who == "listener":
        wire, _ = await a_listener(wires)
    else:
        wire = await wires.citizen()
        await wire.start(world.new_token())
        await wire.settle()
    now = timezone.now()
    await in_db(rush.switch_on)(by=supervisor, until=now + rush.LONGEST, now=now)
    assert (await wire.hear("status"))["announcement"]
    await in_db(rush.switch_off)(by=supervisor, now=timezone.now())
    assert (await wire.hear("status"))["announcement"] == ""
    assert await wire.settle() == []  # each once


async def test_who_connects_while_it_is_on_hears_it_within_a_look(
    open_now, supervisor, wires, deaf
):
    now = timezone.now()
    await in_db(rush.switch_on)(by=supervisor, until=now + rush.LONGEST, now=now)
    wire = await wires.citizen()
    await wire.start(world.new_token())
    assert (await wire.hear("status"))["announcement"]


async def test_its_own_end_is_heard_without_anybody(open_now, supervisor, wires, deaf):
    wire, _ = await a_listener(wires)
    now = timezone.now()
    await in_db(rush.switch_on)(by=supervisor, until=now + rush.LONGEST, now=now)
    assert (await wire.hear("status"))["announcement"]
    # What the clock does: no bell, no sweep.
    await in_db(PhoneFirst.objects.update)(until=timezone.now())
    await in_db(Announcement.objects.update)(ends_at=timezone.now())
    assert (await wire.hear("status"))["announcement"] == ""


async def test_after_listen_a_start_on_the_same_or_another_socket_works(open_now, wires):
    wire, _ = await a_listener(wires)
    assert (await wire.start(world.new_token()))["type"] == "welcome"
    assert (await wire.ask("listen", v=1, lang="nl"))["code"] == "already_started"
    other = await wires.citizen()
    assert (await other.start(world.new_token()))["type"] == "welcome"


async def test_a_start_that_is_refused_leaves_a_listener(open_now, supervisor, wires):
    await in_db(rush.stop_chat)(by=supervisor, now=timezone.now(), **STOP)
    wire, status = await a_listener(wires, "en")
    assert (status["state"], status["sentence"]) == ("closed", STOP["text_en"])
    refused = await wire.start(world.new_token(), lang="en")
    assert (refused["code"], refused["text"]) == ("chat_closed", STOP["text_en"])
    await in_db(rush.resume_chat)(by=supervisor, now=timezone.now())
    assert (await wire.hear("status"))["state"] == "open"


async def test_a_listener_may_say_nothing_else(open_now, wires):
    wire, status = await a_listener(wires)
    assert (await wire.ask("send", ref=world.uuid.uuid4(), text="Dag"))["code"] == "not_started"
    assert (await wire.ask("listen", v=2, lang="nl"))["code"] == "wrong_version"
    assert (await wire.ask("listen", v=1, lang="de"))["code"] == "bad_frame"
    assert await wire.ask("listen", v=1, lang="nl") == status  # twice is harmless
    assert await wire.is_alive()


async def test_a_listener_is_not_closed_as_one_that_never_opened(open_now, wires, monkeypatch):
    monkeypatch.setattr(citizen_socket, "OPEN_WITHIN_S", 0.2)
    silent = await wires.citizen()
    wire, _ = await a_listener(wires)
    assert (await silent.next()) == {"type": "(closed)", "code": 4408}
    assert await wire.is_alive()


async def test_a_listener_is_closed_after_its_time(open_now, wires, monkeypatch):
    monkeypatch.setattr(citizen_socket, "LISTEN_FOR_S", 0.1)
    wire, _ = await a_listener(wires)
    assert (await wire.next()) == {"type": "(closed)", "code": 4408}


async def test_a_listener_on_a_site_that_is_no_longer_allowed_is_closed(
    open_now, wires, monkeypatch
):
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0.05)
    site = await in_db(AllowedSite.objects.create)(origin="https://bib.example", name="Bib")
    wire, _ = await a_listener(wires, origin="https://bib.example")
    await in_db(site.delete)()
    assert (await wire.hear("error"))["code"] == "wrong_origin"
    assert (await wire.next())["code"] == 4403


async def test_a_socket_that_is_gone_is_told_nothing(open_now, wires, supervisor):
    wire, _ = await a_listener(wires)
    await wire.close()
    wires.open.clear()
    await in_db(rush.stop_chat)(by=supervisor, now=timezone.now(), **STOP)
    assert watch.lookout().sockets == set()


async def test_a_client_without_a_socket_hears_it_with_its_answers(open_now, supervisor):
    token = world.new_token()

    def ask(type, **fields):
        frame = {"type": type, "v": 1, "token": token, **fields}
        answer = Client().post(
            "/chat/frames.json", json.dumps({"frames": [frame]}), content_type="application/json"
        )
        return answer.json()["frames"]

    ref = str(world.uuid.uuid4())
    opened = await in_db(ask)("start", ref=ref, text="Dag", lang="nl", page="/")
    assert [frame["type"] for frame in opened] == ["welcome", "queue"]
    now = timezone.now()
    await in_db(rush.switch_on)(by=supervisor, until=now + rush.LONGEST, now=now)
    welcome, *_, status = await in_db(ask)("hello", after=1)
    assert (welcome["type"], status["type"], status["state"]) == ("welcome", "status", "busy")
    assert status["announcement"]
    await in_db(rush.switch_off)(by=supervisor, now=timezone.now())
    assert (await in_db(ask)("hello", after=1))[-1]["announcement"] == ""  # that it is over


# --- consoles ------------------------------------------------------------------------------------


async def test_every_console_hears_it_and_only_supervisors_may_switch(
    open_now, agent_client, supervisor_client, wires
):
    console, other = await wires.agent(supervisor_client), await wires.agent(agent_client)
    (mine,) = [frame for frame in console.said if frame["type"] == "rush"]
    (theirs,) = [frame for frame in other.said if frame["type"] == "rush"]
    assert (mine["may_switch"], theirs["may_switch"]) == (True, False)
    assert mine["phone_first"] is mine["stop"] is mine["rests_until"] is None
    await console.say("phone_first", on=True, minutes=30)
    for wire in (console, other):
        first = (await wire.hear("rush"))["phone_first"]
        assert (first["by"], first["source"]) == ("Carla", "supervisor")
        assert first["until"].endswith("Z")
    await console.say("stop_chat", minutes=60, **STOP)
    assert (await other.hear("rush"))["stop"]["text"] == STOP["text"]
    await console.say("resume_chat")
    assert (await other.hear("rush"))["stop"] is None


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "phone_first", "on": True},
        {"type": "phone_first", "on": False},
        {"type": "stop_chat", **STOP},
        {"type": "resume_chat"},
    ],
)
async def test_an_agent_may_not_and_hears_who_may(open_now, agent_client, wires, frame):
    console = await wires.agent(agent_client)
    answer = await console.ask(**frame)
    assert (answer["type"], answer["code"]) == ("error", "supervisors_only")
    assert not await in_db(PhoneFirst.objects.exists)()
    assert not await in_db(ChatStop.objects.exists)()
    assert await console.is_alive()


async def test_the_role_is_read_at_each_frame(open_now, supervisor, supervisor_client, wires):
    console = await wires.agent(supervisor_client)
    await in_db(RoleGrant.objects.filter(user=supervisor).update)(role="agent")
    assert (await console.ask("phone_first", on=True))["code"] == "supervisors_only"


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "phone_first"},
        {"type": "phone_first", "on": "yes"},
        {"type": "phone_first", "on": True, "minutes": 0},
        {"type": "phone_first", "on": True, "minutes": 241},
        {"type": "phone_first", "on": True, "minutes": 1.5},
        {"type": "stop_chat"},
        {"type": "stop_chat", "text": "x", "minutes": 1_441},
        {"type": "stop_chat", "text": 7},
        {"type": "resume_chat", "now": True},
    ],
)
async def test_a_malformed_frame_changes_nothing(open_now, supervisor_client, wires, fields):
    console = await wires.agent(supervisor_client)
    assert (await console.ask(**fields))["code"] == "bad_frame"
    assert not await in_db(PhoneFirst.objects.exists)()
    assert await console.is_alive()


async def test_a_double_click_is_answered_twice_and_changes_once(
    open_now, supervisor_client, wires
):
    console = await wires.agent(supervisor_client)
    for _ in range(2):
        await console.say("phone_first", on=True)
    await console.settle()
    assert await in_db(PhoneFirst.objects.count)() == 1
    for _ in range(2):
        await console.say("phone_first", on=False)
    await console.settle()
    assert (await console.ask("phone_first", on=False))["phone_first"] is None


async def test_no_words_are_refused_in_the_language_of_the_console(
    open_now, supervisor_client, wires
):
    console = await wires.agent(supervisor_client)
    answer = await console.ask("stop_chat", text="   ")
    assert (answer["code"], "200" in answer["text"]) == ("stop_text", True)


async def test_what_the_exchange_does_a_console_hears_without_an_end(
    open_now, agent_client, wires, deaf
):
    console = await wires.agent(agent_client)
    await in_db(world.rules)(phone_first_on_calls=6)
    await in_db(rush.hear_exchange)(waiting_calls=9, now=timezone.now())
    first = (await console.hear("rush"))["phone_first"]
    assert first == {"until": None, "by": "", "source": "exchange"}
    await in_db(rush.hear_exchange)(waiting_calls=9, now=timezone.now())
    assert [frame for frame in await console.settle() if frame["type"] == "rush"] == []
