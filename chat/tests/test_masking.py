"""A national number, an account or a card that somebody types goes nowhere: not into a table, a log
line, the channel layer, Redis, an acknowledgement, nor to the other side.

Canaries in all writings come in by the doors that people use, and what is kept anywhere is searched
for them.
"""

import logging
import re
import unicodedata
import uuid
from random import Random
from urllib.parse import quote, unquote_plus

import pytest
from channels.db import database_sync_to_async as in_db
from channels_redis.pubsub import RedisPubSubLoopLayer
from django.db import connection

from chat.actions import conversing, writing
from chat.models import Conversation, Message
from chat.testing import world
from common import texts
from common.masking import Masked
from common.testing import numbers

pytestmark = pytest.mark.django_db(transaction=True)
NATIONAL, ACCOUNT, CARD = "85.07.30-033.28", "BE68 5390 0754 7034", "4111 1111 1111 1111"
LEFT_OUT = "[rijksregisternummer weggelaten]"


class Canaries:
    """Generated numbers, one of each kind in each writing."""

    def __init__(self) -> None:
        self.random = Random(5)
        self.written: list[str] = []

    def texts(self) -> list[str]:
        """A text for each writing, with one of each kind in it."""
        return [self.text(way) for way in numbers.WRITINGS]

    def text(self, way: str) -> str:
        rrn, iban, card = (self.one(kind, way) for kind in ("rrn", "iban", "card"))
        return f"Mijn nummer is {rrn} en mijn rekening {iban}, kaart: {card}."

    def one(self, kind: str, way: str) -> str:
        groups = numbers.SECRETS[kind](self.random)
        found = numbers.WRITINGS[way](groups, self.random)
        self.written.append(found)
        return found

    def in_any(self, values: list[str]) -> set[str]:
        """The canaries that stand in one of `values`, whatever stands between their digits."""
        bare = "|".join({bared(unquote_plus(value)) for value in set(values)})
        return {canary for canary in self.written if bared(canary) in bare}


def bared(text: str) -> str:
    """Letters and digits only."""
    plain = unicodedata.normalize("NFKC", text).upper()
    if not plain.isascii():
        plain = "".join(str(unicodedata.digit(c, "")) or c for c in plain)
    return re.sub("[^0-9A-Z]", "", plain)


def strings_in(value):
    """All texts in what JSON or a row may hold."""
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in strings_in(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in strings_in(part)]
    return [str(value)]


def all_rows() -> list[str]:
    """Every value of every table."""
    with connection.cursor() as cursor:
        values = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            values += strings_in(cursor.fetchall())
    return values


def all_of_redis(client) -> list[str]:
    read = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": lambda key: list(client.smembers(key)),
        b"zset": lambda key: client.zrange(key, 0, -1),
    }
    keys = client.keys("*")
    return strings_in([(key, read[client.type(key)](key)) for key in keys])


@pytest.fixture
def heard(monkeypatch):
    """What goes through the channel layer."""
    messages = []
    send = RedisPubSubLoopLayer.group_send

    async def listen(self, group, message):
        messages.append(message)
        await send(self, group, message)

    monkeypatch.setattr(RedisPubSubLoopLayer, "group_send", listen)
    return messages


@pytest.fixture
def talkative(settings, caplog):
    """All may be said that quickly, and all is logged: each statement with its values, too."""
    settings.CHAT_MESSAGES_PER_MINUTE = 10_000
    settings.DEBUG = True
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="django.db.backends")


async def a_chat_full_of(canaries, wires, agent_client):
    """Citizen and agent say all canaries; gives what both sides heard."""
    citizen, console = await wires.citizen(), await wires.agent(agent_client)
    started = await citizen.start(
        world.new_token(),
        canaries.text("spaces"),
        name=f"An {canaries.one('rrn', 'as on the card')} Peeters",
        page=f"/zoeken/?q={quote(canaries.text('two spaces'))}",
    )
    name = started["head"]["conversation"]
    await console.hear("card")
    await console.say("claim", conversation=name)
    await console.hear("messages")
    for text in canaries.texts():
        assert (await citizen.send(text))["type"] == "ack"
        assert (await console.send(name, text))["type"] == "ack"
    await citizen.settle()
    await console.settle()
    return strings_in([citizen.said, console.said])


async def test_no_canary_is_found_anywhere(
    open_now, talkative, agent_client, wires, heard, caplog, redis_client
):
    canaries = Canaries()
    said = await a_chat_full_of(canaries, wires, agent_client)
    assert len(canaries.written) == 3 * (len(numbers.WRITINGS) + 2) + 1
    assert await in_db(Message.objects.filter(kind="text").count)() == 1 + 2 * len(numbers.WRITINGS)
    logged = strings_in([(record.getMessage(), record.args) for record in caplog.records])
    places = {
        "tables": await in_db(all_rows)(),
        "sockets": said,
        "layer": strings_in(heard),
        "logs": [*logged, caplog.text],
        "redis": all_of_redis(redis_client),
    }
    for place, values in places.items():
        assert canaries.in_any(values) == set(), place
    # The words in their place are there, so what was searched is where the texts went.
    for place in ("tables", "sockets", "layer", "logs"):
        assert any(LEFT_OUT in value for value in places[place]), place


async def test_the_search_finds_canaries_that_are_let_through(
    open_now, talkative, agent_client, wires, heard, caplog, monkeypatch
):
    for module in (texts, conversing):
        monkeypatch.setattr(module, "masked", lambda text: Masked(text, ()))
    canaries = Canaries()
    said = await a_chat_full_of(canaries, wires, agent_client)
    everything = set(canaries.written)
    assert canaries.in_any(await in_db(all_rows)()) == everything
    assert canaries.in_any(said) == everything
    assert canaries.in_any(strings_in(heard))


async def test_the_sender_learns_what_was_stored_and_a_repetition_says_it_again(open_now, wires):
    citizen, ref = await wires.citizen(), uuid.uuid4()
    await citizen.start(world.new_token())
    ack = await citizen.send(f"Ik ben {NATIONAL}.", ref)
    assert ack["text"] == f"Ik ben {LEFT_OUT}."
    assert await citizen.send(f"Ik ben {NATIONAL}.", ref) == ack
    assert "text" not in await citizen.send("Ik ben An.")


def test_a_citizen_reads_it_in_the_language_of_the_conversation_an_agent_in_dutch(open_chat, agent):
    chat = world.a_chat_with(agent, language="en", text=f"I am {NATIONAL}", name=NATIONAL)
    world.citizen_says(chat, ACCOUNT)
    world.agent_says(chat, agent, CARD)
    assert world.texts(chat) == [
        "I am [national register number left out]",
        "[account number left out]",
        "[kaartnummer weggelaten]",
    ]
    assert chat.name == "[national register number left out]"
    assert chat.first_words == "I am [national register number left out]"


def test_a_text_counts_as_long_as_it_was_typed(open_chat, agent):
    chat = world.a_chat_with(agent)
    full = (f"{NATIONAL}. " * 200)[: writing.MAX_TEXT - 1] + "!"
    world.citizen_says(chat, full)
    stored = world.texts(chat)[-1]
    assert len(stored) > writing.MAX_TEXT
    assert NATIONAL not in stored


def test_a_name_full_of_numbers_still_fits(open_chat):
    chat = world.a_chat(name=" ".join(["85073003328"] * 5))
    assert len(chat.name) == conversing.MAX_NAME
    assert Conversation.objects.get(pk=chat.pk).name == chat.name
    assert not any(c.isdigit() for c in chat.name)


@pytest.mark.parametrize("encode", [str, quote, lambda q: quote(q, safe="").replace("%20", "+")])
def test_an_address_is_read_as_a_person_reads_it(open_chat, encode):
    for secret in (NATIONAL, ACCOUNT, CARD):
        chat = world.a_chat(page=f"/zoeken/?q={encode(secret)}&p=2")
        assert not set(chat.page) & set("345678")
        assert chat.page.startswith("/zoeken/?q=[")
    long = world.a_chat(page="/?" + "q=85073003328&" * 38)
    assert len(long.page) == conversing.MAX_PAGE


def test_nothing_comes_into_an_address_by_reading_it(open_chat):
    """PostgreSQL refuses a NUL: the chat would not start from that page."""
    chat = world.a_chat(page=f"/a%00b%E2%80%AE%0B?q={NATIONAL}")
    assert chat.page == f"/ab?q={LEFT_OUT}"


def test_digits_that_meet_in_the_first_words_are_left_out_there(open_chat):
    chat = world.a_chat(text=f"Ik ben 85.07.30{' ' * 9}033.28 en zoek iets.")
    assert chat.first_words == f"Ik ben {LEFT_OUT} en zoek iets."


def test_an_address_without_secrets_stays_as_it_came(open_chat):
    page = "/zoeken/?q=caf%C3%A9+%26+bar&tel=0470%2012%2034%2056"
    assert world.a_chat(page=page).page == page


def test_a_plain_form_is_no_other_door(open_now, citizen):
    form = {"step": "start", "token": world.new_token(), "ref": uuid.uuid4()}
    citizen.post("/chat/", {**form, "text": NATIONAL, "name": CARD})
    chat = Conversation.objects.get()
    assert (world.texts(chat), chat.name) == ([LEFT_OUT], "[kaartnummer weggelaten]")
    citizen.post("/chat/", {"step": "send", "ref": uuid.uuid4(), "text": ACCOUNT})
    assert world.texts(chat)[-1] == "[rekeningnummer weggelaten]"
    assert NATIONAL not in citizen.get("/chat/").content.decode()
