"""The wait range as a pure rule: what holds whatever the situation."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.wait_range import (
    FEWEST,
    HORIZON_S,
    LONG_MINUTES,
    Range,
    Seat,
    Situation,
    Spread,
    forecast,
    shown,
)

seconds = st.floats(min_value=0, max_value=7_200)
seats = st.builds(
    Seat,
    cap=st.integers(0, 4),
    ages_s=st.lists(seconds, max_size=5).map(tuple),
    back_in_s=st.floats(0, 60),
    pauses=st.booleans(),
)
situations = st.builds(
    Situation,
    seats=st.lists(seats, max_size=6).map(tuple),
    handling_s=st.lists(seconds, max_size=60).map(tuple),
    wrap_up_s=st.floats(0, 120),
    gives_up_per_s=st.floats(0, 0.01),
)
A_DAY = tuple(60.0 * minutes for minutes in range(2, 2 + FEWEST))
ONE_SEAT = Situation((Seat(1, (0.0,)),), A_DAY)


@settings(deadline=None, max_examples=60)
@given(situations, st.integers(1, 40))
def test_never_negative_ordered_and_never_shorter_further_back(situation, places):
    found = forecast(situation, places)
    assert len(found) in {0, places}
    for spread in found:
        assert 0 <= spread.low_s <= spread.middle_s <= spread.high_s <= HORIZON_S
    for before, after in pairwise(found):
        assert before.low_s <= after.low_s
        assert before.middle_s <= after.middle_s
        assert before.high_s <= after.high_s


@settings(deadline=None, max_examples=20)
@given(situations)
def test_the_same_situation_gives_the_same_answer(situation):
    assert forecast(situation, 5) == forecast(situation, 5)


@settings(deadline=None, max_examples=40)
@given(situations)
def test_silent_when_too_little_is_known_or_nobody_takes_chats(situation):
    takes = any(seat.cap and not seat.pauses for seat in situation.seats)
    enough = len(situation.handling_s) >= FEWEST
    assert bool(forecast(situation, 1)) == (takes and enough)


@settings(deadline=None)
@given(seconds, seconds, seconds, seconds)
def test_what_is_shown_holds_the_middle_and_grows_with_the_spread(a, b, c, d):
    low, middle, high, more = sorted((a, b, c, d))
    near, far = shown(Spread(low, middle, high)), shown(Spread(middle, high, more))
    assert near.from_minutes <= far.from_minutes
    assert near.to_minutes is None or near.from_minutes < near.to_minutes
    if near.to_minutes is None:
        assert far.to_minutes is None
    elif far.to_minutes is not None:
        assert near.to_minutes <= far.to_minutes


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 20, Range(0, 2)),
        (100, 149, Range(0, 2)),
        (20, 240, Range(0, 4)),
        (170, 350, Range(3, 6)),
        (301, 305, Range(5, 6)),
        (29 * 60, HORIZON_S, Range(29, None)),
        (LONG_MINUTES * 60, 40 * 60, Range(LONG_MINUTES, None)),
    ],
)
def test_minutes_are_whole(low, high, said):
    assert shown(Spread(low, (low + high) / 2, high)) == said


def test_the_same_distribution_from_fewer_chats_is_wider():
    uneven = (60.0,) * 15 + (1_800.0,) * 5

    def width(copies):
        situation = Situation((Seat(3, (0.0,) * 3),) * 5, uneven * copies)
        spread = forecast(situation, 15)[-1]
        return spread.high_s / spread.low_s

    assert width(1) > width(15)


def test_a_free_seat_is_no_wait_and_rounding_off_is_one():
    free = replace(ONE_SEAT, seats=(Seat(2, (0.0,)),))
    assert forecast(free, 1)[0].high_s == 0
    back = replace(ONE_SEAT, seats=(Seat(2, (0.0,), back_in_s=25.0),))
    assert forecast(back, 1)[0].low_s == forecast(back, 1)[0].high_s == 25


def test_an_old_chat_ends_sooner_and_one_above_the_cap_gives_no_room():
    young, old = ONE_SEAT, replace(ONE_SEAT, seats=(Seat(1, (900.0,)),))
    assert forecast(old, 1)[0].high_s < forecast(young, 1)[0].high_s
    above = replace(ONE_SEAT, seats=(Seat(1, (0.0, 0.0)),))
    assert forecast(above, 1)[0].middle_s > forecast(young, 1)[0].middle_s


def test_a_colleague_who_pauses_helps_and_those_who_give_up_do_too():
    alone = forecast(ONE_SEAT, 6)[-1]
    with_pause = replace(ONE_SEAT, seats=(*ONE_SEAT.seats, Seat(1, pauses=True)))
    assert forecast(with_pause, 6)[-1].middle_s < alone.middle_s
    impatient = replace(ONE_SEAT, gives_up_per_s=0.001)
    assert forecast(impatient, 6)[-1].middle_s < alone.middle_s


def test_a_chat_that_outlasts_all_others_is_not_expected_to_end_at_once():
    stuck = replace(ONE_SEAT, seats=(Seat(1, (7_200.0,)),))
    assert 0 < forecast(stuck, 1)[0].low_s < forecast(stuck, 1)[0].high_s
