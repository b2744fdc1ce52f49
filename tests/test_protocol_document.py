"""docs/chat-protocol.md says what the portal does: whoever writes a client has nothing else."""

import json
import re
import uuid
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

from chat import events, files, frames, polling, transcript_views
from chat.actions.cards import send_card
from chat.actions.notes import write_note
from chat.consumers import agent as agent_socket
from chat.consumers import citizen as citizen_socket
from chat.models import ChatRules, ReadyAnswer
from chat.sentences import SENTENCES
from chat.states import Kind, Reason, State
from chat.testing import world
from chat.testing.files import citizen_shares, disk  # noqa: F401  a fixture
from city.models import Product
from city.remembered import forget
from common.throttle import PEOPLE_AT_ONE_ADDRESS

BASE = Path(__file__).resolve().parent.parent
DOCUMENT = (BASE / "docs" / "chat-protocol.md").read_text()
CITIZEN, AGENT = "The citizen's socket: `/ws/chat/`", "The agent's socket: `/ws/console/`"
FRAMES = {CITIZEN: frames.CitizenFrame, AGENT: frames.AgentFrame}
FEWEST = {CITIZEN: 13, AGENT: 21}
CODE = re.compile(r"`([a-z_]+)`")


def section(*titles: str) -> str:
    """What stands under a heading, or under one below it; its own subheadings included."""
    text = DOCUMENT
    for depth, title in enumerate(titles, start=2):
        found = re.split(rf"^{'#' * depth} {re.escape(title)}\n", text, flags=re.MULTILINE)
        assert len(found) == 2, f"{title}: {len(found) - 1} times"
        text = re.split(rf"^#{{2,{depth}}} ", found[1], flags=re.MULTILINE)[0]
    return text


def examples(text: str) -> list[dict]:
    """Every JSON object in the fences of a text. `{…}` stands for one that is shown elsewhere."""
    decoder, found = json.JSONDecoder(), []
    for fence in re.findall(r"^```json\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        rest = fence.replace("{…}", '{"elsewhere": true}').lstrip()
        while rest:
            example, end = decoder.raw_decode(rest)
            found.append(example)
            rest = rest[end:].lstrip()
    return found


def rows(text: str) -> list[list[str]]:
    """The cells of every table of a text, without headings."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [cell for place, cell in enumerate(cells) if not is_heading(cells, place)]


def is_heading(cells: list[list[str]], place: int) -> bool:
    rules = [set(row[0]) == {"-"} for row in cells]
    return rules[place] or (place + 1 < len(rules) and rules[place + 1])


def shown(keys: str) -> dict:
    """The one example whose keys say what it is."""
    (found, *more) = [one for one in examples(DOCUMENT) if keys in one and "type" not in one]
    assert not more
    return found


def tag(frame: type) -> str:
    return str(msgspec.inspect.type_info(frame).tag)  # type: ignore[attr-defined]


@pytest.fixture
def open_chat(agent):
    """The chat is open at `world.NOW`; nothing that was remembered of it reaches the next test."""
    forget()
    yield world.open_for_business(agent)
    forget()


@pytest.mark.parametrize("socket", FRAMES)
def test_every_example_of_a_client_is_understood(socket):
    decoder = msgspec.json.Decoder(FRAMES[socket])
    found = examples(section(socket, "Client to server"))
    assert len(found) >= FEWEST[socket]
    for example in found:
        assert tag(type(decoder.decode(json.dumps(example)))) == example["type"]


@pytest.mark.parametrize("socket", FRAMES)
def test_every_frame_of_a_client_has_a_row_and_an_example(socket):
    understood = {tag(frame) for frame in get_args(FRAMES[socket])}
    assert len(understood) == FEWEST[socket]
    text = section(socket, "Client to server")
    assert {example["type"] for example in examples(text)} == understood
    assert [CODE.findall(row[0])[0] for row in rows(text)] == [
        tag(frame) for frame in get_args(FRAMES[socket])
    ]


@pytest.mark.parametrize("socket", FRAMES)
def test_every_field_of_a_frame_stands_in_its_row_and_in_an_example(socket):
    text = section(socket, "Client to server")
    said = {CODE.findall(row[0])[0]: row[1] for row in rows(text)}
    sent: dict[str, set[str]] = {kind: set() for kind in said}
    for example in examples(text):
        sent[example["type"]] |= set(example) - {"type"}
    for frame in get_args(FRAMES[socket]):
        fields = set(frame.__struct_fields__)
        assert sent[tag(frame)] == fields
        assert fields <= set(re.findall(r"\w+", said[tag(frame)])), tag(frame)


def test_a_frame_of_the_server_that_is_sent_has_an_example():
    sources = [*(BASE / "chat").glob("*.py"), *(BASE / "chat" / "consumers").glob("*.py")]
    sources.append(BASE / "chat" / "actions" / "writing.py")
    sent = {
        kind
        for source in sources
        for kind in re.findall(r'"type": "([a-z_]+)"', source.read_text())
    }
    assert len(sent) >= 14
    told = examples(section(CITIZEN, "Server to client"))
    told += examples(section(AGENT, "Server to client"))
    assert {example["type"] for example in told} == sent


def test_every_code_of_an_error_has_a_row_and_no_row_is_of_another():
    table = section("Errors").split("\n### ")[0]
    codes = [code for row in rows(table) for code in CODE.findall(row[0])]
    assert len(codes) > 30
    assert sorted(codes) == sorted(SENTENCES)


def test_every_code_that_is_named_has_a_sentence():
    named = [example["code"] for example in examples(DOCUMENT) if "code" in example]
    assert len(named) >= 3
    assert set(named) <= set(SENTENCES)


def test_every_address_is_one_of_the_portal():
    cells = " ".join(row[0] for row in rows(section("Over HTTP")) if "/" in row[0])
    addresses = re.findall(r"`(?:GET |POST )?(/[^`?]*)", cells)
    assert len(addresses) == 9
    for address in addresses:
        resolve(address.replace("<id>", "d30f2e49-9338-43d8-9589-fbd3fd04fe0b"))


def test_every_address_of_staff_is_one_of_the_portal():
    addresses = re.findall(r"`(/(?:werkbank|aanmelden)/[^`?]*)", DOCUMENT)
    assert len(addresses) >= 4
    for address in addresses:
        resolve(re.sub("<.*?>", "d30f2e49-9338-43d8-9589-fbd3fd04fe0b", address))
    with pytest.raises(Resolver404):
        resolve("/werkbank/chat/elders/")


def test_the_kinds_of_a_message_and_their_reasons_are_those_of_the_portal():
    found = rows(section(CITIZEN, "A message"))
    kinds = found[-len(Kind) :]
    assert [CODE.findall(kind)[0] for kind, _, _ in kinds] == Kind.values
    assert {r for *_, reason in kinds for r in CODE.findall(reason)} == set(Reason.values)


def test_the_states_are_those_of_the_portal():
    (states,) = [row[1] for row in rows(section(CITIZEN, "The head")) if row[0] == "`state`"]
    assert CODE.findall(states) == State.values


@pytest.mark.django_db
def test_message_file_head_and_card_have_the_fields_that_are_sent(open_chat, disk):  # noqa: F811
    chat = world.a_chat()
    citizen_shares(chat)
    text, file = chat.messages.select_related("attachment").order_by("seq")
    written, sent, _card, _ = examples(section(CITIZEN, "A message"))
    assert set(written) == set(events.message_payload(text))
    payload = events.message_payload(file)
    assert (set(sent), set(sent["file"])) == (set(payload), set(payload["file"]))
    head = events.head_payload(chat, ChatRules.current())
    assert set(shown("silence_ends_at")) == set(head)
    assert set(shown("silence_ends_at")["read"]) == set(head["read"])
    assert set(shown("first_words")) == set(events.card_payload(chat))


@pytest.mark.django_db
def test_a_link_card_and_a_note_have_the_fields_that_are_sent(open_chat, agent):
    chat = world.a_chat_with(agent)
    product = Product.objects.create(slug="reispas", title="x", summary="x", how_today="x")
    card = send_card(
        conversation_id=chat.pk,
        agent=agent,
        slug=product.slug,
        origin="https://portaal.example",
        client_ref=uuid.uuid4(),
        now=world.NOW,
    )
    _, _, written, _ = examples(section(CITIZEN, "A message"))
    assert set(written) == set(card.payload)
    assert set(written["card"]) == set(card.payload["card"])
    note = write_note(
        conversation=chat, agent=agent, text="x", client_ref=uuid.uuid4(), now=world.NOW
    )
    assert set(shown("own")) == set(events.note_payload(note, reader_id=agent.pk))


@pytest.mark.django_db
def test_what_the_console_knows_by_heart_is_what_is_said(agent_client):
    ReadyAnswer.objects.create(shortcut="spoed", title="Spoed", text="x")
    Product.objects.create(slug="reispas", title="x", summary="x", how_today="x")
    told, example = agent_client.get("/werkbank/chat/kennis.json").json(), shown("answers")
    assert set(example) == set(told)
    for kind in ("answers", "products"):
        assert set(example[kind][0]) == set(told[kind][0])


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["status", "panel"])
def test_what_status_and_panel_hold_is_what_is_said(client, open_chat, door):
    example = shown({"status": "check_again_s", "panel": "plain_url"}[door])
    answer = client.get(f"/chat/{door}.json").json()
    assert set(example) == set(answer)
    assert len(answer) >= 8
    for field in ("phone", "limits", "files"):
        if field in example:
            assert set(example[field]) == set(answer[field])
    if door == "panel":
        assert (example["limits"], example["files"]) == (answer["limits"], answer["files"])


def test_the_limits_are_those_of_the_portal():
    said = [row[1] for row in rows(section("Limits"))]
    per_second, rules = settings.SOCKET_FRAMES_PER_SECOND, ChatRules()
    messages = settings.CHAT_MESSAGES_PER_MINUTE
    assert agent_socket.TYPING_EVERY_S == citizen_socket.TYPING_EVERY_S
    assert PEOPLE_AT_ONE_ADDRESS == 40
    assert said == [
        f"{messages} at once, then one every {60 // messages} s",
        f"{2 * messages} at once, then two every {60 // messages} s",
        f"{2 * per_second} at once, then {per_second} a second",
        f"{citizen_socket.HISTORY_BURST} at once, then {citizen_socket.HISTORY_PER_S} a second",
        f"one per {citizen_socket.TYPING_EVERY_S:.0f} s",
        f"{polling.POSTS_PER_MINUTE} a minute for one conversation",
        f"{polling.HISTORIES_PER_MINUTE} a minute for one conversation",
        f"{polling.TEXTS_PER_MINUTE} a minute for one conversation",
        f"{files.UPLOADS_PER_MINUTE} a minute for one conversation, each try counted",
        f"{files.READS_PER_MINUTE} a minute for one conversation",
        f"{transcript_views.COPIES_PER_MINUTE} a minute for one conversation",
        "forty times as much",
        f"{rules.new_chats_per_hour} an hour (data)",
        f"{settings.CHAT_SOCKETS_PER_ADDRESS} in one web process (setting)",
        str(frames.MAX_WATCHED),
    ]


def test_the_times_are_those_of_the_rules_that_nobody_changed():
    rules = ChatRules()
    assert [
        int(re.findall(r"\d+", row[0])[0]) for row in rows(section("What happens by itself"))
    ] == [
        rules.silence_minutes,
        rules.silence_answer_seconds,
        rules.continue_minutes,
        rules.abandon_minutes,
        rules.first_answer_seconds,
        rules.agent_gone_seconds,
        rules.readable_hours,
        rules.retention_days,
    ]


def test_the_body_of_frames_without_a_socket_is_understood():
    body, answer = [one for one in examples(section("Over HTTP")) if "frames" in one]
    post = msgspec.json.decode(json.dumps(body), type=frames.Post)
    decoder = msgspec.json.Decoder(frames.CitizenFrame)
    assert [tag(type(decoder.decode(raw))) for raw in post.frames] == ["hello", "send"]
    assert [frame["type"] for frame in answer["frames"]] == ["welcome", "ack"]
