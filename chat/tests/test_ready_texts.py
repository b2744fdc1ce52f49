"""The ready answers of the chat as somebody at the page of a question gets them: complete."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from chat.models import ReadyAnswer
from chat.ready_texts import ready_texts
from city.models import CityContact, Product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dutch():
    with translation.override("nl"):
        yield


@pytest.fixture(autouse=True)
def contact():
    return CityContact.objects.create(phone="011 00 00 00", email="stad@hasselt.example")


def an_answer(shortcut, text, **fields):
    return ReadyAnswer.objects.create(shortcut=shortcut, title=shortcut, text=text, **fields)


def offered():
    return {each.shortcut: each.text for each in ready_texts()}


def test_what_the_portal_knows_is_filled_in():
    an_answer("bellen", "Bel {telefoon} of mail {mail}.")
    assert offered() == {"bellen": "Bel 011 00 00 00 of mail stad@hasselt.example."}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Dag {naam}, dat mag.", "Dag, dat mag."),
        ("{naam}, dat mag.", "dat mag."),
        ("Dat mag. Groeten, {medewerker}", "Dat mag. Groeten,"),
        ("Dag {naam}\nDat mag.", "Dag\nDat mag."),
    ],
)
def test_the_names_of_a_conversation_are_left_out(written, read):
    an_answer("mag", written)
    assert offered() == {"mag": read}


@pytest.mark.parametrize("unknown", ["{naaam}", "{wat?}", "{product:weg}", "{product:later}", "{}"])
def test_an_answer_with_something_unknown_in_it_is_not_offered(unknown):
    Product.objects.create(
        slug="later", title="Later", summary="x", how_today="x", is_published=False
    )
    an_answer("fout", f"Zie {unknown}.")
    an_answer("goed", "Dat mag.")
    assert list(offered()) == ["goed"]


def test_a_product_becomes_a_whole_address_that_can_be_mailed(settings):
    settings.PORTAL_URL = "https://portaal.example"
    Product.objects.create(slug="reispas", title="Reispas", summary="x", how_today="x")
    an_answer("pas", "Zie {product:reispas}")
    assert offered() == {"pas": "Zie https://portaal.example/producten/reispas/"}


def test_what_is_switched_off_or_only_holds_the_line_is_not_offered():
    an_answer("oud", "Dat mocht.", is_active=False)
    an_answer("zoek", "Ik zoek het even op.", is_holding=True)
    assert offered() == {}


def test_in_english_the_english_text_and_else_the_dutch_one():
    an_answer("beide", "Bel {telefoon}.", text_en="Call {telefoon}.")
    an_answer("een", "Dat mag.")
    with translation.override("en"):
        assert offered() == {"beide": "Call 011 00 00 00.", "een": "Dat mag."}


def test_any_number_of_answers_costs_the_same():
    def asked():
        with CaptureQueriesContext(connection) as queries:
            ready_texts()
        return len(queries)

    an_answer("een", "Bel {telefoon}, zie {product:reispas}")
    few = asked()
    for number in range(30):
        an_answer(f"a{number}", "Bel {telefoon}, zie {product:reispas}")
    assert asked() <= few
