"""Where a citizen stands in the queue, as the rows say it."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from chat import waiting
from chat.actions import closing, queueing
from chat.models import Conversation, PhoneFirst, Presence
from chat.states import State
from chat.testing import world
from chat.wait_range import FEWEST, Range
from city.remembered import forget

pytestmark = pytest.mark.django_db


def ended(agent, now, *, count=FEWEST, minutes=6.0, **fields):
    """Chats that this agent helped, one after the other, until just now."""
    return Conversation.objects.bulk_create(
        Conversation(
            token_hash=uuid.uuid4().hex,
            handled_by=agent,
            opened_at=now - timedelta(hours=1),
            queued_at=now - timedelta(hours=1),
            last_text_at=now,
            citizen_alive_at=now,
            citizen_seen_at=now,
            **{
                "state": State.CLOSED,
                "joined_at": now - timedelta(minutes=minutes + number),
                "closed_at": now - timedelta(minutes=number),
                **fields,
            },
        )
        for number in range(count)
    )


@pytest.fixture
def now(open_now):
    return timezone.now()


def test_places_are_in_order_of_the_first_moment_in_the_queue(agent, now):
    first, second, third = (world.a_chat(now + timedelta(seconds=n)) for n in range(3))
    ids = {first.pk, second.pk, third.pk}
    assert {pk: found.place for pk, found in waiting.places_of(ids).items()} == {
        first.pk: 1,
        second.pk: 2,
        third.pk: 3,
    }
    assert [waiting.place_of(chat).place for chat in (first, second, third)] == [1, 2, 3]
    queueing.claim(conversation=first, agent=agent, now=now)
    assert waiting.place_of(world.fresh(first)) is None
    assert waiting.place_of(third).place == 2
    queueing.return_to_queue(
        conversation=world.fresh(first), reason="agent_returned", now=now, rules=world.rules()
    )
    assert [waiting.place_of(chat).place for chat in (first, second, third)] == [1, 2, 3]


def test_who_ended_the_chat_has_no_place(now):
    chat = world.a_chat(now)
    closing.end_by_citizen(conversation=chat, now=now)
    assert waiting.place_of(world.fresh(chat)) is None
    assert waiting.places_of({chat.pk}) == {}


def test_only_those_asked_for_are_answered(now):
    world.a_chat(now)
    other = world.a_chat(now + timedelta(seconds=1))
    assert set(waiting.places_of({other.pk, 10**9})) == {other.pk}


def test_no_range_with_too_few_chats_and_none_while_nobody_is_there(agent, now):
    chat = world.a_chat(now)
    ended(agent, now, count=FEWEST - 1)
    assert waiting.place_of(chat) == waiting.Place(1, None)
    ended(agent, now, count=1, minutes=5)
    assert waiting.place_of(chat).wait == Range(0, 2)
    world.is_there(agent, now, Presence.State.AWAY)
    assert waiting.place_of(chat).wait is None


def test_the_range_grows_with_the_place_and_with_running_chats(agent, now):
    world.rules(default_cap=1)
    ended(agent, now)
    world.a_chat_with(agent, now)
    line = [world.a_chat(now + timedelta(seconds=n)) for n in range(3)]
    waits = [waiting.place_of(chat).wait for chat in line]
    assert waits[0].from_minutes >= 3
    assert [one.from_minutes for one in waits] == sorted({one.from_minutes for one in waits})


def test_an_agent_who_lost_the_role_or_was_not_heard_does_not_count(agent, now):
    ended(agent, now)
    assert len(waiting.situation(now).seats) == 1
    assert waiting.situation(now + timedelta(seconds=46)).seats == ()
    agent.role_grants.all().delete()
    assert waiting.situation(now).seats == ()


def test_a_cap_of_ones_own_and_that_of_the_telephone_count(agent, now):
    rules = world.rules(default_cap=4, phone_first_cap=1)
    assert waiting.situation(now).seats[0].cap == 4
    Presence.objects.update(cap=2)
    assert waiting.situation(now).seats[0].cap == 2
    PhoneFirst.objects.create(
        source="supervisor", started_at=now, until=now + timedelta(hours=1), started_by=agent
    )
    assert waiting.situation(now).seats[0].cap == rules.phone_first_cap


def test_rounding_off_and_pausing_count(agent, now):
    Presence.objects.update(wrap_up_until=now + timedelta(seconds=20))
    assert waiting.situation(now).seats[0].back_in_s == 20
    Presence.objects.update(wrap_up_until=None, state=Presence.State.ON_PHONE)
    (seat,) = waiting.situation(now).seats
    assert (seat.back_in_s, seat.pauses) == (0, True)


def test_who_gave_up_is_no_handling_time(agent, now):
    ended(agent, now, count=3)
    ended(agent, now, count=2, minutes=2, joined_at=None)
    continued = now - timedelta(hours=3)
    ended(agent, now, count=1, minutes=1, joined_at=continued)
    found = waiting.situation(now)
    assert found.handling_s == (360.0,) * 3
    assert found.gives_up_per_s > 0


def test_what_is_long_ago_or_anonymised_says_nothing(agent, now):
    ended(agent, now - timedelta(days=waiting.RECENT_DAYS + 1))
    ended(None, now, anonymised_at=now)
    assert waiting.situation(now).handling_s == ()


def queries(chat):
    forget()
    world.rules()
    with CaptureQueriesContext(connection) as seen:
        waiting.place_of(chat)
        waiting.places_of({chat.pk})
    return [query["sql"] for query in seen]


def test_as_many_queries_with_10_as_with_10000_rows(agent, now, django_user_model):
    chat = world.a_chat(now)
    ended(agent, now, count=10)
    few = queries(chat)
    ended(agent, now, count=10_000, minutes=3)
    for number in range(9):
        other = User.objects.create_user(email=f"a{number}@hasselt.example", password=None)
        other.role_grants.create(role="agent")
        world.is_there(other, now)
    ended(None, now, count=1_000, minutes=9, state=State.WAITING, closed_at=None, joined_at=None)
    assert len(queries(chat)) == len(few) <= 14
    assert waiting.place_of(chat).place == 1_001
