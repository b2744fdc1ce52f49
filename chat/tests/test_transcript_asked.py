"""Asking for a copy by mail: what is refused, what is written down, and what happens twice."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from chat.actions import closing
from chat.actions.transcripts import ask_transcript_mail
from chat.models import Conversation, TranscriptMail
from chat.testing import world
from chat.testing.world import NOW, fresh
from common.errors import RuleBroken
from common.testing.races import at_once

pytestmark = pytest.mark.django_db
MAIL = "an.peeters@voorbeeld.be"


@pytest.fixture
def ended(open_chat, agent):
    conversation = world.a_chat_with(agent)
    closing.end_by_citizen(conversation=conversation, now=NOW)
    return fresh(conversation)


@pytest.fixture
def woken(monkeypatch):
    """How often the task was sent."""
    calls = []
    monkeypatch.setattr(
        "celery.current_app.send_task", lambda name, **options: calls.append(name), raising=True
    )
    return calls


def ask(conversation, address=MAIL, now=NOW):
    ask_transcript_mail(conversation=conversation, address=address, now=now)


def refusal(conversation, address=MAIL):
    with pytest.raises(RuleBroken) as broken:
        ask(conversation, address)
    return broken.value.code


def addresses():
    return list(TranscriptMail.objects.order_by("pk").values_list("address", flat=True))


def test_it_is_written_down_before_anything_is_sent(ended, mailoutbox):
    ask(ended, f"  {MAIL} ")
    row = TranscriptMail.objects.get()
    assert (row.conversation, row.address) == (ended, MAIL)
    assert row.asked_at == row.due_at == NOW
    assert (row.attempts, row.sent_at, row.given_up_at) == (0, None, None)
    assert mailoutbox == []


def test_after_the_commit_the_task_is_woken(ended, woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ask(ended)
        assert woken == []
    assert woken == ["chat.tasks.mail_transcripts"]


def test_a_broker_that_is_away_costs_nothing_but_a_minute(
    ended, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def is_away(*args, **kwargs):
        raise ConnectionError("no broker")

    monkeypatch.setattr("celery.current_app.send_task", is_away)
    with django_capture_on_commit_callbacks(execute=True):
        ask(ended)
    assert addresses() == [MAIL]
    assert MAIL not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        *("", "an", "an@", "@voorbeeld.be", "an@voorbeeld", "an@@voorbeeld.be"),
        *("an@localhost", "an@[127.0.0.1]", "an@voorbeeld.be,els@voorbeeld.be"),
        *(
            "An <an@voorbeeld.be>",
            '"an b"@voorbeeld.be',
            '"\x01"@voorbeeld.be',
            "an b@voorbeeld.be",
        ),
        "an@voorbeeld.be\r\nBcc: els@voorbeeld.be",
        "an@voorbeeld.be\nSubject: x",
        "an\x00@voorbeeld.be",
        "an\u202e@voorbeeld.be",
        "a" * 310 + "@voorbeeld.be",
        "an@" + "a" * 300 + ".be",
        "an@" + "voorbeelden." * 21 + "be",
    ],
)
def test_what_is_no_address_is_refused_and_leaves_no_row(ended, address):
    assert refusal(ended, address) == "bad_mail"
    assert addresses() == []


@pytest.mark.parametrize(
    "address", ["a+b@x.be", "o'neill@x.be", "an@vóórbeeld.be", "an@x.brussels"]
)
def test_uncommon_addresses_are_addresses(ended, address):
    ask(ended, address)
    assert addresses() == [address]


def test_the_same_address_again_is_the_same_request(ended):
    ask(ended)
    ask(ended, MAIL.upper(), NOW + timedelta(minutes=1))
    assert addresses() == [MAIL]


def test_after_it_went_the_same_address_may_ask_again(ended):
    ask(ended)
    TranscriptMail.objects.update(address="", sent_at=NOW)
    ask(ended)
    assert addresses() == ["", MAIL]


def test_three_copies_of_a_conversation_and_no_more(ended):
    for number in range(3):
        ask(ended, f"an{number}@voorbeeld.be")
    assert refusal(ended, "an4@voorbeeld.be") == "too_many_mails"
    ask(ended, "an1@voorbeeld.be")  # a repeated frame is no fourth
    assert len(addresses()) == 3


def test_nobodys_mailbox_is_filled_from_many_conversations(open_chat):
    for _ in range(10):
        ask(world.a_chat())
    assert refusal(world.a_chat(), MAIL.upper()) == "too_many_mails"
    ask(world.a_chat(), "els@voorbeeld.be")
    assert len(addresses()) == 11


def test_no_address_stands_in_the_counters(ended, redis_client):
    ask(ended)
    keys = b" ".join(redis_client.keys("*"))
    assert b"transcript-mail" in keys
    assert b"voorbeeld" not in keys
    cache.clear()


def test_who_talks_may_ask_for_what_is_still_to_come(open_chat, agent):
    ask(world.a_chat_with(agent))
    assert addresses() == [MAIL]


def test_an_anonymised_conversation_has_no_copy(ended):
    emptied = {"handled_by": None, "name": "", "page": "", "first_words": ""}
    Conversation.objects.filter(pk=ended.pk).update(anonymised_at=NOW, **emptied)
    assert refusal(ended) == "wrong_token"
    assert addresses() == []


def test_a_removed_conversation_has_no_copy(ended):
    Conversation.objects.filter(pk=ended.pk).delete()
    with pytest.raises(Conversation.DoesNotExist):
        ask(ended)


@pytest.mark.django_db(transaction=True)
def test_the_same_request_four_times_at_once_is_one_row(open_chat):
    conversation = world.a_chat()
    assert at_once(*[lambda: ask(conversation)] * 4) == [None] * 4
    assert addresses() == [MAIL]


@pytest.mark.django_db(transaction=True)
def test_of_five_addresses_at_once_three_get_a_place(open_chat):
    conversation = world.a_chat()
    outcomes = at_once(
        *(lambda n=number: ask(conversation, f"an{n}@voorbeeld.be") for number in range(5))
    )
    assert sorted(outcomes, key=str) == [None, None, None, "too_many_mails", "too_many_mails"]
    assert len(addresses()) == 3
