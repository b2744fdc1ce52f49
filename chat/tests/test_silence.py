"""Silence, ending, being out of reach, and talking on."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from chat.actions import closing, queueing
from chat.actions.availability import hear
from chat.models import ChatRules, Presence
from chat.states import Reason
from chat.tasks import sweep_conversations
from chat.testing import world
from chat.testing.world import NOW, after
from common.errors import RuleBroken
from common.testing.races import at_once

pytestmark = pytest.mark.django_db
MINUTE = 60


@pytest.fixture
def answered(open_chat, agent):
    """A conversation in which the agent wrote last, at NOW."""
    chat = world.a_chat_with(agent)
    world.agent_says(chat, agent)
    return chat


def ask(now):
    return closing.ask_silent_citizens(now=now, rules=ChatRules.current())


def close(now):
    return closing.close_silent(now=now, rules=ChatRules.current())


def abandon(now):
    return closing.abandon_unreachable(now=now, rules=ChatRules.current())


def go_on(chat, now):
    closing.continue_conversation(conversation=world.fresh(chat), now=now)


def test_a_citizen_silent_for_five_minutes_is_asked_once(answered):
    assert ask(after(299)) == 0
    assert ask(after(300)) == 1
    assert ask(after(301)) == 0
    assert world.fresh(answered).silence_ends_at == after(420)
    assert world.kinds(answered)[-1] == "asked_if_there"


def test_who_waits_for_the_agent_is_not_asked(answered):
    world.citizen_says(answered, now=after(10))
    assert ask(after(3_000)) == 0


def test_the_time_in_the_queue_is_no_silence(answered, agent, second_agent):
    queueing.return_to_queue(
        conversation=world.fresh(answered),
        reason=Reason.AGENT_RETURNED,
        now=after(1),
        rules=ChatRules.current(),
    )
    queueing.claim(conversation=world.fresh(answered), agent=second_agent, now=after(900))
    assert ask(after(901)) == 0
    assert ask(after(1_200)) == 1


def test_a_text_answers_the_question(answered):
    ask(after(300))
    world.citizen_says(answered, now=after(310))
    assert close(after(420)) == 0
    assert world.fresh(answered).silence_ends_at is None


def test_one_key_extends_as_often_as_needed(answered):
    for n in range(1, 4):
        asked_at = n * 360
        assert ask(after(asked_at)) == 1
        closing.extend(conversation=world.fresh(answered), now=after(asked_at + 30))
        assert close(after(asked_at + 200)) == 0
    assert world.kinds(answered).count("still_there") == 3
    assert world.fresh(answered).state == "active"


def test_extending_unasked_or_twice_changes_nothing(answered):
    closing.extend(conversation=world.fresh(answered), now=after(1))
    ask(after(300))
    seen = world.fresh(answered)
    closing.extend(conversation=seen, now=after(301))
    closing.extend(conversation=seen, now=after(302))  # the second tab had seen the question too
    assert world.kinds(answered).count("still_there") == 1


def test_an_unanswered_question_closes_at_its_moment(answered):
    ask(after(300))
    assert close(after(419.9)) == 0
    assert close(after(420)) == 1
    row = world.fresh(answered)
    assert (row.state, row.close_reason, row.agent) == ("closed", "silence", None)


def test_a_text_between_read_and_close_wins(answered, monkeypatch):
    ask(after(300))
    real = closing.record_change

    def written_just_before(*args, **kwargs):
        world.citizen_says(answered, now=after(420))
        return real(*args, **kwargs)

    monkeypatch.setattr(closing, "record_change", written_just_before)
    assert close(after(420)) == 0
    assert world.fresh(answered).state == "active"


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_and_a_text_at_once_leave_one_story(answered):
    ask(after(300))
    found = at_once(
        partial(close, after(420)),
        partial(close, after(420)),
        partial(world.citizen_says, answered, "toch nog", after(420)),
    )
    assert found[2] == "conversation_closed" or found[:2] == [0, 0]
    row = world.fresh(answered)
    assert world.seqs(answered) == list(range(1, row.last_seq + 1))
    assert world.kinds(answered).count("closed") == (row.state == "closed")


def test_either_side_ends_it(open_chat, agent):
    mine, yours = world.a_chat_with(agent), world.a_chat()
    topic = world.a_topic()
    closing.close_by_agent(conversation=mine, topic=topic, now=after(1))
    closing.end_by_citizen(conversation=yours, now=after(1))
    first, second = world.fresh(mine), world.fresh(yours)
    assert (first.close_reason, first.topic, first.handled_by) == ("agent", topic, agent)
    assert (second.close_reason, second.topic, second.state) == ("citizen", None, "closed")


def test_ending_twice_says_that_it_has_ended(open_chat):
    chat = world.a_chat()
    closing.end_by_citizen(conversation=chat, now=after(1))
    with pytest.raises(RuleBroken, match="conversation_closed"):
        closing.end_by_citizen(conversation=world.fresh(chat), now=after(2))
    assert world.kinds(chat) == ["text", "closed"]


@pytest.mark.parametrize("by", ["citizen", "agent"])
def test_what_a_person_ended_is_not_continued(open_chat, agent, by):
    chat = world.a_chat_with(agent)
    if by == "citizen":
        closing.end_by_citizen(conversation=chat, now=after(1))
    else:
        closing.close_by_agent(conversation=chat, topic=world.a_topic(), now=after(1))
    with pytest.raises(RuleBroken, match="cannot_continue"):
        go_on(chat, after(2))


def test_what_silence_ended_is_continued_within_the_hour(open_chat, agent):
    chat = world.ended_by_silence(agent)
    world.is_there(agent, after(60 * MINUTE))
    with pytest.raises(RuleBroken, match="cannot_continue"):
        go_on(chat, after(60 * MINUTE + 1))
    go_on(chat, after(60 * MINUTE))
    row = world.fresh(chat)
    assert (row.state, row.queued_at, row.closed_at) == ("waiting", after(60 * MINUTE), None)
    assert world.kinds(chat)[-1] == "continued"


def test_continuing_twice_does_so_once(open_chat, agent):
    chat = world.ended_by_silence(agent)
    go_on(chat, after(1))
    go_on(chat, after(2))
    assert world.kinds(chat).count("continued") == 1


def test_nothing_is_continued_while_the_chat_is_closed(open_chat, agent):
    chat = world.ended_by_silence(agent)
    world.is_there(agent, after(1), Presence.State.AWAY)
    with pytest.raises(RuleBroken, match="chat_closed"):
        go_on(chat, after(1))


def test_who_is_out_of_reach_leaves_the_queue_and_may_come_back(open_chat, agent):
    chat = world.a_chat()
    assert abandon(after(599)) == 0
    assert abandon(after(600)) == 1
    assert (world.fresh(chat).state, world.kinds(chat)[-1]) == ("abandoned", "abandoned")
    assert abandon(after(601)) == 0
    world.is_there(agent, after(700))
    go_on(chat, after(700))
    assert world.fresh(chat).state == "waiting"


def test_a_sign_of_life_keeps_the_place(open_chat):
    chat = world.a_chat()
    hear(agent_ids=set(), citizen_conversation_ids={chat.pk}, now=after(300))
    assert abandon(after(700)) == 0
    assert abandon(after(900)) == 1


def test_a_sign_of_life_between_read_and_write_keeps_it(open_chat, monkeypatch):
    chat = world.a_chat()
    real = closing.record_change

    def heard_just_before(*args, **kwargs):
        hear(agent_ids=set(), citizen_conversation_ids={chat.pk}, now=after(600))
        return real(*args, **kwargs)

    monkeypatch.setattr(closing, "record_change", heard_just_before)
    assert abandon(after(600)) == 0


@pytest.mark.parametrize(
    "begin",
    [
        datetime(2026, 3, 29, 0, 58, tzinfo=UTC),  # 1.58 in Hasselt, two minutes before 3.00
        datetime(2026, 10, 25, 0, 58, tzinfo=UTC),  # 2.58, two minutes before 2.00 again
        datetime(2026, 12, 31, 22, 58, tzinfo=UTC),  # two minutes before the New Year
        datetime(2028, 2, 28, 22, 58, tzinfo=UTC),  # two minutes before a leap day
    ],
)
def test_a_change_of_clock_day_or_year_changes_no_term(agent, begin):
    world.open_for_business(agent, begin, world.ROUND_THE_CLOCK)
    chat = world.a_chat_with(agent, begin)
    world.agent_says(chat, agent, now=begin)
    assert ask(begin + timedelta(seconds=299)) == 0
    assert ask(begin + timedelta(seconds=300)) == 1
    assert close(begin + timedelta(seconds=419)) == 0
    assert close(begin + timedelta(seconds=420)) == 1
    last = begin + timedelta(seconds=420 + 3_600)
    world.is_there(agent, last)
    with pytest.raises(RuleBroken, match="cannot_continue"):
        go_on(chat, last + timedelta(seconds=1))
    go_on(chat, last)


def test_a_clock_that_steps_back_asks_and_closes_nobody_early(answered):
    earlier = NOW - timedelta(hours=1)
    assert (ask(earlier), close(earlier), abandon(earlier)) == (0, 0, 0)
    ask(after(300))
    assert close(earlier) == 0
    world.citizen_says(answered, now=earlier)
    assert world.fresh(answered).silence_ends_at is None


def test_the_task_does_all_that_is_due(open_chat, agent, monkeypatch):
    silent, unanswered = world.a_chat_with(agent), world.a_chat_with(agent)
    world.agent_says(silent, agent)
    waiting = world.a_chat()
    monkeypatch.setattr("django.utils.timezone.now", lambda: after(610))
    world.is_there(agent, after(610))
    sweep_conversations()
    sweep_conversations()
    assert world.kinds(silent)[-1] == "asked_if_there"
    # Its citizen was out of reach all that time, so it left the queue that it came back to.
    assert world.kinds(unanswered)[-2:] == ["left", "abandoned"]
    assert world.kinds(waiting) == ["text", "abandoned"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: after(730))
    world.is_there(agent, after(730))
    sweep_conversations()
    assert world.kinds(silent)[-1] == "closed"
