"""Copies by mail and ratings in Django admin."""

import pytest
from django.urls import reverse

from chat.actions import closing, rating
from chat.actions.transcripts import ask_transcript_mail
from chat.models import Conversation, TranscriptMail
from chat.testing import world
from chat.testing.world import NOW, fresh

pytestmark = pytest.mark.django_db
MAIL = "an.peeters@voorbeeld.be"
LIST = reverse("admin:chat_transcriptmail_changelist")
CHATS = reverse("admin:chat_conversation_changelist")


@pytest.fixture
def asked(open_chat, agent):
    conversation = world.a_chat_with(agent)
    closing.end_by_citizen(conversation=conversation, now=NOW)
    ask_transcript_mail(conversation=fresh(conversation), address=MAIL, now=NOW)
    return TranscriptMail.objects.get()


def page_of(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def detail(mail):
    return reverse("admin:chat_transcriptmail_change", args=[mail.pk])


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"attempts": 3},
        {"sent_at": NOW, "address": ""},
        {"given_up_at": NOW, "address": ""},
    ],
)
def test_the_list_says_how_it_stands_and_never_to_whom(asked, administrator_client, change):
    TranscriptMail.objects.update(**change)
    for page in (page_of(administrator_client, LIST), page_of(administrator_client, detail(asked))):
        assert MAIL not in page


def test_the_filter_sorts_open_sent_and_given_up(asked, administrator_client):
    counts = {}
    for change in ({}, {"sent_at": NOW}, {"sent_at": None, "given_up_at": NOW}):
        TranscriptMail.objects.update(**change)
        for stands in ("open", "sent", "given_up"):
            page = page_of(administrator_client, LIST, stands=stands)
            counts[stands] = counts.get(stands, 0) + ("field-how_it_stands" in page)
    assert counts == {"open": 1, "sent": 1, "given_up": 1}


def test_nothing_is_changed_or_added_by_hand(asked, administrator_client):
    answer = administrator_client.post(detail(asked), {"attempts": 0})
    assert answer.status_code == 403
    added = administrator_client.get(reverse("admin:chat_transcriptmail_add"))
    assert added.status_code == 403


def test_a_conversation_can_be_removed_with_its_copies(asked, administrator_client):
    address = reverse("admin:chat_conversation_delete", args=[asked.conversation_id])
    assert administrator_client.post(address, {"post": "yes"}).status_code == 302
    assert not Conversation.objects.exists()
    assert not TranscriptMail.objects.exists()


def test_ten_copies_cost_as_many_queries_as_one(
    asked, administrator_client, django_assert_max_num_queries
):
    page_of(administrator_client, LIST)
    for _ in range(9):
        TranscriptMail.objects.create(
            conversation=asked.conversation, address=MAIL, asked_at=NOW, due_at=NOW
        )
    with django_assert_max_num_queries(13):  # two of them for the menu: are there rules yet?
        assert page_of(administrator_client, LIST).count("field-how_it_stands") == 10


def test_the_rating_stands_with_the_conversation(asked, administrator_client):
    rating.rate(conversation=asked.conversation, score=2, comment="Te traag.", now=NOW)
    detail_page = reverse("admin:chat_conversation_change", args=[asked.conversation_id])
    assert "Te traag." in page_of(administrator_client, detail_page)
    assert "field-rating" in page_of(administrator_client, CHATS, rating=2)
    assert "field-rating" not in page_of(administrator_client, CHATS, rating=5)


def test_others_do_not_come_in(asked, agent_client, stranger_client, citizen):
    for client in (agent_client, stranger_client, citizen):
        assert client.get(LIST).status_code != 200
        assert client.get(detail(asked)).status_code != 200
