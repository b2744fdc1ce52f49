"""Whether the chat takes new conversations."""

from datetime import UTC, datetime, time, timedelta

import pytest

from chat.actions.availability import arrive, availability, hear
from chat.models import ChatRules, Presence
from chat.testing import world
from chat.testing.world import NOW, after
from common.errors import RuleBroken
from common.models import Event

pytestmark = pytest.mark.django_db


def state(now=NOW):
    return availability(now=now, rules=ChatRules.current()).state


def at(hour, minute=0, second=0):
    """A moment of that Tuesday in Hasselt, where it is two hours later than UTC."""
    return datetime(2026, 6, 30, hour - 2, minute, second, tzinfo=UTC)


def test_it_is_open_within_hours_with_an_agent(open_chat):
    found = availability(now=NOW, rules=open_chat)
    assert (found.state, found.within_hours, found.closes_at) == ("open", True, at(20))


def test_without_rules_or_hours_it_is_closed(agent):
    world.is_there(agent)
    assert state() == "closed"
    assert availability(now=NOW, rules=ChatRules.current()).next_opening is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(7, 59, 59), "closed"),
        (at(8), "open"),
        (at(19, 49, 59), "open"),
        (at(19, 50), "closed"),
        (at(20), "closed"),
    ],
)
def test_new_chats_stop_ten_minutes_before_closing(agent, moment, expected):
    world.open_for_business(agent, moment)
    assert state(moment) == expected


def test_the_margin_holds_before_a_break_at_noon_too(agent):
    windows = ((time(9), time(12)), (time(13), time(16)))
    world.open_for_business(agent, at(11, 55), windows)
    found = availability(now=at(11, 55), rules=ChatRules.current())
    assert (found.state, found.next_opening, found.within_hours) == ("closed", at(13), False)


def test_a_margin_of_zero_is_open_until_the_last_second(agent):
    world.open_for_business(agent, at(19, 59, 59))
    world.rules(last_chat_margin_minutes=0)
    assert state(at(19, 59, 59)) == "open"


def test_round_the_clock_is_open_without_a_closing_time(agent):
    world.open_for_business(agent, windows=world.ROUND_THE_CLOCK)
    assert state() == "open"


def test_hours_over_midnight_are_open_at_midnight(agent):
    midnight = datetime(2026, 12, 31, 23, tzinfo=UTC)  # New Year in Hasselt
    world.open_for_business(agent, midnight, ((time(0), time(1)), (time(22), time(0))))
    assert state(midnight) == "open"
    world.is_there(agent, midnight + timedelta(minutes=50))
    assert state(midnight + timedelta(minutes=50)) == "closed"


def test_nobody_there_is_closed_though_within_hours(open_chat, agent):
    world.is_there(agent, NOW, Presence.State.AWAY)
    found = availability(now=NOW, rules=open_chat)
    assert (found.state, found.within_hours) == ("closed", True)


def test_an_agent_unheard_for_45_seconds_is_not_there(open_chat, agent):
    assert state(after(44.9)) == "open"
    assert state(after(45)) == "closed"
    hear(agent_ids={agent.pk}, citizen_conversation_ids=set(), now=after(45))
    assert state(after(45)) == "open"


def test_who_lost_role_or_account_is_not_there(open_chat, agent):
    type(agent).objects.filter(pk=agent.pk).update(is_active=False)
    assert state() == "closed"
    type(agent).objects.filter(pk=agent.pk).update(is_active=True)
    assert state() == "open"
    agent.role_grants.all().delete()
    assert state() == "closed"


def test_an_agent_with_two_roles_counts_once(open_chat, agent):
    agent.role_grants.create(role="supervisor")
    world.a_chat()
    world.a_chat()
    assert state() == "busy"


def test_it_is_busy_with_more_waiting_than_agents(open_chat, agent, second_agent):
    world.a_chat()
    assert state() == "open"
    world.a_chat()
    assert state() == "busy"
    world.is_there(second_agent)
    assert state() == "open"
    world.a_chat_with(agent)
    assert state() == "open"


def test_busy_still_takes_a_new_chat(open_chat):
    for _ in range(3):
        world.a_chat()
    assert world.a_chat().state == "waiting"


def test_closed_takes_no_new_chat_but_a_running_one_goes_on(open_chat, agent):
    chat = world.a_chat_with(agent)
    with pytest.raises(RuleBroken, match="chat_closed"):
        world.a_chat(at(20, 30))
    assert world.citizen_says(chat, now=at(20, 30)).seq == 3


def test_a_new_console_is_away_and_a_known_one_keeps_its_state(open_chat, agent, second_agent):
    assert arrive(agent=second_agent, now=NOW) == "away"
    assert arrive(agent=agent, now=after(200)) == "available"
    assert state(after(200)) == "open"


def test_who_was_gone_for_long_starts_away(open_chat, agent):
    assert arrive(agent=agent, now=after(3_600)) == "away"
    assert state(after(3_600)) == "closed"


def test_a_change_of_presence_is_one_event(agent):
    for late in (0, 1, 2):
        world.is_there(agent, after(late))
    world.is_there(agent, after(3), Presence.State.AWAY)
    rows = Event.objects.filter(kind="chat.presence").order_by("pk")
    assert [(row.subject, row.details["state"]) for row in rows] == [
        (agent.public_id, "available"),
        (agent.public_id, "away"),
    ]


def test_it_costs_four_queries_once_the_hours_are_known(open_chat, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):  # rules are given; hours are three queries
        availability(now=NOW, rules=open_chat)
