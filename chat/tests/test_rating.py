"""A rating: once, after the end, and never lost or doubled by a repeated frame."""

from datetime import timedelta

import pytest

from chat.actions import closing, rating
from chat.models import ChatRules, Conversation
from chat.testing import world
from chat.testing.world import NOW, events_of, fresh
from common.errors import RuleBroken
from common.models import Event
from common.testing.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(open_chat, agent):
    """A chat that was answered and that the citizen ended."""
    conversation = world.a_chat_with(agent)
    world.agent_says(conversation, agent)
    closing.end_by_citizen(conversation=fresh(conversation), now=NOW)
    return fresh(conversation)


def rate(conversation, score=4, comment="", now=NOW):
    rating.rate(conversation=conversation, score=score, comment=comment, now=now)
    return fresh(conversation)


def refusal(conversation, score=4, comment=""):
    with pytest.raises(RuleBroken) as broken:
        rate(conversation, score, comment)
    return broken.value.code


def test_a_rating_is_kept_with_its_moment_and_its_event(ended):
    rated = rate(ended, 5, "  Vlot geholpen.\r\nDank u! ")
    assert (rated.rating, rated.rating_comment) == (5, "Vlot geholpen.\nDank u!")
    assert rated.rated_at == NOW
    [event] = Event.objects.filter(kind="chat.rated")
    assert event.subject == rated.public_id
    assert event.details == {"score": 5}


def test_the_head_tells_both_sides(ended, monkeypatch, django_capture_on_commit_callbacks):
    bells = []
    monkeypatch.setattr("common.realtime._ring_or_collect", bells.append)
    with django_capture_on_commit_callbacks(execute=True):
        rate(ended, 2)
    [(_, message)] = bells
    assert message["type"] == "chat.head"
    assert message["head"]["rating"] == 2
    assert "comment" not in str(message)


def test_an_open_chat_is_not_rated(open_chat, agent):
    assert refusal(world.a_chat()) == "not_allowed_now"
    assert refusal(world.a_chat_with(agent)) == "not_allowed_now"


def test_who_waited_in_vain_may_say_so(open_chat):
    conversation = world.a_chat()
    closing.abandon_unreachable(now=NOW + timedelta(minutes=11), rules=ChatRules.current())
    assert rate(conversation, 1, "Niemand kwam.").rating == 1


def test_the_same_rating_again_is_no_mistake_and_no_second_event(ended):
    rate(ended, 4, "Goed.")
    assert rate(ended, 4, "Goed.", NOW + timedelta(minutes=5)).rated_at == NOW
    assert events_of(ended).count("chat.rated") == 1


@pytest.mark.parametrize(("score", "comment"), [(1, "Goed."), (4, "Slecht."), (4, "")])
def test_another_rating_is_refused_and_the_first_stays(ended, score, comment):
    rate(ended, 4, "Goed.")
    assert refusal(ended, score, comment) == "already_rated"
    assert (fresh(ended).rating, fresh(ended).rating_comment) == (4, "Goed.")


def test_a_chat_that_is_continued_keeps_its_rating(open_chat, agent):
    conversation = world.ended_by_silence(agent)
    rate(conversation, 3)
    closing.continue_conversation(conversation=fresh(conversation), now=NOW)
    assert refusal(conversation, 5) == "already_rated"
    assert fresh(conversation).rating == 3


def test_a_comment_that_is_too_long_keeps_the_rating_out(ended):
    assert refusal(ended, 4, "é" * 501) == "comment_too_long"
    assert fresh(ended).rating is None
    assert rate(ended, 4, "é" * 500).rating_comment == "é" * 500


def test_what_only_harms_is_not_in_the_comment(ended):
    assert rate(ended, 3, "a\x00b\u202ec\x07").rating_comment == "abc"


def test_a_national_number_in_the_comment_is_masked_and_may_make_it_longer(ended):
    typed = "85.07.30-033.28 " * 30
    rated = rate(ended, 3, typed)
    assert "033" not in rated.rating_comment
    assert len(rated.rating_comment) > 500
    assert rate(ended, 3, typed).rated_at == NOW  # a repeated frame is the same rating


def test_an_anonymised_chat_takes_no_comment_any_more(ended):
    emptied = {"handled_by": None, "name": "", "page": "", "first_words": ""}
    Conversation.objects.filter(pk=ended.pk).update(anonymised_at=NOW, **emptied)
    assert refusal(ended, 4, "Jan") == "wrong_token"
    assert fresh(ended).rating_comment == ""


def test_a_chat_that_was_removed_is_gone(ended):
    Conversation.objects.filter(pk=ended.pk).delete()
    with pytest.raises(Conversation.DoesNotExist):
        rate(ended)


@pytest.mark.django_db(transaction=True)
def test_of_two_ratings_at_once_one_is_kept(open_chat, agent):
    conversation = world.ended_by_silence(agent)
    outcomes = at_once(*(lambda score=score: rate(conversation, score) for score in (1, 2, 4, 5)))
    assert outcomes.count("already_rated") == 3
    [won] = [outcome for outcome in outcomes if outcome != "already_rated"]
    assert fresh(conversation).rating == won.rating
    assert events_of(conversation).count("chat.rated") == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_rating_four_times_at_once_is_one(open_chat, agent):
    conversation = world.ended_by_silence(agent)
    outcomes = at_once(*[lambda: rate(conversation, 4, "Goed.").rating] * 4)
    assert outcomes == [4, 4, 4, 4]
    assert events_of(conversation).count("chat.rated") == 1
