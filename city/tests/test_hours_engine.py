"""The engine by hand: layers, clock changes, midnight, the edges of what was loaded."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from city.hours import Exceptional, Hours, Period, Window, merge_windows
from city.tests.moments import utc, wall

NINE_TO_TWELVE, ONE_TO_FOUR = Window(540, 720), Window(780, 960)
ALL_DAY = Window(0, 1440)
LONG_AGO = date(2020, 1, 1)
MONDAY, TUESDAY = date(2026, 6, 29), date(2026, 6, 30)
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def every_day(*windows: Window) -> Period:
    return Period(LONG_AGO, None, (windows,) * 7)


def hours(*periods: Period, **layers: object) -> Hours:
    return Hours(start=date(2026, 1, 1), end=date(2027, 12, 31), periods=periods, **layers)


def test_a_day_has_the_windows_of_its_weekday():
    week = ((NINE_TO_TWELVE, ONE_TO_FOUR), (NINE_TO_TWELVE,), (), (), (), (), ())
    it = hours(Period(LONG_AGO, None, week))
    assert it.windows_on(MONDAY) == (NINE_TO_TWELVE, ONE_TO_FOUR)
    assert it.windows_on(TUESDAY) == (NINE_TO_TWELVE,)
    assert it.windows_on(TUESDAY + timedelta(days=1)) == ()


def test_open_from_the_first_minute_until_just_before_the_last():
    it = hours(every_day(NINE_TO_TWELVE))
    assert not it.is_open(wall(2026, 6, 29, 8, 59))
    assert it.is_open(wall(2026, 6, 29, 9, 0))
    assert it.is_open(wall(2026, 6, 29, 11, 59) + timedelta(seconds=59))
    assert not it.is_open(wall(2026, 6, 29, 12, 0))


def test_windows_that_touch_or_overlap_are_one():
    assert merge_windows([Window(780, 960), Window(540, 720), Window(700, 780)]) == (
        Window(540, 960),
    )
    assert merge_windows([Window(0, 100), Window(20, 30)]) == (Window(0, 100),)


def test_a_window_that_ends_before_it_begins_is_no_window():
    with pytest.raises(ValueError, match="no window"):
        Window(600, 600)
    with pytest.raises(ValueError, match="no window"):
        Window(600, 1441)


def test_midnight_as_the_end_is_the_end_of_the_day():
    assert Window.between(time(18), time(0)) == Window(1080, 1440)


# --- layers -----------------------------------------------------------------------------------


def test_before_the_first_period_and_after_the_last_it_is_closed():
    it = hours(Period(date(2026, 6, 1), date(2026, 6, 29), ((NINE_TO_TWELVE,),) * 7))
    assert it.windows_on(date(2026, 5, 31)) == ()
    assert it.windows_on(date(2026, 6, 1)) == (NINE_TO_TWELVE,)
    assert it.windows_on(date(2026, 6, 29)) == (NINE_TO_TWELVE,)
    assert it.windows_on(date(2026, 6, 30)) == ()


def test_of_two_periods_the_one_that_began_last_wins_as_a_whole():
    summer = Period(date(2026, 7, 1), date(2026, 8, 31), ((NINE_TO_TWELVE,), *((),) * 6))
    it = hours(every_day(ONE_TO_FOUR), summer)
    assert it.windows_on(MONDAY) == (ONE_TO_FOUR,)
    assert it.windows_on(date(2026, 7, 6)) == (NINE_TO_TWELVE,)
    assert it.windows_on(date(2026, 7, 7)) == ()
    assert it.windows_on(date(2026, 9, 1)) == (ONE_TO_FOUR,)


def test_an_exception_replaces_the_pattern_and_an_extra_adds_to_it():
    it = hours(
        every_day(NINE_TO_TWELVE),
        exceptions={
            MONDAY: Exceptional(replaced=(ONE_TO_FOUR,)),
            TUESDAY: Exceptional(extra=(ONE_TO_FOUR,)),
        },
    )
    assert it.windows_on(MONDAY) == (ONE_TO_FOUR,)
    assert it.windows_on(TUESDAY) == (NINE_TO_TWELVE, ONE_TO_FOUR)


def test_an_extra_adds_to_other_hours_of_the_same_day():
    both = Exceptional(replaced=(ONE_TO_FOUR,), extra=(Window(960, 1080),))
    it = hours(every_day(NINE_TO_TWELVE), exceptions={MONDAY: both})
    assert it.windows_on(MONDAY) == (Window(780, 1080),)


def test_a_replacement_without_windows_closes_the_day_and_says_why():
    training = Exceptional(replaced=(), reason=("Opleiding", "Training"))
    it = hours(every_day(NINE_TO_TWELVE), exceptions={MONDAY: training})
    assert it.windows_on(MONDAY) == ()
    assert it.closed_because(MONDAY) == "Opleiding"


def test_a_closing_day_goes_before_every_exception():
    it = hours(
        every_day(NINE_TO_TWELVE),
        exceptions={MONDAY: Exceptional(extra=(ONE_TO_FOUR,), reason=("Extra", ""))},
        closings={MONDAY: ("Feestdag", "Holiday")},
    )
    assert it.windows_on(MONDAY) == ()
    assert it.closed_because(MONDAY) == "Feestdag"


def test_an_open_day_is_not_closed_because_of_anything():
    it = hours(
        every_day(NINE_TO_TWELVE),
        exceptions={MONDAY: Exceptional(extra=(ONE_TO_FOUR,), reason=("Koopzondag", ""))},
    )
    assert it.closed_because(MONDAY) == ""
    assert it.reason_on(MONDAY) == "Koopzondag"


# --- until when, when again -------------------------------------------------------------------


def test_open_says_until_when_and_closed_says_nothing():
    it = hours(every_day(NINE_TO_TWELVE, ONE_TO_FOUR))
    assert it.closes_at(wall(2026, 6, 29, 10)) == wall(2026, 6, 29, 12)
    assert it.closes_at(wall(2026, 6, 29, 12)) is None


def test_closed_says_when_again_and_open_means_the_opening_after_this_one():
    it = hours(every_day(NINE_TO_TWELVE, ONE_TO_FOUR))
    assert it.next_opening(wall(2026, 6, 29, 8)) == wall(2026, 6, 29, 9)
    assert it.next_opening(wall(2026, 6, 29, 12)) == wall(2026, 6, 29, 13)
    assert it.next_opening(wall(2026, 6, 29, 10)) == wall(2026, 6, 29, 13)
    assert it.next_opening(wall(2026, 6, 29, 16)) == wall(2026, 6, 30, 9)


def test_the_moment_of_opening_is_open_and_not_still_to_come():
    it = hours(every_day(NINE_TO_TWELVE))
    assert it.next_opening(wall(2026, 6, 29, 9)) == wall(2026, 6, 30, 9)


def test_a_night_is_one_opening_over_midnight():
    it = hours(every_day(Window(0, 120), Window(1320, 1440)))
    assert it.closes_at(wall(2026, 6, 29, 23)) == wall(2026, 6, 30, 2)
    assert it.next_opening(wall(2026, 6, 29, 23)) == wall(2026, 6, 30, 22)


def test_a_place_that_never_closes_has_no_closing_time_and_no_next_opening():
    it = hours(every_day(ALL_DAY))
    assert it.is_open(wall(2026, 6, 29, 3))
    assert it.closes_at(wall(2026, 6, 29, 3)) is None
    assert it.next_opening(wall(2026, 6, 29, 3)) is None


def test_a_place_that_is_closed_for_more_than_a_year_has_no_next_opening():
    it = hours(Period(date(2027, 8, 1), None, ((NINE_TO_TWELVE,),) * 7))
    assert it.next_opening(wall(2026, 6, 29, 10)) is None
    assert it.next_opening(wall(2026, 8, 1, 10)) == wall(2027, 8, 1, 9)


def test_answers_are_utc():
    closes_at = hours(every_day(NINE_TO_TWELVE)).closes_at(wall(2026, 6, 29, 10))
    assert closes_at is not None
    assert closes_at.tzinfo is UTC


def test_a_day_that_was_not_loaded_is_refused_and_not_called_closed():
    it = hours(every_day(NINE_TO_TWELVE))
    with pytest.raises(ValueError, match="outside the loaded days"):
        it.is_open(wall(2025, 12, 31, 10))
    with pytest.raises(ValueError, match="outside the loaded days"):
        it.next_opening(wall(2028, 1, 1, 10))


# --- the clock changes ------------------------------------------------------------------------


def test_a_window_over_the_spring_change_lasts_an_hour_less():
    it = hours(every_day(Window(90, 210)))
    assert it.spans_on(SPRING) == ((utc(2026, 3, 29, 0, 30), utc(2026, 3, 29, 1, 30)),)


def test_a_window_inside_the_hour_that_spring_skips_does_not_happen():
    it = hours(every_day(Window(135, 165)))
    assert it.spans_on(SPRING) == ()
    assert it.next_opening(utc(2026, 3, 28, 20)) == utc(2026, 3, 30, 0, 15)


def test_a_window_inside_the_hour_that_autumn_repeats_happens_twice():
    it = hours(every_day(Window(135, 165)))
    assert it.spans_on(AUTUMN) == (
        (utc(2026, 10, 25, 0, 15), utc(2026, 10, 25, 0, 45)),
        (utc(2026, 10, 25, 1, 15), utc(2026, 10, 25, 1, 45)),
    )
    assert it.closes_at(utc(2026, 10, 25, 0, 20)) == utc(2026, 10, 25, 0, 45)
    assert it.next_opening(utc(2026, 10, 25, 0, 50)) == utc(2026, 10, 25, 1, 15)


def test_a_window_over_the_autumn_change_lasts_an_hour_more():
    it = hours(every_day(Window(90, 210)))
    assert it.spans_on(AUTUMN) == ((utc(2026, 10, 24, 23, 30), utc(2026, 10, 25, 2, 30)),)


def test_a_whole_day_lasts_23_24_or_25_hours():
    it = hours(every_day(ALL_DAY))
    lengths = [
        sum((closes - opens for opens, closes in it.spans_on(day)), timedelta())
        for day in (SPRING, MONDAY, AUTUMN)
    ]
    assert lengths == [timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)]


def test_nine_o_clock_stays_nine_o_clock_on_the_wall():
    it = hours(every_day(NINE_TO_TWELVE))
    for day, opens in ((date(2026, 1, 5), 8), (date(2026, 7, 6), 7)):
        assert it.spans_on(day)[0][0] == datetime(day.year, day.month, day.day, opens, tzinfo=UTC)
