"""Whatever comes in at either door, the answer is an error frame and the connection stays."""

import json
import uuid

import pytest
from channels.db import database_sync_to_async as in_db
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import appender
from chat.consumers import AgentSocket, CitizenSocket
from chat.models import Conversation
from chat.sentences import SENTENCES, error_frame, sentence
from chat.testing import world
from common.errors import RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)
REF = "6f1c0e5e-55f5-4d3c-9d6c-0a7a3f5f2b11"
MALFORMED = [
    " ",
    "nee",
    "[]",
    "null",
    '"send"',
    "{}",
    '{"type": "dans"}',
    '{"type": 5}',
    '{"type": "send"}',
    '{"type": "send", "ref": "geen-uuid", "text": "x"}',
    f'{{"type": "send", "ref": "{REF}", "text": 5}}',
    f'{{"type": "send", "ref": "{REF}", "text": "x", "admin": true}}',
    f'{{"type": "send", "ref": "{REF}", "text": "\\ud800"}}',
    '{"type": "read", "seq": -1}',
    '{"type": "read", "seq": 99999999999}',
    '{"type": "read", "seq": "1"}',
    '{"type": "after", "after": 1.5}',
    '{"type": "ping", "extra": 1}',
    "[" * 8_000,
    '{"type": ' + '{"a":' * 1_500,
    '{"type": "ping"} {"type": "ping"}',
]


async def codes_of(wire, raws):
    codes = []
    for raw in raws:
        await wire.raw(raw)
        frame = await wire.next()
        assert frame["type"] == "error", (raw[:60], frame)
        codes.append(frame["code"])
    return codes


async def test_malformed_frames_are_refused_and_the_next_one_works(
    open_now, agent_client, wires, settings
):
    settings.SOCKET_FRAMES_PER_SECOND = 1_000
    citizen, console = await wires.citizen(), await wires.agent(agent_client)
    for wire in (citizen, console):
        assert set(await codes_of(wire, MALFORMED)) == {"bad_frame"}
        assert await wire.is_alive()
    assert (await citizen.start(world.new_token()))["type"] == "welcome"
    assert set(await codes_of(citizen, MALFORMED)) == {"bad_frame"}
    assert (await citizen.send("toch nog"))["type"] == "ack"


async def test_binary_frames_are_refused(wires, agent_client):
    for wire in (await wires.citizen(), await wires.agent(agent_client)):
        await wire.raw(data=b'{"type": "ping"}')
        assert (await wire.next())["code"] == "bad_frame"
        assert await wire.is_alive()


async def test_a_frame_of_8_kib_is_the_largest(open_now, wires):
    wire = await wires.citizen()
    await wire.start(world.new_token())
    frame = json.dumps({"type": "send", "ref": REF, "text": ""})
    for text, code in (
        ("x" * (8_192 - len(frame)), "text_too_long"),
        ("x" * (8_193 - len(frame)), "frame_too_big"),
        ("é" * 4_096, "frame_too_big"),
        ("x" * 100_000, "frame_too_big"),
    ):
        await wire.raw(frame[:-2] + text + frame[-2:])
        assert (await wire.next())["code"] == code
    assert await wire.is_alive()


async def test_two_thousand_of_any_character_fit_in_a_frame(open_now, wires):
    wire = await wires.citizen()
    await wire.start(world.new_token())
    for character in ("é", "€", "🎉", "\n."):
        text = (character * 2_000)[:2_000]
        assert (await wire.send(text))["type"] == "ack", character


async def test_refusals_name_the_ref_they_answer(open_now, wires):
    wire = await wires.citizen()
    await wire.start(world.new_token())
    for text, code in (("   ", "text_empty"), ("x" * 2_001, "text_too_long")):
        ref = uuid.uuid4()
        refused = await wire.send(text, ref)
        assert (refused["code"], refused["ref"]) == (code, str(ref))


async def test_nothing_but_a_start_comes_first(open_now, wires):
    wire = await wires.citizen()
    for frame in (
        {"type": "send", "ref": REF, "text": "x"},
        {"type": "after", "after": 0},
        {"type": "read", "seq": 1},
        *({"type": name} for name in ("typing", "extend", "end", "continue")),
    ):
        assert (await wire.ask(**frame))["code"] == "not_started", frame
    assert await wire.is_alive()
    assert await in_db(Conversation.objects.count)() == 0


async def test_a_second_start_or_hello_is_refused(open_now, wires):
    wire, token = await wires.citizen(), world.new_token()
    await wire.start(token)
    assert (await wire.start(world.new_token()))["code"] == "already_started"
    assert (await wire.hello(token))["code"] == "already_started"
    assert await in_db(Conversation.objects.count)() == 1
    assert (await wire.send("nog iets"))["type"] == "ack"


async def test_a_refused_start_may_be_corrected_on_the_same_connection(open_now, wires):
    wire, token = await wires.citizen(), world.new_token()
    assert (await wire.start(token, " "))["code"] == "text_empty"
    assert (await wire.start(token, v=2))["code"] == "wrong_version"
    assert (await wire.start(token, lang="fr"))["code"] == "bad_frame"
    assert (await wire.start(token, page="/" * 501))["code"] == "bad_frame"
    assert (await wire.start(token, name="x" * 61))["code"] == "bad_frame"
    assert (await wire.start(token, "Dag!"))["type"] == "welcome"


@pytest.mark.parametrize("bad", ["", "kort", "x" * 42, "x" * 44, "é" * 43, "x" * 42 + "\n"])
async def test_a_wrong_token_opens_nothing(open_now, wires, bad):
    wire = await wires.citizen()
    assert (await wire.hello(bad))["code"] == "wrong_token"
    assert (await wire.start(bad))["code"] == "wrong_token"
    assert await wire.is_alive()


async def test_a_token_nobody_has_opens_nothing(open_now, wires):
    await in_db(world.a_chat)(token=world.new_token())
    wire = await wires.citizen()
    assert (await wire.hello(world.new_token()))["code"] == "wrong_token"
    assert (await wire.send("van wie?"))["code"] == "not_started"


async def test_a_closed_chat_says_so_and_keeps_the_connection(agent, wires):
    wire = await wires.citizen()
    refused = await wire.start(world.new_token())
    assert (refused["code"], refused["ref"] is None) == ("chat_closed", False)
    assert await wire.is_alive()


async def test_errors_speak_the_language_of_the_conversation(open_now, wires):
    token = world.new_token()
    english = await wires.citizen()
    await english.start(token, lang="en")
    assert (await english.send(" "))["text"] == "Type your message first."
    other_tab = await wires.citizen()
    await other_tab.hello(token)
    assert (await other_tab.send(" "))["text"] == "Type your message first."
    dutch = await wires.citizen()
    await dutch.start(world.new_token(), lang="nl")
    assert (await dutch.send(" "))["text"] == sentence(RuleBroken("text_empty"), "nl")
    early = await wires.citizen()
    refused = await early.start(world.new_token(), lang="en", v=7)
    assert refused["text"] == sentence(RuleBroken("wrong_version"), "en")


@pytest.mark.parametrize("origin", [None, "https://elders.example", "null", "http://localhost.x"])
async def test_a_foreign_page_is_refused_at_the_handshake(wires, agent_client, origin):
    from chat.testing.sockets import AgentWire, CitizenWire

    for wire in (CitizenWire(origin=origin), AgentWire(agent_client, origin=origin)):
        assert not await wire.open()
        await wire.close()


async def test_what_breaks_on_our_side_is_said_and_the_frame_may_be_repeated(
    open_now, wires, monkeypatch, caplog
):
    wire, ref = await wires.citizen(), uuid.uuid4()
    await wire.start(world.new_token())
    with monkeypatch.context() as broken:
        broken.setattr(appender, "append_together", lambda texts: 1 / 0)
        refused = await wire.send("hallo", ref)
    assert (refused["code"], refused["ref"]) == ("failed", str(ref))
    assert "Uw tekst staat er nog" in refused["text"]
    assert "hallo" not in caplog.text
    assert (await wire.send("hallo", ref))["type"] == "ack"


def test_every_code_has_a_sentence_in_both_languages():
    for code in SENTENCES:
        broken = RuleBroken(code, limit=2_000, retry_after_s=3, cap=3, name="Bram")
        for ref in (None, REF):
            dutch, english = (error_frame(broken, lang, ref=ref)["text"] for lang in ("nl", "en"))
            assert dutch != english
            assert "%" not in dutch + english


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
names = st.sampled_from(["type", "v", "token", "ref", "text", "after", "seq", "conversation"])


@settings(max_examples=200, deadline=None)
@given(frame=st.dictionaries(names, json_values | st.just("send") | st.just("hello")))
def test_no_json_breaks_the_decoder(frame):
    for socket in (CitizenSocket(), AgentSocket()):
        try:
            decoded = socket._decoded(json.dumps(frame))
        except RuleBroken as broken:
            if broken.code not in {"bad_frame", "frame_too_big"}:
                raise
        else:
            assert type(decoded) in socket.handlers
