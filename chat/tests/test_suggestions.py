"""What is suggested for the last question of a citizen."""

import uuid

import pytest
from channels.db import database_sync_to_async as in_db
from django.utils import timezone

from chat import demo, watch
from chat.models import ReadyAnswer
from chat.suggestions import last_question, ranked, suggestions_for
from chat.testing import world
from city.demo import load as load_city
from city.models import Product
from city.remembered import forget
from common.testing.cast import logged_in

pytestmark = pytest.mark.django_db
TODAY = world.NOW.date()


@pytest.fixture
def catalogue():
    load_city()
    demo.load()
    world.rules(assigns_automatically=False)


def best(question):
    return ranked(question, on=TODAY)[:3]


def test_the_right_product_comes_first(catalogue):
    assert best("Hoe vraag ik een bewonerskaart aan?")[0] == "bewonerskaart"


def test_the_right_answer_comes_first(catalogue):
    assert best("Ik ben mijn pincode vergeten")[0] == "/pincode"


@pytest.mark.parametrize(
    "question", ["bewonerskart aanvragen", "BEWONERSKAARTEN", "mijn nieuwe bewoners-kaart?"]
)
def test_slips_plurals_and_hyphens_are_forgiven(catalogue, question):
    assert "bewonerskaart" in best(question)


@pytest.mark.parametrize("text", ["", "hallo", "Goeiemorgen!", "dag, ik heb een vraag", "??", "a"])
def test_where_nothing_is_asked_nothing_is_suggested(catalogue, text):
    assert best(text) == []


def test_what_is_switched_off_or_not_published_is_not_suggested(catalogue):
    ReadyAnswer.objects.filter(shortcut="pincode").update(is_active=False)
    Product.objects.filter(slug="bewonerskaart").update(is_published=False)
    forget()
    assert "/pincode" not in ranked("pincode vergeten", on=TODAY)
    assert "bewonerskaart" not in ranked("bewonerskaart", on=TODAY)


def test_a_long_question_is_cut_and_does_not_break(catalogue):
    assert isinstance(best("bewonerskaart " + "x" * 10_000), list)


def test_the_question_is_what_came_after_the_last_answer(open_chat, agent):
    chat = world.a_chat_with(agent, text="Hallo")
    assert last_question(chat) == (1, "Hallo")
    world.citizen_says(chat, "Ik verhuis")
    assert last_question(chat) == (3, "Hallo\nIk verhuis")
    world.agent_says(chat, agent)
    assert last_question(chat) == (3, "Hallo\nIk verhuis")
    world.citizen_says(chat, "En parkeren?")
    assert last_question(chat) == (5, "En parkeren?")


def test_suggestions_cost_one_query_once_the_catalogue_is_remembered(
    catalogue, open_chat, django_assert_num_queries, agent, monkeypatch
):
    chat = world.a_chat_with(agent, text="Hoe vraag ik een bewonerskaart aan?")
    known = __import__("chat.suggestions", fromlist=["_known"])._known(TODAY)
    monkeypatch.setattr("chat.suggestions._known", lambda on: known)
    with django_assert_num_queries(1):
        assert suggestions_for(chat, on=TODAY).products[0] == "bewonerskaart"


@pytest.fixture
def chat(catalogue, open_now, agent, monkeypatch):
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 3_600)
    return world.a_chat_with(
        agent, timezone.now(), text="Ik ben de pincode van mijn identiteitskaart vergeten"
    )


@pytest.mark.django_db(transaction=True)
async def test_the_console_asks_and_gets_answers_and_products(chat, agent_client, wires):
    wire = await wires.agent(agent_client)
    told = await wire.ask("suggest", conversation=chat.public_id)
    assert (told["type"], told["conversation"], told["seq"]) == (
        "suggestions",
        str(chat.public_id),
        1,
    )
    assert told["best"][0] == "/pincode"
    assert "pincode" in told["answers"]
    assert "identiteitskaart" in told["products"]
    assert told["best"] == [
        key for key in told["best"] if key.lstrip("/") in told["answers"] + told["products"]
    ]


@pytest.mark.django_db(transaction=True)
async def test_of_a_colleagues_talk_nothing_is_suggested(chat, second_agent, wires):
    wire = await wires.agent(await in_db(logged_in)(second_agent))
    assert (await wire.ask("suggest", conversation=chat.public_id))["code"] == "not_found"
    assert (await wire.ask("suggest", conversation=uuid.uuid4()))["code"] == "not_found"


@pytest.mark.django_db(transaction=True)
async def test_a_malformed_question_is_refused(chat, agent_client, wires):
    wire = await wires.agent(agent_client)
    assert (await wire.ask("suggest", conversation="x"))["code"] == "bad_frame"
    assert (await wire.ask("suggest"))["code"] == "bad_frame"
