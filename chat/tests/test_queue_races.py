"""The queue with everybody at once, in real threads; benchmarks/queue_race.py is the long form."""

from functools import partial

import pytest

from chat.actions import availability, closing, passing, queueing
from chat.models import Conversation, Presence
from chat.testing import queue_judge, world
from chat.testing.world import after
from common.testing.cast import MakeUser
from common.testing.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
REFUSALS = {"already_taken", "at_cap", "colleague_full", "colleague_gone", "not_allowed_now"}


@pytest.fixture
def team(open_chat, agent, make_user: MakeUser):
    """Four agents who are there, two chats each at most, no time to round off."""
    team = [agent, *(make_user(name, "agent") for name in ("Bram", "Cas", "Dora"))]
    for one in team:
        world.is_there(one)
    world.rules(assigns_automatically=True, default_cap=2, wrap_up_seconds=0)
    return team


def judge(team, expected, now):
    """`now` is the moment at which everything was asked."""
    assert queue_judge.two_owners() == []
    assert queue_judge.given_above_cap({one.pk: 2 for one in team}) == 0
    assert all(count <= 2 for count in queue_judge.loads().values())
    assert queue_judge.lost(expected) == 0
    assert queue_judge.forgotten(now) == 0


def only_refusals(outcomes):
    broken = [one for one in outcomes if isinstance(one, Exception)]
    assert not broken, broken
    assert {one for one in outcomes if isinstance(one, str)} <= REFUSALS


def test_of_many_who_come_at_once_each_is_given_once_and_evenly(team):
    found = at_once(*(partial(world.a_chat, after(1)) for _ in range(9)))
    only_refusals(found)
    judge(team, 9, after(1))
    assert sorted(queue_judge.loads().values()) == [2, 2, 2, 2]


def test_the_least_and_the_most_busy_differ_by_at_most_one(team):
    only_refusals(at_once(*(partial(world.a_chat, after(1)) for _ in range(6))))
    judge(team, 6, after(1))
    assert queue_judge.spread_of_free(after(1)) <= 1
    assert sorted(queue_judge.loads().values()) == [1, 1, 2, 2]


def test_arrivals_claims_transfers_and_exits_at_once_keep_every_promise(team):
    for number in range(4):
        world.a_chat(after(number))
    world.rules(assigns_automatically=False)
    waiting = [world.a_chat(after(number)) for number in range(4, 6)]
    world.rules(assigns_automatically=True)
    active = list(Conversation.objects.filter(state="active").select_related("agent"))
    now = after(20)
    found = at_once(
        *(partial(world.a_chat, now) for _ in range(2)),
        *(partial(queueing.claim, conversation=waiting[0], agent=one, now=now) for one in team[:2]),
        partial(queueing.claim, conversation=waiting[1], agent=team[2], now=now),
        *(
            partial(
                passing.transfer,
                conversation=chat,
                by=chat.agent,
                to=team[-1].public_id,
                note="kijk even",
                now=now,
            )
            for chat in active[:2]
        ),
        partial(passing.hand_over, by=team[0], now=now),
        partial(availability.set_presence, agent=team[1], state=Presence.State.AWAY, now=now),
        partial(closing.end_by_citizen, conversation=active[2], now=now),
    )
    only_refusals(found)
    judge(team, 8, now)


def test_the_last_place_is_given_once(team):
    for one in team:
        presence = Presence.objects.get(agent=one)
        availability.set_cap(presence=presence, cap=1, now=after(1))
    for _ in range(5):
        found = at_once(*(partial(world.a_chat, after(2)) for _ in range(3)))
        only_refusals(found)
    assert sorted(queue_judge.loads().values()) == [1, 1, 1, 1]
    chat = Conversation.objects.filter(state="active").first()
    ends = partial(closing.end_by_citizen, conversation=chat, now=after(3))
    only_refusals(at_once(ends, partial(world.a_chat, after(3)), partial(world.a_chat, after(3))))
    assert sorted(queue_judge.loads().values()) == [1, 1, 1, 1]
    assert queue_judge.two_owners() == []
