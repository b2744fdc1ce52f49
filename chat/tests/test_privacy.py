"""What is said in a chat stays in its messages: no log line, no event, no address has it."""

import json
import logging
import uuid

import pytest
from channels.db import database_sync_to_async as in_db
from channels_redis.pubsub import RedisPubSubLoopLayer

from chat import appender
from chat.models import Conversation
from chat.testing import world
from common.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
SECRET, NAME = "mijngeheimpje", "Alfonsine"


def nothing_leaked(caplog, *secrets):
    events = json.dumps(
        list(Event.objects.values("kind", "details", "subject", "actor")), default=str
    )
    for secret in secrets:
        assert secret not in caplog.text
        assert secret not in events


async def test_a_whole_chat_leaves_no_words_names_or_tokens(
    open_now, agent_client, wires, caplog, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    await in_db(world.a_topic)("reispas")
    token = world.new_token()
    citizen, console = await wires.citizen(), await wires.agent(agent_client)
    name = (await citizen.start(token, SECRET, name=NAME))["head"]["conversation"]
    await console.hear("card")
    await console.say("claim", conversation=name)
    await console.hear("messages")
    await console.send(name, f"{SECRET} terug")
    await citizen.send(SECRET * 500)  # refused
    await citizen.raw(json.dumps({"type": "send", "ref": "x", "text": SECRET}))
    await console.send(uuid.uuid4(), SECRET)

    async def fail(self, group, message):
        raise ConnectionError(f"could not send {message}")

    monkeypatch.setattr(RedisPubSubLoopLayer, "group_send", fail)
    await citizen.send(SECRET)
    await console.settle()
    await console.say("close", conversation=name, topic="reispas")
    await console.settle()
    await in_db(nothing_leaked)(caplog, SECRET, NAME, token, "Anke")
    assert await in_db(Event.objects.count)() > 5


async def test_a_failure_on_our_side_logs_no_words(open_now, wires, caplog, monkeypatch):
    def broken(texts):
        # PostgreSQL shows the whole row in such an error.
        raise ValueError(f"DETAIL: Failing row contains ({texts[0].text})")

    citizen = await wires.citizen()
    await citizen.start(world.new_token())
    monkeypatch.setattr(appender, "append_together", broken)
    assert (await citizen.send(SECRET))["code"] == "failed"
    assert "Send failed" in caplog.text
    assert SECRET not in caplog.text


def test_the_database_keeps_no_token(open_now):
    token = world.new_token()
    world.a_chat(token=token)
    row = Conversation.objects.values().get()
    assert token not in json.dumps(row, default=str)


def test_plain_forms_leave_no_words_in_addresses_or_logs(open_now, citizen, caplog):
    caplog.set_level(logging.DEBUG)
    token = world.new_token()
    form = {"step": "start", "token": token, "ref": uuid.uuid4(), "text": SECRET, "name": NAME}
    answer = citizen.post("/chat/", form)
    assert token not in answer["Location"]
    citizen.get("/chat/")
    nothing_leaked(caplog, SECRET, NAME)
