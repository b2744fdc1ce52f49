"""The frame `queue`: over the socket, over HTTP, and on the plain page."""

import pytest
from channels.db import database_sync_to_async as in_db
from django.utils import timezone

from chat import look, watch
from chat.actions import queueing
from chat.models import ChatRules, Conversation
from chat.testing import world
from chat.tests.test_plain_page import body, start
from chat.tests.test_polling import Poller
from chat.tests.test_queue_place import ended
from city.models import Product

pytestmark = pytest.mark.django_db(transaction=True)
QUESTION = "Kan ik zaterdag mijn reispas ophalen?"


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch):
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 0.05)


@pytest.fixture
def busy(open_now, agent):
    """One waits before everybody else, and the agent, who may have one chat, has it."""
    world.rules(default_cap=1)
    ended(agent, timezone.now())
    world.a_chat_with(agent, timezone.now())
    return world.a_chat(timezone.now())


@pytest.fixture
def products():
    for slug, title in (("reispas", "Reispas"), ("id", "Identiteitskaart"), ("afval", "Afval")):
        Product.objects.create(slug=slug, title=title, summary=title, title_en=f"{title} (en)")


async def waiting_citizen(wires, **fields):
    wire = await wires.citizen()
    wire.passes_over.discard("queue")
    token = world.new_token()
    assert (await wire.start(token, QUESTION, **fields))["type"] == "welcome"
    return wire, token


def take(agent, chat):
    world.rules(default_cap=2)
    fresh = world.fresh(chat)
    queueing.claim(conversation=fresh, agent=agent, now=timezone.now())


# --- the socket --------------------------------------------------------------------------------


async def test_a_start_is_followed_by_place_range_and_offers(busy, products, wires):
    wire, _ = await waiting_citizen(wires)
    queue = await wire.next()
    assert (queue["type"], queue["place"]) == ("queue", 2)
    wait = queue["wait"]
    assert 0 < wait["from_minutes"] < wait["to_minutes"]
    assert queue["sentences"] == [
        "U bent nummer 2.",
        f"U wacht nog ongeveer {wait['from_minutes']} tot {wait['to_minutes']} minuten.",
    ]
    assert queue["products"][0] == {"title": "Reispas", "url": "/producten/reispas/"}
    assert len(queue["products"]) <= 3
    assert set(queue["texts"]) == {"stay", "stay_plain", "ask", "asked", "products"}
    assert queue["ask"] == "/contact/vraag/"


async def test_it_speaks_the_language_of_the_conversation(busy, products, wires):
    wire, _ = await waiting_citizen(wires, lang="en")
    queue = await wire.next()
    assert queue["sentences"][0] == "You are number 2."
    assert queue["products"][0] == {"title": "Reispas (en)", "url": "/en/producten/reispas/"}
    assert queue["ask"] == "/en/contact/vraag/"


async def test_it_comes_again_only_when_it_changed_and_not_once_taken(
    open_now, agent, supervisor, wires
):
    first = await in_db(world.a_chat)(timezone.now())
    wire, _ = await waiting_citizen(wires)
    assert (await wire.next())["place"] == 2
    assert "queue" not in [frame["type"] for frame in await wire.settle()]
    await in_db(take)(agent, first)
    assert await wire.hear("queue") == {
        "type": "queue",
        "place": 1,
        "wait": None,
        "sentences": ["U bent nummer 1."],
    }
    mine = await in_db(Conversation.objects.get)(state="waiting")
    await in_db(take)(supervisor, mine)
    assert (await wire.hear("message"))["head"]["state"] == "active"
    assert "queue" not in [frame["type"] for frame in await wire.settle()]


async def test_back_in_the_queue_the_place_is_the_old_one(open_now, agent, wires):
    wire, _ = await waiting_citizen(wires)
    assert (await wire.next())["place"] == 1
    mine = await in_db(Conversation.objects.get)()
    await in_db(take)(agent, mine)
    await in_db(world.a_chat)(timezone.now())
    assert (await wire.hear("message"))["head"]["state"] == "active"
    await wire.settle()
    await in_db(queueing.return_to_queue)(
        conversation=await in_db(world.fresh)(mine),
        reason="agent_returned",
        now=timezone.now(),
        rules=await in_db(ChatRules.current)(),
    )
    assert (await wire.hear("queue"))["place"] == 1


async def test_a_hello_that_has_messages_hears_the_place_without_the_offers(busy, wires):
    _, token = await waiting_citizen(wires)
    again = await wires.citizen()
    again.passes_over.discard("queue")
    await again.hello(token, after=1)
    assert set(await again.next()) == {"type", "place", "wait", "sentences"}


async def test_an_agent_who_watches_hears_no_place(busy, agent_client, wires):
    console = await wires.agent(agent_client)
    console.passes_over.discard("queue")
    await console.ask("watch", conversation=str(busy.public_id), after=0)
    assert [frame for frame in await console.settle() if frame["type"] == "queue"] == []


async def test_nobody_who_waits_costs_no_look_at_the_queue(open_now, agent, wires, monkeypatch):
    token = world.new_token()
    await in_db(world.a_chat_with)(agent, timezone.now(), token=token)
    wire = await wires.citizen()
    await wire.hello(token)
    monkeypatch.setattr(look, "places_of", lambda ids: pytest.fail("looked"))
    await watch.lookout().look()
    assert await wire.is_alive()


# --- over HTTP ---------------------------------------------------------------------------------


def test_a_poll_brings_the_place_each_time_and_the_offers_once(busy, products, agent):
    poller = Poller()
    poller.start(QUESTION)
    [first] = poller.queue
    assert (first["place"], first["products"][0]["title"]) == (2, "Reispas")
    poller.hello(after=1)
    assert poller.queue == [{key: first[key] for key in ("type", "place", "wait", "sentences")}]
    take(agent, Conversation.objects.latest("pk"))
    poller.hello(after=1)
    assert poller.queue == []


def test_a_stranger_learns_no_place(busy):
    stranger = Poller()
    answer = stranger.ask({"type": "hello", "v": 1, "token": stranger.token, "after": 0})
    assert [frame["code"] for frame in answer] == ["wrong_token"]
    assert stranger.queue == []


# --- the plain page ----------------------------------------------------------------------------


def test_the_plain_page_shows_place_range_and_products(citizen, busy, products, agent):
    start(citizen, QUESTION)
    page = body(citizen.get("/chat/"))
    assert "U bent nummer 2. " in page
    assert " minuten." in page
    assert 'href="/producten/reispas/">Reispas</a>' in page
    minutes = ChatRules.current().abandon_minutes
    assert f"als u binnen {minutes} minuten opnieuw naar deze pagina kijkt" in page
    take(agent, Conversation.objects.latest("pk"))
    assert "U bent nummer" not in body(citizen.get("/chat/"))
