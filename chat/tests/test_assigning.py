"""Who waits goes to who has room: in order, fairly, and never above a cap."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from chat import tasks
from chat.actions import assigning, availability, closing, queueing
from chat.actions.assigning import share_out
from chat.caps import cap_of
from chat.colleagues import Colleague
from chat.models import ChatRules, Conversation, PhoneFirst, Presence
from chat.states import Reason, State
from chat.testing import world
from chat.testing.world import after
from common.errors import RuleBroken
from common.models import Event

pytestmark = pytest.mark.django_db
Away, Busy = Presence.State.AWAY, Presence.State.BUSY


@pytest.fixture
def step(django_capture_on_commit_callbacks):
    """Does one thing, and then what follows from its commit."""

    def act(action, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return action(*args, **kwargs)

    return act


@pytest.fixture
def by_itself(open_chat):
    """Anke is available; chats come by themselves, two at once."""
    return world.rules(assigns_automatically=True, default_cap=2, wrap_up_seconds=30)


@pytest.fixture
def both(by_itself, second_agent):
    world.is_there(second_agent)
    return by_itself


def owner(conversation):
    return world.fresh(conversation).agent


def how(conversation):
    events = Event.objects.filter(subject=conversation.public_id, kind="chat.assigned")
    return [event.details["how"] for event in events.order_by("pk")]


def test_a_question_goes_to_who_is_available_at_once(by_itself, agent, step):
    chat = world.fresh(step(world.a_chat))
    assert (chat.agent, chat.state, chat.joined_at) == (agent, "active", world.NOW)
    assert world.kinds(chat) == ["text", "joined"]
    assert how(chat) == ["assigned"]


def test_who_is_given_a_chat_has_not_read_it_yet(by_itself, step):
    assert world.fresh(step(world.a_chat)).agent_read_seq == 0


def test_the_fewest_chats_then_the_longest_idle(both, agent, second_agent, step):
    chats = [step(world.a_chat, after(n)) for n in range(4)]
    given = [owner(chat) for chat in chats]
    assert given[:2] in ([agent, second_agent], [second_agent, agent])
    # Both have one: who got it first is idle longest.
    assert given[2:] == given[:2]


def test_nobody_gets_more_than_the_cap_and_the_first_come_first(both, step):
    chats = [step(world.a_chat, after(n)) for n in range(6)]
    assert [owner(chat) is not None for chat in chats] == [True] * 4 + [False] * 2
    assert {agent.conversations.count() for agent in User.objects.all()} == {2}


def test_an_own_cap_holds_before_that_of_everybody(by_itself, agent, step):
    presence = Presence.objects.get(agent=agent)
    step(availability.set_cap, presence=presence, cap=1, now=world.NOW)
    for _ in range(3):
        step(world.a_chat)
    assert agent.conversations.count() == 1
    step(availability.set_cap, presence=presence, cap=3, now=after(1))
    assert agent.conversations.count() == 3


def test_a_cap_that_is_lowered_leaves_running_chats(by_itself, agent, step):
    chats = [step(world.a_chat) for _ in range(2)]
    presence = Presence.objects.get(agent=agent)
    step(availability.set_cap, presence=presence, cap=1, now=after(1))
    step(world.a_chat)
    assert {owner(chat) for chat in chats} == {agent}
    assert agent.conversations.count() == 2


@pytest.mark.parametrize("state", [s for s in Presence.State if s != "available"])
def test_who_is_not_available_gets_nothing_until_available_again(by_itself, agent, step, state):
    step(world.is_there, agent, state=state)
    chat = _waiting(after(1))
    step(assigning.assign_waiting, now=after(1), rules=ChatRules.current())
    assert owner(chat) is None
    step(world.is_there, agent, after(2))
    assert owner(chat) == agent


def _waiting(now):
    """A question that came while somebody was available, and stayed in the queue."""
    someone = User.objects.create_user("kort@test.example", first_name="Kort")
    someone.role_grants.create(role="agent")
    world.is_there(someone, now)
    chat = world.a_chat(now)
    world.is_there(someone, now, Away)
    return chat


def test_who_was_not_heard_for_45_seconds_gets_nothing(both, agent, second_agent, step):
    world.is_there(second_agent, after(44))
    chat = step(world.a_chat, after(46))
    assert owner(chat) == second_agent


def test_who_lost_the_role_gets_nothing(both, agent, second_agent, step):
    agent.role_grants.all().delete()
    assert owner(step(world.a_chat)) == second_agent


def test_a_supervisor_who_is_available_takes_part(by_itself, agent, supervisor, step):
    world.is_there(agent, state=Away)
    world.is_there(supervisor)
    assert owner(step(world.a_chat)) == supervisor


def test_switched_off_nobody_is_given_anything(both, step):
    world.rules(assigns_automatically=False)
    assert owner(step(world.a_chat)) is None


def test_switched_on_in_the_admin_the_queue_empties(open_now, agent, step):
    chat = step(world.a_chat, timezone.now())
    rules = ChatRules.objects.get()
    rules.assigns_automatically = True
    step(rules.save)
    assert owner(chat) == agent


def test_a_chat_that_ends_makes_room_after_the_time_to_round_off(by_itself, agent, step):
    first, _, third = (step(world.a_chat, after(n)) for n in range(3))
    topic = world.a_topic()
    step(closing.close_by_agent, conversation=world.fresh(first), topic=topic, now=after(10))
    assert owner(third) is None
    for seconds, expected in ((39, None), (40, agent)):
        step(assigning.assign_waiting, now=after(seconds), rules=ChatRules.current())
        assert owner(third) == expected


def test_ready_ends_the_time_to_round_off(by_itself, agent, step):
    first, _, third = (step(world.a_chat, after(n)) for n in range(3))
    step(closing.end_by_citizen, conversation=world.fresh(first), now=after(10))
    assert owner(third) is None
    step(availability.end_wrap_up, agent=agent, now=after(11))
    assert owner(third) == agent
    step(availability.end_wrap_up, agent=agent, now=after(12))
    assert Presence.objects.get(agent=agent).wrap_up_until is None


def test_without_time_to_round_off_the_next_comes_at_once(by_itself, agent, step):
    world.rules(wrap_up_seconds=0)
    first, _, third = (step(world.a_chat, after(n)) for n in range(3))
    step(closing.end_by_citizen, conversation=world.fresh(first), now=after(10))
    assert owner(third) == agent


def test_what_is_given_back_by_hand_goes_to_a_colleague(both, agent, second_agent, step):
    chat = world.fresh(step(world.a_chat))
    first = chat.agent
    other = second_agent if first == agent else agent
    give_back(chat, after(5), step)
    assert owner(chat) == other
    assert world.fresh(chat).returned_by is None
    assert world.kinds(chat) == ["text", "joined", "left", "joined"]


def give_back(chat, now, step, reason=Reason.AGENT_RETURNED):
    return step(
        queueing.return_to_queue,
        conversation=world.fresh(chat),
        reason=reason,
        now=now,
        rules=ChatRules.current(),
    )


def test_what_is_given_back_does_not_return_by_itself_but_by_hand(by_itself, agent, step):
    chat = step(world.a_chat)
    give_back(chat, after(5), step)
    assert owner(chat) is None
    later = step(world.a_chat, after(6))
    assert owner(later) == agent  # who comes after it is not kept waiting
    step(queueing.claim, conversation=world.fresh(chat), agent=agent, now=after(7))
    assert (owner(chat), world.fresh(chat).returned_by) == (agent, None)
    assert how(chat) == ["assigned", "pulled"]


def test_who_lets_a_first_answer_lie_is_away_and_a_colleague_gets_it(
    both, agent, second_agent, step
):
    world.is_there(second_agent, state=Busy)
    chat = step(world.a_chat)
    world.is_there(agent, after(90))
    step(world.is_there, second_agent, after(90))
    step(queueing.return_unattended, now=after(90), rules=ChatRules.current())
    row = world.fresh(chat)
    assert (row.agent, row.queued_at) == (second_agent, world.NOW)
    assert Presence.objects.get(agent=agent).state == "away"
    told = Event.objects.filter(kind="chat.presence", actor=agent.pk).latest("pk")
    assert told.details == {"state": "away", "reason": "agent_unanswering"}


def test_what_went_back_keeps_its_first_place(both, agent, second_agent, step):
    world.is_there(second_agent, state=Away)
    old = step(world.a_chat)
    step(world.a_chat, after(1))
    late = step(world.a_chat, after(2))
    world.is_there(agent, after(20))
    step(queueing.return_unattended, now=after(61 + 20), rules=ChatRules.current())  # Anke is gone
    step(world.is_there, second_agent, after(82))
    assert [owner(chat) for chat in (old, late)] == [second_agent, None]


def test_who_is_gone_comes_back_away(both, agent, step):
    world.is_there(agent, after(0))
    step(world.a_chat)
    step(queueing.return_unattended, now=after(60), rules=ChatRules.current())
    assert availability.arrive(agent=agent, now=after(61)) == "away"


def test_while_the_telephone_comes_first_the_caps_drop_and_rise_again(by_itself, agent, step):
    world.rules(phone_first_cap=1)
    calls = PhoneFirst.objects.create(source="supervisor", started_at=world.NOW, until=after(600))
    first, second = (step(world.a_chat, after(n)) for n in (1, 2))
    assert [owner(chat) for chat in (first, second)] == [agent, None]
    with pytest.raises(RuleBroken, match="at_cap"):
        queueing.claim(conversation=world.fresh(second), agent=agent, now=after(3))
    calls.ended_at, calls.end_reason = after(4), "switched_off"
    calls.save()
    step(assigning.assign_waiting, now=after(5), rules=ChatRules.current())
    assert owner(second) == agent


def test_telephone_first_never_raises_a_cap():
    rules = ChatRules(default_cap=2, phone_first_cap=3)
    assert cap_of(Presence(cap=1), rules, phone_first=True) == 1
    assert cap_of(None, rules, phone_first=True) == 2
    assert cap_of(Presence(cap=5), rules, phone_first=False) == 5


def test_pulling_stops_at_the_cap_with_a_sentence(both, agent, second_agent, step):
    world.rules(assigns_automatically=False)
    chats = [step(world.a_chat) for _ in range(3)]
    for chat in chats[:2]:
        step(queueing.claim, conversation=chat, agent=agent, now=after(1))
    with pytest.raises(RuleBroken) as broken:
        queueing.claim(conversation=chats[2], agent=agent, now=after(2))
    assert (broken.value.code, broken.value.params) == ("at_cap", {"cap": 2})
    # A second click on what is one's own, read before the first: still harmless.
    queueing.claim(conversation=chats[1], agent=agent, now=after(2))
    assert world.fresh(chats[2]).state == State.WAITING


def test_pulling_ends_the_time_to_round_off(by_itself, agent, step):
    first = step(world.a_chat)
    step(closing.end_by_citizen, conversation=world.fresh(first), now=after(1))
    second = step(world.a_chat, after(2))
    assert owner(second) is None
    step(queueing.claim, conversation=second, agent=agent, now=after(3))
    assert Presence.objects.get(agent=agent).wrap_up_until is None


def test_who_continues_after_the_silence_is_given_an_agent_again(by_itself, agent, step):
    chat = world.ended_by_silence(agent)
    Presence.objects.update(wrap_up_until=None)
    step(closing.continue_conversation, conversation=chat, now=after(1))
    assert owner(chat) == agent


def test_what_a_killed_process_left_in_the_queue_the_sweep_gives(open_now, agent):
    world.rules(assigns_automatically=True)
    chat = world.a_chat(timezone.now())  # committed, and nothing followed
    tasks.sweep_conversations()
    assert owner(chat) == agent


def test_again_changes_nothing(both, step):
    chat = step(world.a_chat)
    for _ in range(2):
        assert assigning.assign_waiting(now=after(1), rules=ChatRules.current()) == 0
    assert world.kinds(chat) == ["text", "joined"]


def test_who_leaves_at_this_very_moment_makes_room_for_the_next(by_itself, agent, monkeypatch):
    chats = [world.a_chat(after(n)) for n in range(3)]
    ended = []

    def ends_just_before(conversation, *args, **kwargs):
        if not ended:
            ended.append(conversation)
            closing.end_by_citizen(conversation=world.fresh(conversation), now=after(5))
        return give(conversation, *args, **kwargs)

    give = assigning.give
    monkeypatch.setattr(assigning, "give", ends_just_before)
    assert assigning.assign_waiting(now=after(5), rules=ChatRules.current()) == 2
    assert [owner(chat) for chat in chats] == [None, agent, agent]


def test_a_question_costs_the_same_with_many_that_ended(both, agent, step):
    costs = []
    for ended in (10, 10_000):
        Conversation.objects.all().delete()
        _ended(ended, agent)
        chat = world.a_chat()
        with CaptureQueriesContext(connection) as queries:
            assert assigning.assign_waiting(now=after(1), rules=ChatRules.current()) == 1
        costs.append(len(queries))
        assert owner(chat)
    assert costs[0] == costs[1] <= 22, costs


def _ended(count, agent):
    now = world.NOW - timedelta(days=1)
    Conversation.objects.bulk_create(
        (
            Conversation(
                token_hash=f"ended-{number}",
                state="closed",
                handled_by=agent,
                close_reason="agent",
                **dict.fromkeys(
                    ("opened_at", "queued_at", "last_text_at", "citizen_alive_at"), now
                ),
                citizen_seen_at=now,
                closed_at=now,
            )
            for number in range(count)
        ),
        batch_size=2_000,
    )


def test_nobody_waits_costs_one_query(both):
    with CaptureQueriesContext(connection) as queries:
        assigning.assign_waiting(now=world.NOW, rules=ChatRules.current())
    assert len(queries) - _queries_of_rules() <= 1


def _queries_of_rules():
    with CaptureQueriesContext(connection) as queries:
        ChatRules.current()
    return len(queries)


# --- the pure part, against one that goes step by step ------------------------------------------

some_agents = st.lists(
    st.tuples(
        st.sampled_from(["available", "available", "busy"]),
        st.integers(0, 4),
        st.integers(0, 4),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=5,
)


def slow_share_out(waiting, agents, now):
    """One conversation after the other, looking at everybody each time."""
    load = {one.user.pk: one.open for one in agents}
    idle = {one.user.pk: one.idle_since for one in agents}
    given = []
    for conversation, returned_by in waiting:
        able = [
            one
            for one in agents
            if one.room(now) and load[one.user.pk] < one.cap and one.user.pk != returned_by
        ]
        if able:
            best = min(able, key=lambda one: (load[one.user.pk], idle[one.user.pk], one.user.pk))
            given.append((conversation, best.user))
            load[best.user.pk] += 1
            idle[best.user.pk] = now
    return given


@given(some_agents, st.lists(st.none() | st.integers(1, 5), max_size=12))
def test_sharing_out_is_what_going_step_by_step_gives(people, returned):
    agents = [
        Colleague(
            user=User(pk=pk),
            state=Presence.State(state),
            open=count,
            cap=cap,
            idle_since=world.NOW - timedelta(minutes=idle),
            wrap_up_until=after(30) if rounds_off else None,
        )
        for pk, (state, count, cap, idle, rounds_off) in enumerate(people, start=1)
    ]
    waiting = list(enumerate(returned, start=100))
    found = share_out(waiting, agents, world.NOW)
    assert found == slow_share_out(waiting, agents, world.NOW)
    _nobody_above_and_nobody_forgotten(found, waiting, agents)


def _nobody_above_and_nobody_forgotten(found, waiting, agents):
    load = {one.user.pk: one.open for one in agents}
    for _, user in found:
        load[user.pk] += 1
    free = [one for one in agents if one.room(world.NOW)]
    assert all(load[one.user.pk] <= one.cap for one in free)
    still = [one.user.pk for one in free if load[one.user.pk] < one.cap]
    for conversation, returned_by in waiting:
        if conversation not in dict(found):
            assert set(still) <= {returned_by}


def test_a_first_question_is_stored_before_anybody_is_looked_for(
    by_itself, agent, monkeypatch, step, caplog
):
    """Whoever asks is safe, also when giving it to somebody fails."""

    def broken(**_):
        raise RuntimeError("secret")

    monkeypatch.setattr(assigning, "assign_waiting", broken)
    chat = step(world.a_chat)
    assert world.fresh(chat).state == State.WAITING
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
