"""`POST /chat/frames.json`: the same frames without a socket, done right, wrong and twice."""

import json
import uuid
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async as in_db
from django.test import AsyncClient, Client
from django.utils import timezone

from chat import citizen_talk, polling
from chat.models import AllowedSite, Conversation, Message
from chat.sentences import sentence
from chat.testing import world
from common.errors import RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = "/chat/frames.json"
REF = "6f1c0e5e-55f5-4d3c-9d6c-0a7a3f5f2b11"


class Poller:
    """A client without a socket: it asks with the token and the last number it has."""

    def __init__(self, token=None, address="127.0.0.1"):
        self.token, self.seq = token or world.new_token(), 0
        self.browser = Client(REMOTE_ADDR=address)

    def post(self, *frames, **headers):
        body = json.dumps({"frames": list(frames)}, default=str)
        return self.browser.post(DOOR, body, "application/json", headers=headers)

    def ask(self, *frames):
        """The answers to these frames; `again_in_s` stays with the poller."""
        answer = self.post(*frames)
        assert answer.status_code == 200, answer.content
        found = answer.json()
        self.again_in_s = found["again_in_s"]
        self.queue = [frame for frame in found["frames"] if frame["type"] == "queue"]
        return [frame for frame in found["frames"] if frame["type"] != "queue"]

    def start(self, text="Dag!", **fields):
        frame = {"v": 1, "token": self.token, "ref": uuid.uuid4(), "text": text, "lang": "nl"}
        return self.ask({"type": "start", **frame, **fields})

    def hello(self, *frames, after=0):
        opener = {"type": "hello", "v": 1, "token": self.token, "after": after}
        welcome, *answers = self.ask(opener, *frames)
        assert welcome["type"] == "welcome", welcome
        return welcome, answers


def sent(text, ref=None):
    return {"type": "send", "ref": ref or uuid.uuid4(), "text": text}


def codes(answer):
    return [frame["code"] for frame in answer.json()["frames"]]


@pytest.fixture
def poller():
    return Poller()


@pytest.fixture
def begun(open_now, poller):
    """A conversation that waits, and its poller."""
    assert poller.start()[0]["type"] == "welcome"
    return poller


# --- works -------------------------------------------------------------------------------------


def test_a_start_is_welcomed_and_told_when_to_ask_again(open_now, poller):
    [welcome] = poller.start("Dag!", name="An", page="/x/")
    assert (welcome["v"], welcome["more"], welcome["head"]["state"]) == (1, False, "waiting")
    assert [message["text"] for message in welcome["messages"]] == ["Dag!"]
    assert poller.again_in_s == 2
    assert not poller.browser.cookies


def test_a_start_repeated_after_a_lost_answer_finds_its_conversation(open_now, poller):
    ref = uuid.uuid4()
    first, again = poller.start(ref=ref), poller.start(ref=ref)
    assert first[0]["messages"] == again[0]["messages"]
    assert Message.objects.count() == 1


def test_texts_are_acknowledged_in_order_and_a_repetition_says_the_same_number(begun):
    refs = [uuid.uuid4(), uuid.uuid4()]
    once = begun.hello(*(sent("tekst", ref) for ref in refs))[1]
    assert [(ack["type"], ack["ref"], ack["seq"]) for ack in once] == [
        ("ack", str(refs[0]), 2),
        ("ack", str(refs[1]), 3),
    ]
    assert begun.hello(*(sent("tekst", ref) for ref in refs))[1] == once
    assert Message.objects.count() == 3


def test_a_ref_twice_in_one_request_is_stored_once(begun):
    ref = uuid.uuid4()
    one, two = begun.hello(sent("tekst", ref), sent("tekst", ref))[1]
    assert one == two
    assert Message.objects.count() == 2


def test_the_next_hello_brings_what_the_agent_wrote(begun, agent):
    chat = Conversation.objects.get()
    Conversation.objects.update(state="active", agent=agent, handled_by=agent)
    world.agent_says(chat, agent, "Dat kan.", timezone.now())
    welcome, _ = begun.hello(after=1)
    assert [(message["seq"], message["text"]) for message in welcome["messages"]] == [
        (2, "Dat kan.")
    ]


def test_a_change_is_answered_with_what_it_made(begun):
    before = begun.seq
    _, [told] = begun.hello({"type": "end"}, after=before + 1)
    assert [message["kind"] for message in told["messages"]] == ["closed"]
    assert (told["type"], told["head"]["state"]) == ("messages", "closed")
    assert begun.again_in_s == 0
    begun.hello()
    assert begun.again_in_s == 0


def test_silence_is_answered_and_what_it_ended_continued(open_now, agent):
    chat = world.a_chat_with(agent, timezone.now(), token=(token := world.new_token()))
    poller = Poller(token)
    Conversation.objects.update(silence_ends_at=timezone.now() + timedelta(minutes=1))
    _, [told] = poller.hello({"type": "extend"}, after=2)
    assert [message["kind"] for message in told["messages"]] == ["still_there"]
    Conversation.objects.filter(pk=chat.pk).update(
        state="closed", agent=None, closed_at=timezone.now(), close_reason="silence"
    )
    _, [told] = poller.hello({"type": "continue"}, after=3)
    assert [message["kind"] for message in told["messages"]] == ["continued"]
    assert poller.again_in_s == 2


def test_read_typing_after_and_ping(begun):
    begun.hello(sent("twee"))
    _, answers = begun.hello(
        {"type": "read", "seq": 2},
        {"type": "typing"},
        {"type": "after", "after": 1},
        {"type": "ping"},
    )
    assert [answer["type"] for answer in answers] == ["messages", "pong"]
    assert answers[0]["head"]["read"] == {"citizen": 2, "agent": 0}
    assert [message["seq"] for message in answers[0]["messages"]] == [2]


async def test_a_socket_on_the_other_side_hears_at_once(open_now, agent, agent_client, wires):
    token = world.new_token()
    chat = await in_db(world.a_chat_with)(agent, timezone.now(), token=token)
    console = await wires.agent(agent_client)
    await console.ask("watch", conversation=chat.public_id, after=0)
    body = {
        "frames": [
            {"type": "hello", "v": 1, "token": token, "after": 0},
            {"type": "typing"},
            {"type": "send", "ref": REF, "text": "van ver"},
        ]
    }
    answer = await AsyncClient().post(DOOR, body, "application/json")
    assert answer.json()["frames"][1]["seq"] == 3
    assert (await console.hear("typing"))["author"] == "citizen"
    assert (await console.hear("message"))["message"]["text"] == "van ver"


async def test_a_client_changes_over_and_back_without_loss(open_now, wires):
    token, refs = world.new_token(), [uuid.uuid4() for _ in range(4)]
    wire = await wires.citizen()
    await wire.start(token)
    await wire.send("twee", refs[0])
    poller = Poller(token)
    # The acknowledgement of the first was lost, so it is repeated at the other door.
    _, acks = await in_db(poller.hello)(sent("twee", refs[0]), sent("drie", refs[1]), after=1)
    assert [ack["seq"] for ack in acks] == [2, 3]
    back = await wires.citizen()
    welcome = await back.hello(token, after=2)
    assert [message["seq"] for message in welcome["messages"]] == [3]
    assert (await back.send("drie", refs[1]))["seq"] == 3
    assert (await back.send("vier", refs[2]))["seq"] == 4
    assert await in_db(Message.objects.count)() == 4


def test_a_long_conversation_comes_in_pages(begun, agent):
    chat = Conversation.objects.get()
    Conversation.objects.update(state="active", agent=agent, handled_by=agent)
    for n in range(210):
        world.agent_says(chat, agent, str(n), timezone.now())
    welcome, [rest] = begun.hello({"type": "after", "after": 200})
    assert ([m["seq"] for m in welcome["messages"]], welcome["more"]) == ([*range(1, 201)], True)
    assert ([m["seq"] for m in rest["messages"]], rest["more"]) == ([*range(201, 212)], False)


def test_a_poll_is_a_sign_of_life_but_not_each_of_them_is_written(begun, django_assert_num_queries):
    long_ago = timezone.now() - 2 * citizen_talk.SEEN_EVERY
    Conversation.objects.update(citizen_seen_at=long_ago)
    begun.hello()
    seen_at = Conversation.objects.get().citizen_seen_at
    assert seen_at > long_ago
    begun.hello(after=1)
    # The conversation by its secret, again, its messages, and its place in the queue.
    with django_assert_num_queries(4):
        begun.hello(after=1)
    assert Conversation.objects.get().citizen_seen_at == seen_at


# --- wrong -------------------------------------------------------------------------------------


def test_a_frame_that_is_refused_does_not_stop_the_others(begun):
    ref = uuid.uuid4()
    _, answers = begun.hello(
        sent("   ", ref),
        {"type": "dans"},
        sent("x" * 2_001),
        sent("y" * 9_000),
        {"type": "hello", "v": 1, "token": begun.token, "after": 0},
        sent("goed"),
    )
    *refused, ack = answers
    assert [(frame["type"], frame["code"]) for frame in refused] == [
        ("error", "text_empty"),
        ("error", "bad_frame"),
        ("error", "text_too_long"),
        ("error", "frame_too_big"),
        ("error", "already_started"),
    ]
    assert refused[0]["ref"] == str(ref)
    assert (ack["type"], ack["seq"]) == ("ack", 2)


def test_after_a_refused_opener_nothing_is_done(open_now, poller):
    begun, stranger = Poller(), Poller()
    begun.start()
    [refused] = stranger.ask(
        {"type": "hello", "v": 1, "token": stranger.token, "after": 0}, sent("van wie?")
    )
    assert (refused["type"], refused["code"]) == ("error", "wrong_token")
    assert refused["text"] == sentence(RuleBroken("wrong_token"), "nl")
    assert stranger.again_in_s == 0
    assert poller.start(v=2)[0]["code"] == "wrong_version"
    assert poller.start(" ")[0]["code"] == "text_empty"
    assert Message.objects.count() == 1


@pytest.mark.parametrize("token", ["", "kort", "x" * 42, "é" * 43, "x" * 42 + "\n"])
def test_a_wrong_token_opens_nothing(open_now, token):
    for frame in (
        {"type": "hello", "v": 1, "token": token, "after": 0},
        {"type": "start", "v": 1, "token": token, "ref": REF, "text": "x", "lang": "nl"},
    ):
        [refused] = Poller().ask(frame)
        assert refused["code"] == "wrong_token"
    assert not Conversation.objects.exists()


def test_an_expired_token_opens_no_more(begun):
    begun.hello({"type": "end"})
    Conversation.objects.update(closed_at=timezone.now() - timedelta(hours=25))
    [refused] = begun.ask(
        {"type": "hello", "v": 1, "token": begun.token, "after": 0}, {"type": "after", "after": 0}
    )
    assert refused["code"] == "wrong_token"


def test_a_closed_chat_says_so(agent, poller):
    [refused] = poller.start()
    assert (refused["code"], poller.again_in_s) == ("chat_closed", 0)


def test_errors_speak_the_language_of_the_conversation(open_now, poller):
    poller.start(lang="en")
    _, [refused] = poller.hello(sent(" "))
    assert refused["text"] == "Type your message first."


def test_a_ref_of_another_conversation_is_stored_in_the_own(open_now):
    one, two, ref = Poller(), Poller(), uuid.uuid4()
    for poller in (one, two):
        poller.start()
    one.hello(sent("eerst"), sent("geheim", ref))
    _, [ack] = two.hello(sent("anders", ref))
    assert ack["seq"] == 2  # in the other conversation it has number 3
    welcome, _ = two.hello()
    assert [message["text"] for message in welcome["messages"]] == ["Dag!", "anders"]


def test_what_breaks_on_our_side_is_said_and_the_frame_may_be_repeated(begun, monkeypatch, caplog):
    with monkeypatch.context() as broken:
        broken.setattr(citizen_talk.writing, "post", lambda text: 1 / 0)
        _, [refused, pong] = begun.hello(sent("geheim"), {"type": "ping"})
    assert (refused["code"], pong["type"]) == ("failed", "pong")
    assert "geheim" not in caplog.text
    with monkeypatch.context() as broken:
        broken.setattr(citizen_talk.access, "of_citizen", lambda token: 1 / 0)
        hello = {"type": "hello", "v": 1, "token": begun.token, "after": 0}
        [refused] = begun.ask(hello, sent("x"))
    assert (refused["code"], begun.again_in_s) == ("failed", 2)


def test_a_conversation_that_was_removed_is_not_found_any_more(begun, monkeypatch):
    real = citizen_talk.CitizenTalk.welcome

    def removed_meanwhile(talk, after):
        welcome = real(talk, after)
        Message.objects.all().delete()
        Conversation.objects.all().delete()
        return welcome

    monkeypatch.setattr(citizen_talk.CitizenTalk, "welcome", removed_meanwhile)
    _, answers = begun.hello(sent("x"), {"type": "after", "after": 0}, {"type": "end"})
    assert [answer["code"] for answer in answers] == ["wrong_token"] * 3


# --- malformed, too big, too often --------------------------------------------------------------

HELLO = {"type": "hello", "v": 1, "token": "x" * 43, "after": 0}
MALFORMED = [
    b"",
    b"nee",
    b"null",
    b"[]",
    b"{}",
    b'{"frames": []}',
    b'{"frames": {}}',
    b'{"frames": [5]}',
    b'{"frames": [null]}',
    b'{"frames": [[]]}',
    b'{"frames": [{}]}',
    b'{"frames": [{"type": "dans"}]}',
    b'{"frames": ["hello"]}',
    b'{"frames": [{"type": "ping"}], "extra": 1}',
    b'{"frames": [{"type": "hello", "v": "1", "token": "x", "after": 0}]}',
    b'{"frames": [{"type": "hello", "v": 1, "token": "x", "after": -1}]}',
    b'{"frames": [{"type": "hello", "v": 1, "token": ["x"], "after": 0}]}',
    b'{"frames": [{"type": "hello", "v": 1, "token": "\xff", "after": 0}]}',
    b'{"frames": [{"type": "hello", "v": 1, "token": "\\ud800", "after": 0}]}',
    b"\xff\xfe",
    b'{"frames":' + b"[" * 60_000,
    b'{"frames": [' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"]}",
    json.dumps({"frames": [HELLO] * 21}).encode(),
    b"------x\r\nContent-Disposition: form-data\r\n\r\nx",
]


@pytest.mark.parametrize("body", MALFORMED)
def test_what_is_not_this_shape_gets_400_and_a_sentence(citizen, body):
    answer = citizen.post(DOOR, body, "application/json")
    assert answer.status_code == 400
    [frame] = answer.json()["frames"]
    assert (frame["type"], frame["code"]) == ("error", "bad_frame")
    assert frame["text"] == sentence(RuleBroken("bad_frame"), "nl")


def test_something_else_than_an_opener_first_gets_400(begun):
    for frame in ({"type": "ping"}, sent("x"), {"type": "typing"}):
        answer = begun.post(frame)
        assert (answer.status_code, codes(answer)) == (400, ["not_started"])
    assert Message.objects.count() == 1


def test_a_body_of_64_kib_is_the_largest(begun):
    hello = {"type": "hello", "v": 1, "token": begun.token, "after": 0}
    body = json.dumps({"frames": [hello]})
    largest = begun.browser.post(DOOR, body.ljust(65_536), "application/json")
    assert largest.status_code == 200
    answer = begun.browser.post(DOOR, body.ljust(65_537), "application/json")
    assert (answer.status_code, codes(answer)) == (413, ["frame_too_big"])


def test_twenty_frames_are_the_most(begun):
    hello = {"type": "hello", "v": 1, "token": begun.token, "after": 0}
    pings = [{"type": "ping"}] * 19
    assert len(begun.ask(hello, *pings)) == 20
    assert begun.post(hello, *pings, {"type": "ping"}).status_code == 400


def test_other_methods_are_refused(citizen):
    for method in ("get", "head", "put", "delete", "patch"):
        assert getattr(citizen, method)(DOOR).status_code == 405


def test_answers_are_kept_by_nobody_and_set_no_cookie(begun):
    hello = {"type": "hello", "v": 1, "token": begun.token, "after": 0}
    answer = begun.post(hello)
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_no_cookie_is_looked_at_and_no_csrf_token_needed(begun, agent_client):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = agent_client.cookies
    body = {"frames": [{"type": "hello", "v": 1, "token": begun.token, "after": 0}]}
    assert strict.post(DOOR, body, "application/json").status_code == 200


def test_one_conversation_asks_only_so_often_and_another_is_not_in_its_way(begun, monkeypatch):
    other = Poller()
    other.start()
    monkeypatch.setattr(polling, "POSTS_PER_MINUTE", 3)
    hello = {"type": "hello", "v": 1, "token": begun.token, "after": 0}
    answers = [begun.post(hello) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert codes(answers[-1]) == ["too_fast"]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    other.hello()


def test_an_address_may_ask_for_forty_people(begun, monkeypatch):
    monkeypatch.setattr(polling, "POSTS_PER_MINUTE", 1)
    hello = {"type": "hello", "v": 1, "after": 0}
    statuses = [
        Poller(address="192.0.2.7").post({**hello, "token": world.new_token()}).status_code
        for _ in range(41)
    ]
    assert statuses == [200] * 40 + [429]
    elsewhere = Poller(address="192.0.2.8").post({**hello, "token": world.new_token()})
    assert elsewhere.status_code == 200


def test_history_is_not_asked_without_end(begun, monkeypatch):
    monkeypatch.setattr(polling, "HISTORIES_PER_MINUTE", 3)
    _, answers = begun.hello(*({"type": "after", "after": 0} for _ in range(5)), sent("en toch"))
    assert [answer.get("code") for answer in answers] == [None] * 3 + ["too_fast"] * 2 + [None]
    assert answers[3]["retry_after_s"] >= 1


def test_twenty_texts_a_minute_also_here(begun):
    _, answers = begun.hello(*(sent(str(n)) for n in range(19)))
    assert {answer["type"] for answer in answers} == {"ack"}
    _, [ack, refused] = begun.hello(sent("twintig"), sent("te veel"))
    assert (ack["type"], refused["code"]) == ("ack", "too_fast")
    assert 1 <= refused["retry_after_s"] <= 4


def test_texts_beyond_all_repetitions_are_not_even_searched(begun, monkeypatch):
    monkeypatch.setattr(polling, "TEXTS_PER_MINUTE", 3)
    again = sent("nog eens")
    _, answers = begun.hello(*([again] * 3))
    assert {answer["seq"] for answer in answers} == {2}
    monkeypatch.setattr("chat.actions.writing.checked_text", lambda *_: pytest.fail("searched"))
    _, [refused] = begun.hello(sent("85.07.30-033.28"))
    assert refused["code"] == "too_fast"


# --- sites -------------------------------------------------------------------------------------


def test_an_allowed_site_chats_by_polling(open_now, poller):
    site = "https://www.hasselt.example"
    AllowedSite.objects.create(origin=site)
    start = {"v": 1, "token": poller.token, "ref": REF, "text": "Dag!", "lang": "nl"}
    answer = poller.post({"type": "start", **start}, Origin=site)
    assert answer.json()["frames"][0]["type"] == "welcome"
    assert answer["Access-Control-Allow-Origin"] == site


@pytest.mark.parametrize("origin", ["https://elders.example", "null", "http://testserver:8000"])
def test_a_page_elsewhere_gets_403_and_nothing_is_done(begun, origin):
    hello = {"type": "hello", "v": 1, "token": begun.token, "after": 0}
    answer = begun.post(hello, sent("x"), Origin=origin)
    assert (answer.status_code, codes(answer)) == (403, ["wrong_origin"])
    assert "Access-Control-Allow-Origin" not in answer
    assert Message.objects.count() == 1
