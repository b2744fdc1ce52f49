"""A copy of a chat as PDF: accessible, in order, and whatever people wrote is text."""

import io

import pytest
from pypdf import PdfReader

from chat.actions import closing
from chat.models import Message
from chat.testing import world
from chat.testing.files import citizen_shares
from chat.testing.world import after, agent_says, citizen_says, fresh
from chat.transcript import as_pdf, as_text, transcript_of
from city.models import CityContact
from common.testing.pdf import faults_of, links_in, roles_in, text_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(open_chat, agent, disk):
    CityContact.objects.create(phone="011 23 90 00", email="info@stad.test")
    conversation = world.a_chat_with(agent)
    citizen_says(conversation, '#panic("x") $x$ \\ *b* 😀\n\nمرحبا\x00', after(60))
    agent_says(conversation, agent, "Zie https://www.hasselt.be/reispas.", after(90))
    citizen_shares(conversation, name="pas #1.jpg", now=after(100))
    closing.end_by_citizen(conversation=fresh(conversation), now=after(150))
    return fresh(conversation)


def test_it_is_accessible(talk):
    document = as_pdf(talk)
    assert faults_of(document) == []
    roles = roles_in(document)
    assert roles.count("Title") == 1
    assert roles.count("H1") == 1  # one day
    assert roles.index("Title") < roles.index("H1")


def test_it_holds_what_the_text_holds_in_the_same_order(talk):
    said = "".join(text_in(as_pdf(talk)).split())
    copy = transcript_of(talk)
    place = said.index("".join(copy.title.split()))
    for sentence in (*copy.about, *(way.text for way in copy.contact)):
        place = said.index("".join(sentence.split()), place)
    for line in copy.days[0].lines:
        if line.who:
            place = said.index("".join(f"{line.who}, {line.clock}".split()), place)
        for typed in line.lines:
            if not typed.rtl:  # pypdf turns runs from the right around
                place = said.index("".join(typed.text.split()), place)


def test_its_links_lead_to_the_city_and_to_what_was_written(talk):
    assert links_in(as_pdf(talk)) == [
        "tel:+3211239000",
        "mailto:info@stad.test",
        "https://www.hasselt.be/reispas",
    ]


def test_an_english_chat_has_an_english_document(open_chat, agent):
    conversation = world.a_chat_with(agent, language="en")
    document = as_pdf(conversation)
    assert faults_of(document) == []
    assert "Tuesday 30 June 2026" in text_in(document)


def test_two_thousand_long_messages_make_a_document(open_chat):
    conversation = world.a_chat()
    words = "Een lange zin van een geduldige burger. " * 50
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            seq=seq,
            author="citizen",
            text=f"{seq}: {words}"[:2_000],
            stored_at=after(seq),
        )
        for seq in range(2, 2_001)
    )
    document = as_pdf(conversation)
    assert len(as_text(conversation)) > 3_900_000
    pages = PdfReader(io.BytesIO(document)).pages
    assert len(pages) > 700
    assert "2000: Een lange zin" in pages[-1].extract_text() + pages[-2].extract_text()
    assert len(document) < 10_000_000
