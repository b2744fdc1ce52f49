"""Taking from the queue and giving back to it."""

from datetime import timedelta
from functools import partial

import pytest

from chat import tasks
from chat.actions import closing, queueing
from chat.models import ChatRules, Conversation, Presence
from chat.states import Reason
from chat.testing import world
from chat.testing.world import after
from common.errors import RuleBroken
from common.testing.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(open_chat, second_agent):
    """Two agents are there."""
    world.is_there(second_agent)
    return open_chat


def claim(conversation, agent, now=world.NOW):
    queueing.claim(conversation=conversation, agent=agent, now=now)


def give_back(conversation, now, reason=Reason.AGENT_RETURNED):
    return queueing.return_to_queue(
        conversation=conversation, reason=reason, now=now, rules=ChatRules.current()
    )


def sweep(now):
    return queueing.return_unattended(now=now, rules=ChatRules.current())


def queue():
    return list(Conversation.objects.filter(state="waiting").in_queue_order())


def test_a_claim_makes_the_agent_the_owner(open_chat, agent):
    chat = world.a_chat()
    claim(chat, agent, after(5))
    row = world.fresh(chat)
    assert (row.state, row.agent, row.handled_by, row.joined_at) == (
        *("active", agent, agent),
        after(5),
    )
    assert world.kinds(chat) == ["text", "joined"]
    assert world.events_of(chat)[-2:] == ["chat.joined", "chat.assigned"]


def test_a_double_click_claims_once(open_chat, agent):
    chat = world.a_chat()
    claim(chat, agent)
    claim(world.fresh(chat), agent, after(1))
    assert world.kinds(chat) == ["text", "joined"]


def test_the_second_agent_hears_that_it_is_taken(both, agent, second_agent):
    chat = world.a_chat()
    claim(chat, agent)
    # Once with what was read before the colleague's click, once with what is true now.
    for seen in (chat, world.fresh(chat)):
        with pytest.raises(RuleBroken, match="already_taken"):
            claim(seen, second_agent, after(1))
    assert world.fresh(chat).agent == agent


def test_a_claim_after_the_citizen_left_does_not_win(open_chat, agent):
    chat = world.a_chat()
    closing.end_by_citizen(conversation=world.fresh(chat), now=after(1))
    with pytest.raises(RuleBroken, match="already_taken"):
        claim(chat, agent, after(2))
    assert world.fresh(chat).state == "closed"


def test_the_citizen_ends_while_an_agent_takes_it(open_chat, agent):
    seen = world.a_chat()
    claim(world.fresh(seen), agent)
    with pytest.raises(RuleBroken, match="not_allowed_now"):
        closing.end_by_citizen(conversation=seen, now=after(1))
    assert world.fresh(seen).state == "active"


def test_a_text_between_read_and_claim_stays(open_chat, agent):
    seen = world.a_chat()
    world.citizen_says(seen, "nog iets", after(1))
    claim(seen, agent, after(2))
    assert world.kinds(seen) == ["text", "text", "joined"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_wins(both, agent, second_agent):
    for _ in range(5):
        chat = world.a_chat()
        seen = [world.fresh(chat), world.fresh(chat)]
        found = at_once(partial(claim, seen[0], agent), partial(claim, seen[1], second_agent))
        assert sorted(map(str, found)) == ["None", "already_taken"]
        assert world.kinds(chat) == ["text", "joined"]
        assert world.fresh(chat).agent == (agent, second_agent)[found.index(None)]


@pytest.mark.django_db(transaction=True)
def test_claim_end_and_text_at_once_leave_one_consistent_story(both, agent):
    for _ in range(4):
        chat = world.a_chat()
        seen = [world.fresh(chat), world.fresh(chat)]
        found = at_once(
            partial(claim, seen[0], agent),
            partial(closing.end_by_citizen, conversation=seen[1], now=after(1)),
            partial(world.citizen_says, chat, "nog iets", after(1)),
        )
        assert not [one for one in found if isinstance(one, Exception)]
        row = world.fresh(chat)
        assert world.seqs(chat) == list(range(1, row.last_seq + 1))
        assert row.state == ("active" if found[0] is None else "closed")


def test_who_came_first_stays_first_after_a_return(open_chat, agent):
    first, second = world.a_chat(after(0)), world.a_chat(after(10))
    claim(first, agent, after(20))
    assert give_back(world.fresh(first), after(30))
    third = world.a_chat(after(25))
    assert queue() == [first, second, third]
    assert world.fresh(first).agent is None
    assert world.kinds(first) == ["text", "joined", "left"]


def test_giving_back_twice_does_so_once(open_chat, agent):
    chat = world.a_chat_with(agent)
    seen = world.fresh(chat)
    assert give_back(seen, after(1))
    assert not give_back(seen, after(2))
    assert not give_back(world.fresh(chat), after(2))
    assert world.kinds(chat).count("left") == 1


def test_an_unanswered_conversation_goes_back_after_90_seconds(open_chat, agent):
    chat = world.a_chat_with(agent)
    world.is_there(agent, after(80))
    assert sweep(after(89.9)) == 0
    assert sweep(after(90)) == 1
    assert chat.messages.last().reason == "agent_unanswering"
    assert world.fresh(chat).queued_at == world.NOW


def test_an_answered_conversation_stays(open_chat, agent):
    chat = world.a_chat_with(agent)
    world.agent_says(chat, agent, now=after(89))
    world.citizen_says(chat, now=after(100))
    world.is_there(agent, after(900))
    assert sweep(after(900)) == 0


def test_the_first_answer_counts_for_each_agent_anew(both, agent, second_agent):
    chat = world.a_chat_with(agent)
    world.agent_says(chat, agent, now=after(5))
    world.citizen_says(chat, now=after(6))
    give_back(world.fresh(chat), after(10))
    claim(world.fresh(chat), second_agent, after(20))
    world.is_there(second_agent, after(100))
    assert sweep(after(109)) == 0
    assert sweep(after(110)) == 1
    assert world.fresh(chat).state == "waiting"


def test_who_takes_a_continued_conversation_owes_an_answer(open_chat, agent):
    chat = world.ended_by_silence(agent)
    closing.continue_conversation(conversation=chat, now=after(1))
    claim(world.fresh(chat), agent, after(2))
    world.is_there(agent, after(92))
    assert sweep(after(92)) == 1
    assert world.fresh(chat).state == "waiting"


def test_an_answer_between_read_and_return_keeps_it(open_chat, agent, monkeypatch):
    chat = world.a_chat_with(agent)
    world.is_there(agent, after(90))
    real = queueing.return_to_queue

    def answered_just_before(**arguments):
        world.agent_says(chat, agent, now=after(90))
        return real(**arguments)

    monkeypatch.setattr(queueing, "return_to_queue", answered_just_before)
    assert sweep(after(90)) == 0
    assert world.fresh(chat).agent == agent


def test_an_agent_gone_for_60_seconds_loses_the_conversation(open_chat, agent):
    chat = world.a_chat_with(agent)
    world.agent_says(chat, agent, now=after(1))
    assert sweep(after(59.9)) == 0
    assert sweep(after(60)) == 1
    assert chat.messages.last().reason == "agent_gone"


def test_an_agent_who_is_away_but_connected_keeps_it(open_chat, agent):
    chat = world.a_chat_with(agent)
    world.agent_says(chat, agent, now=after(1))
    world.is_there(agent, after(50), Presence.State.AWAY)
    assert sweep(after(100)) == 0


def test_an_agent_who_comes_back_between_read_and_return_keeps_it(open_chat, agent, monkeypatch):
    chat = world.a_chat_with(agent)
    world.agent_says(chat, agent, now=after(1))
    real = queueing.return_to_queue

    def back_just_before(**arguments):
        world.is_there(agent, after(70))
        return real(**arguments)

    monkeypatch.setattr(queueing, "return_to_queue", back_just_before)
    assert sweep(after(70)) == 0


def test_the_sweep_again_changes_nothing(open_chat, agent):
    chats = [world.a_chat_with(agent) for _ in range(3)]
    assert sweep(after(200)) == 3
    assert sweep(after(200)) == 0
    assert [world.kinds(chat) for chat in chats] == [["text", "joined", "left"]] * 3


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_give_each_back_once(open_chat, agent):
    chats = [world.a_chat_with(agent) for _ in range(4)]
    assert sum(at_once(partial(sweep, after(200)), partial(sweep, after(200)))) == 4
    assert [world.seqs(chat) for chat in chats] == [[1, 2, 3]] * 4


def test_a_clock_that_steps_back_gives_nothing_back_too_early(open_chat, agent):
    world.a_chat_with(agent)
    assert sweep(world.NOW - timedelta(hours=1)) == 0


def test_a_step_that_fails_does_not_keep_the_others_from_theirs(open_chat, agent, monkeypatch):
    def broken(**_):
        raise RuntimeError("broken")

    done = []
    steps = (broken, lambda **_: done.append("next"))
    monkeypatch.setattr(tasks, "STEPS", steps)
    with pytest.raises(RuntimeError, match="broken"):
        tasks.sweep_conversations()
    assert done == ["next"]
