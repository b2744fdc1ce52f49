"""Passing a chat on to a colleague, and all of them at the end of a shift."""

import uuid

import pytest

from chat.actions import assigning, closing, passing, queueing
from chat.colleagues import colleagues
from chat.models import ChatRules, InternalNote, Presence
from chat.testing import world
from chat.testing.world import after
from common.errors import RuleBroken
from common.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(open_chat, second_agent):
    world.is_there(second_agent)
    return world.rules(default_cap=2)


def transfer(chat, by, to, note="", now=None):
    passing.transfer(
        conversation=world.fresh(chat),
        by=by,
        to=getattr(to, "public_id", to),
        note=note,
        now=now or after(10),
    )


def test_a_transfer_tells_both_sides_and_leaves_nothing_in_the_queue(both, agent, second_agent):
    chat = world.a_chat_with(agent)
    transfer(chat, agent, second_agent, "Vraagt naar een reispas.")
    row = world.fresh(chat)
    assert (row.agent, row.handled_by, row.state) == (second_agent, second_agent, "active")
    assert row.queued_at == world.NOW
    story = list(chat.messages.order_by("seq").values_list("kind", "agent_name", "reason"))
    assert story[2:] == [("left", "Anke", "transferred"), ("joined", "Bram", "")]
    told = Event.objects.filter(subject=chat.public_id, kind="chat.assigned").latest("pk")
    assert (told.actor, told.details) == (second_agent.pk, {"how": "transferred"})


def test_the_note_is_for_colleagues_and_masked(both, agent, second_agent):
    chat = world.a_chat_with(agent)
    transfer(chat, agent, second_agent, "Zijn nummer: 85.07.30-033.28.\x00")
    note = InternalNote.objects.get(conversation=chat)
    assert (note.author, note.written_at) == (agent, after(10))
    assert "85.07" not in note.text
    assert note.text not in world.texts(chat)
    assert "reispas" not in str(Event.objects.values_list("details", flat=True))


@pytest.mark.parametrize("note", ["", "  \n "])
def test_without_words_there_is_no_note(both, agent, second_agent, note):
    chat = world.a_chat_with(agent)
    transfer(chat, agent, second_agent, note)
    assert not InternalNote.objects.exists()


def test_a_note_that_is_too_long_moves_nothing(both, agent, second_agent):
    chat = world.a_chat_with(agent)
    with pytest.raises(RuleBroken, match="text_too_long"):
        transfer(chat, agent, second_agent, "a" * 2_001)
    assert world.fresh(chat).agent == agent


@pytest.mark.parametrize("how", ["offline", "away", "no role", "nobody"])
def test_to_somebody_who_just_left_is_refused_and_nothing_is_lost(both, agent, second_agent, how):
    chat = world.a_chat_with(agent)
    to, now = second_agent, after(10)
    if how == "offline":
        world.is_there(agent, after(46))
        now = after(46)
    elif how == "away":
        world.is_there(second_agent, state=Presence.State.AWAY)
    elif how == "no role":
        second_agent.role_grants.all().delete()
    else:
        to = uuid.uuid4()
    with pytest.raises(RuleBroken, match="colleague_gone"):
        transfer(chat, agent, to, "een notitie", now)
    assert world.fresh(chat).agent == agent
    assert world.kinds(chat) == ["text", "joined"]
    assert not InternalNote.objects.exists()


def test_to_somebody_at_the_cap_is_refused_by_name(both, agent, second_agent):
    for _ in range(2):
        world.a_chat_with(second_agent)
    chat = world.a_chat_with(agent)
    with pytest.raises(RuleBroken) as broken:
        transfer(chat, agent, second_agent)
    assert (broken.value.code, broken.value.params) == (
        "colleague_full",
        {"name": "Bram", "cap": 2},
    )


@pytest.mark.parametrize("state", ["busy", "on_phone"])
def test_by_hand_also_to_a_colleague_who_takes_none_by_itself(both, agent, second_agent, state):
    world.is_there(second_agent, state=Presence.State(state))
    chat = world.a_chat_with(agent)
    transfer(chat, agent, second_agent)
    assert world.fresh(chat).agent == second_agent


def test_to_oneself_or_of_a_colleagues_chat_is_no_transfer(both, agent, second_agent):
    chat = world.a_chat_with(agent)
    for by, to in ((agent, agent), (second_agent, second_agent), (second_agent, agent)):
        with pytest.raises(RuleBroken, match="not_allowed_now"):
            transfer(chat, by, to)
    assert world.kinds(chat) == ["text", "joined"]


def test_a_second_click_passes_on_once(both, agent, second_agent):
    chat = seen = world.a_chat_with(agent)
    transfer(chat, agent, second_agent, "een notitie")
    with pytest.raises(RuleBroken, match="not_allowed_now"):
        passing.transfer(
            conversation=seen, by=agent, to=second_agent.public_id, note="x", now=after(11)
        )
    assert world.kinds(chat) == ["text", "joined", "left", "joined"]
    assert InternalNote.objects.count() == 1


def test_the_citizen_ends_while_it_is_passed_on(both, agent, second_agent):
    seen = world.a_chat_with(agent)
    closing.end_by_citizen(conversation=world.fresh(seen), now=after(9))
    with pytest.raises(RuleBroken, match="not_allowed_now"):
        passing.transfer(
            conversation=seen, by=agent, to=second_agent.public_id, note="x", now=after(10)
        )
    assert not InternalNote.objects.exists()


def test_the_next_agent_owes_an_answer_only_when_the_citizen_waits_for_one(
    both, agent, second_agent
):
    asked, answered = world.a_chat_with(agent), world.a_chat_with(agent)
    world.agent_says(answered, agent, now=after(5))
    for chat in (asked, answered):
        transfer(chat, agent, second_agent)
    world.is_there(agent, after(100))
    world.is_there(second_agent, after(100))
    assert queueing.return_unattended(now=after(100), rules=ChatRules.current()) == 1
    assert world.fresh(answered).agent == second_agent


def test_passing_on_makes_room_for_who_waits(
    both, agent, second_agent, django_capture_on_commit_callbacks
):
    world.is_there(second_agent, state=Presence.State.BUSY)
    mine = [world.a_chat_with(agent) for _ in range(2)]
    waiting = world.a_chat(after(1))
    world.rules(assigns_automatically=True)
    with django_capture_on_commit_callbacks(execute=True):
        transfer(mine[0], agent, second_agent)
    assert world.fresh(waiting).agent == agent


# --- the end of a shift -----------------------------------------------------------------------


def test_at_the_end_of_a_shift_each_goes_to_the_least_busy_and_the_rest_waits(
    both, agent, second_agent, make_user
):
    third = make_user("Cas", "agent")
    world.is_there(third)
    world.rules(default_cap=20)
    world.a_chat_with(second_agent)
    mine = [world.a_chat_with(agent, after(n)) for n in range(4)]
    world.rules(default_cap=2)
    done = passing.hand_over(by=agent, now=after(20))
    assert (done.passed, done.queued) == (3, 1)
    assert [world.fresh(chat).agent for chat in mine] == [third, second_agent, third, None]
    last = world.fresh(mine[3])
    assert (last.state, last.queued_at) == ("waiting", after(3))
    assert {chat.messages.filter(kind="left").get().reason for chat in mine} == {"shift_end"}
    assert Presence.objects.get(agent=agent).state == "away"
    how = Event.objects.filter(kind="chat.assigned", subject=mine[0].public_id).latest("pk")
    assert how.details == {"how": "handed_over"}


def test_without_colleagues_all_wait_in_their_first_place(open_chat, agent):
    mine = [world.a_chat_with(agent, after(n)) for n in range(2)]
    done = passing.hand_over(by=agent, now=after(20))
    assert (done.passed, done.queued) == (0, 2)
    assert [world.fresh(chat).queued_at for chat in mine] == [after(0), after(1)]


def test_who_has_nothing_is_only_away(open_chat, agent):
    for _ in range(2):
        assert passing.hand_over(by=agent, now=after(1)).conversations == []
    assert Presence.objects.get(agent=agent).state == "away"


def test_it_does_not_come_back_to_who_went_home(
    open_chat, agent, django_capture_on_commit_callbacks
):
    world.rules(assigns_automatically=True)
    with django_capture_on_commit_callbacks(execute=True):
        chat = world.a_chat()
    with django_capture_on_commit_callbacks(execute=True):
        passing.hand_over(by=agent, now=after(20))
    assert world.fresh(chat).agent is None
    assert assigning.assign_waiting(now=after(21), rules=ChatRules.current()) == 0


def test_abuse_is_a_reason_of_its_own_and_cannot_be_continued(open_chat, agent):
    chat = world.a_chat_with(agent)
    topic = world.a_topic()
    closing.close_by_agent(conversation=chat, topic=topic, now=after(5), because_of_abuse=True)
    row = world.fresh(chat)
    assert (row.close_reason, row.topic) == ("abuse", topic)
    assert row.continue_until(ChatRules.current()) is None
    with pytest.raises(RuleBroken, match="cannot_continue"):
        closing.continue_conversation(conversation=row, now=after(6))


def test_colleagues_cost_two_queries_however_many(both, agent, django_assert_num_queries):
    for _ in range(2):
        world.a_chat_with(agent)
        with django_assert_num_queries(2):
            found = colleagues(now=world.NOW, rules=both)
    assert [(one.user.first_name, one.open, one.is_free) for one in found] == [
        ("Anke", 2, False),
        ("Bram", 0, True),
    ]
