"""Link cards: an agent sends a page of the city, and everybody who reads the talk gets the link."""

import uuid

import pytest
from channels.db import database_sync_to_async as in_db

from chat import watch
from chat.actions import closing
from chat.actions.cards import send_card
from chat.models import Message
from chat.plain import COOKIE
from chat.testing import world
from chat.testing.sockets import ORIGIN
from chat.transcript import as_pdf, as_text
from city.models import Product
from common.errors import RuleBroken
from common.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "reispas"


@pytest.fixture(autouse=True)
def no_lookout(monkeypatch):
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 3_600)


@pytest.fixture(autouse=True)
def passport(db):
    return Product.objects.create(
        slug=SLUG,
        title="Internationaal paspoort",
        title_en="Passport",
        summary="Om buiten Europa te reizen.",
        summary_en="To travel outside Europe.",
        how_today="Bel ons.",
    )


def a_card(chat, agent, **fields):
    given = {"slug": SLUG, "origin": ORIGIN, "client_ref": uuid.uuid4(), "now": world.NOW}
    return send_card(conversation_id=chat.pk, agent=agent, **{**given, **fields})


async def card_over(wire, chat, **fields):
    """Says it and returns the acknowledgement or the refusal."""
    frame = {"conversation": chat.public_id, "ref": uuid.uuid4(), "product": SLUG, **fields}
    await wire.say("card", **frame)
    while True:
        answer = await wire.next()
        if answer.get("ref") == str(frame["ref"]) and answer["type"] in {"ack", "error"}:
            return answer


@pytest.fixture
def token():
    return world.new_token()


@pytest.fixture
def chat(open_now, agent, token):
    from django.utils import timezone

    return world.a_chat_with(agent, timezone.now(), token=token)


async def test_a_card_is_a_message_that_both_sides_get(chat, token, agent_client, wires):
    wire = await wires.agent(agent_client)
    citizen = await wires.citizen()
    await citizen.hello(token)
    ack = await card_over(wire, chat)
    assert (ack["type"], ack["seq"], "text" in ack) == ("ack", 3, False)
    message = (await citizen.hear("message"))["message"]
    assert (message["kind"], message["author"], message["name"]) == ("card", "agent", "Anke")
    assert message["card"] == {
        "title": "Internationaal paspoort",
        "summary": "Om buiten Europa te reizen.",
        "url": f"{ORIGIN}/producten/reispas/",
    }


async def test_who_comes_back_later_finds_the_card(chat, agent, token, wires):
    await in_db(a_card)(chat, agent)
    citizen = await wires.citizen()
    welcome = await citizen.hello(token)
    assert welcome["messages"][-1]["card"]["title"] == "Internationaal paspoort"


async def test_the_same_send_twice_is_one_card(chat, agent_client, wires):
    wire = await wires.agent(agent_client)
    ref = uuid.uuid4()
    first = await card_over(wire, chat, ref=ref)
    second = await card_over(wire, chat, ref=ref)
    assert first["seq"] == second["seq"]
    assert await in_db(world.kinds)(chat) == ["text", "joined", "card"]


async def test_a_page_that_is_not_on_the_website_is_refused(chat, passport, agent_client, wires):
    wire = await wires.agent(agent_client)
    assert (await card_over(wire, chat, product="bestaat-niet"))["code"] == "unknown_product"
    passport.is_published = False
    await in_db(passport.save)()
    assert (await card_over(wire, chat))["code"] == "unknown_product"


@pytest.mark.parametrize("product", ["x" * 81, "a\x00b", None, 7])
async def test_a_malformed_card_is_refused(chat, agent_client, wires, product):
    wire = await wires.agent(agent_client)
    frame = {"conversation": chat.public_id, "ref": uuid.uuid4(), "product": product}
    assert (await wire.ask("card", **frame))["code"] == "bad_frame"
    assert await wire.is_alive()


async def test_a_colleague_and_a_reader_cannot_send_into_it(
    chat, second_agent, make_user, wires, supervisor
):
    from common.testing.cast import logged_in

    for person in (second_agent, supervisor):
        wire = await wires.agent(await in_db(logged_in)(person))
        assert (await card_over(wire, chat))["code"] == "not_found"
    assert "card" not in await in_db(world.kinds)(chat)


async def test_into_a_conversation_that_does_not_exist_nothing_goes(chat, agent_client, wires):
    wire = await wires.agent(agent_client)
    assert (await card_over(wire, chat, conversation=uuid.uuid4()))["code"] == "not_found"


def test_into_a_conversation_that_has_ended_nothing_goes(open_chat, agent):
    chat = world.a_chat_with(agent)
    closing.close_by_agent(conversation=chat, topic=world.a_topic(), now=world.NOW)
    with pytest.raises(RuleBroken, match="conversation_closed"):
        a_card(chat, agent)


def test_a_card_is_the_first_answer(open_chat, agent):
    chat = world.a_chat_with(agent)
    a_card(chat, agent, now=world.after(5))
    assert world.fresh(chat).first_answered_at == world.after(5)


def test_who_writes_english_gets_the_english_page(open_chat, agent):
    chat = world.a_chat_with(agent, language="en")
    card = a_card(chat, agent).payload["card"]
    assert (card["title"], card["url"]) == ("Passport", f"{ORIGIN}/en/producten/reispas/")


def test_the_event_log_knows_the_page_and_no_words(open_chat, agent):
    chat = world.a_chat_with(agent)
    a_card(chat, agent)
    event = Event.objects.get(kind="chat.card")
    assert (event.subject, event.details) == (chat.public_id, {"product": SLUG})


def test_the_page_without_javascript_shows_a_link(client, open_chat, agent):
    token = world.new_token()
    chat = world.a_chat_with(agent, token=token)
    a_card(chat, agent)
    client.cookies[f"{COOKIE}_nl"] = token
    html = client.get("/chat/").content.decode()
    assert f'href="{ORIGIN}/producten/reispas/"' in html
    assert "Om buiten Europa te reizen." in html


def test_a_copy_holds_the_card_with_its_address(open_chat, agent):
    chat = world.a_chat_with(agent)
    a_card(chat, agent)
    lines = as_text(chat).splitlines()
    card = [
        "Internationaal paspoort",
        "Om buiten Europa te reizen.",
        f"{ORIGIN}/producten/reispas/",
    ]
    place = lines.index("    Internationaal paspoort")
    assert [line.strip() for line in lines[place : place + 3]] == card
    assert lines[place - 1].startswith("Anke, ")
    assert as_pdf(chat).startswith(b"%PDF")


def test_a_card_stays_as_it_was_sent(open_chat, agent, passport):
    chat = world.a_chat_with(agent)
    a_card(chat, agent)
    passport.title = "Anders"
    passport.save()
    assert Message.objects.get(kind="card").card["title"] == "Internationaal paspoort"
