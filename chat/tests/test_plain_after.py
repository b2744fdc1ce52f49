"""After the end, on the page without JavaScript: how it was, and a copy to keep."""

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext

from chat.actions import queueing
from chat.models import Conversation, TranscriptMail
from chat.sentences import sentence
from chat.testing import world
from chat.tests.test_plain_page import HERE, body, post, start
from common.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(citizen, open_now, agent):
    """A browser whose conversation an agent took and the citizen ended."""
    start(citizen)
    queueing.claim(conversation=the_chat(), agent=agent, now=timezone.now())
    post(citizen, "end")
    return citizen


def the_chat():
    return Conversation.objects.get()


def follow(client, step, **fields):
    return client.post(HERE, {"step": step, **fields}, follow=True)


def test_a_rating_is_kept_once_with_its_words(ended):
    assert 'name="score"' in body(ended.get(HERE))
    answer = follow(ended, "rate", score=4, comment="Vlot.\r\nDank!")
    assert gettext("Thank you. This helps us do better.") in body(answer)
    assert (the_chat().rating, the_chat().rating_comment) == (4, "Vlot.\nDank!")
    assert 'name="score"' not in body(answer)


def test_a_second_rating_changes_nothing(ended):
    follow(ended, "rate", score=4)
    answer = follow(ended, "rate", score=1)
    assert sentence(RuleBroken("already_rated"), "nl") in body(answer)
    assert the_chat().rating == 4


@pytest.mark.parametrize("score", ["", "0", "6", "vier"])
def test_a_score_that_is_none_keeps_the_comment(ended, score):
    answer = post(ended, "rate", score=score, comment="Waarom ook niet.")
    assert answer.status_code == 422
    assert "score" in answer.context["rating_form"].errors
    assert 'href="#id_score"' in body(answer)
    assert "Waarom ook niet." in body(answer)
    assert the_chat().rating is None


def test_a_comment_that_is_too_long_stays_in_its_field(ended):
    answer = post(ended, "rate", score=3, comment="x" * 501)
    assert answer.status_code == 422
    assert "x" * 501 in body(answer)
    assert post(ended, "rate", score=3, comment="\r\n".join(["x" * 99] * 5)).status_code == 302


def test_an_open_chat_is_not_rated(citizen, open_now):
    start(citizen)
    assert 'name="score"' not in body(citizen.get(HERE))
    answer = follow(citizen, "rate", score=4)
    assert sentence(RuleBroken("not_allowed_now"), "nl") in body(answer)
    assert the_chat().rating is None


def test_whom_nobody_answered_is_asked_too(citizen, open_now):
    start(citizen)
    post(citizen, "end")
    assert 'name="score"' in body(citizen.get(HERE))
    assert post(citizen, "rate", score=1).status_code == 302
    assert the_chat().rating == 1


def test_the_copy_to_download_is_that_of_the_cookie(ended):
    page = body(ended.get(HERE))
    for address in ("/chat/gesprek.txt", "/chat/gesprek.pdf"):
        assert f'href="{address}"' in page
    assert "Dag!" in body(ended.get("/chat/gesprek.txt"))
    assert Client().get("/chat/gesprek.txt").status_code == 404


def test_a_copy_by_mail_is_asked_once(ended):
    for _ in range(2):
        answer = follow(ended, "mail", mail="an@voorbeeld.be")
        sent = gettext("We send it to {mail}.").replace("{mail}", "an@voorbeeld.be")
        assert sent in body(answer)
    assert [mail.address for mail in TranscriptMail.objects.all()] == ["an@voorbeeld.be"]


@pytest.mark.parametrize("mail", ["", "an", "an@voorbeeld", 'x"y@voorbeeld.be'])
def test_a_wrong_mail_address_stays_in_its_field(ended, mail):
    answer = post(ended, "mail", mail=mail)
    assert answer.status_code == 422
    assert answer.context["mail_form"].errors == {"mail": [sentence(RuleBroken("bad_mail"), "nl")]}
    assert 'autocomplete="email"' in str(answer.context["mail_form"]["mail"])
    assert TranscriptMail.objects.count() == 0


def test_a_fourth_address_is_too_many(ended):
    for name in "abc":
        assert post(ended, "mail", mail=f"{name}@voorbeeld.be").status_code == 302
    answer = post(ended, "mail", mail="d@voorbeeld.be")
    assert sentence(RuleBroken("too_many_mails"), "nl") in body(answer)
    assert TranscriptMail.objects.count() == 3


def test_a_stranger_rates_and_mails_nothing(ended):
    stranger = Client()
    stranger.cookies["chat_token_nl"] = world.new_token()
    for step, fields in {"rate": {"score": 1}, "mail": {"mail": "x@voorbeeld.be"}}.items():
        assert post(stranger, step, **fields).status_code == 422
    assert the_chat().rating is None
    assert TranscriptMail.objects.count() == 0


def test_each_button_has_a_name_of_its_own(ended):
    page = body(ended.get(HERE))
    names = [gettext(name) for name in ("Send my answer", "Send by e-mail")]
    assert all(page.count(f">{name}</button>") == 1 for name in names)
