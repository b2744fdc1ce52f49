"""The engine against the slow reference, by the minute. `manage.py check_hours` runs ten years."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from city.hours import Hours
from city.hours import engine as hours_engine
from city.testing.slow_hours import differences, random_hours

# Has New Year, 29 February and both changes of the clock inside it.
YEAR = (date(2027, 12, 15), date(2028, 12, 14))
TELLING_DAYS = [date(2028, 3, 26), date(2028, 10, 29), date(2028, 1, 1), date(2028, 2, 29)]
arbitrary = st.randoms(use_true_random=False, note_method_calls=False)
unhurried = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


@given(random=arbitrary)
@settings(unhurried, max_examples=3)
def test_the_engine_agrees_on_every_minute_of_a_year(random: Random):
    start, end = YEAR
    assert differences(random_hours(random, start=start, end=end), every=997) == []


@pytest.mark.parametrize("day", TELLING_DAYS, ids=str)
@given(random=arbitrary)
@settings(unhurried, max_examples=12)
def test_the_engine_agrees_on_every_answer_around_telling_days(day: date, random: Random):
    around = random_hours(random, start=day - timedelta(days=1), end=day + timedelta(days=1))
    assert differences(around, every=5) == []


def test_the_reference_catches_an_engine_that_forgets_the_clock_change(monkeypatch):
    def one_offset_a_day(day: date) -> list[tuple[datetime, datetime, timedelta]]:
        begin, end = hours_engine._day_bounds(day)
        return [(begin, end, hours_engine._offset(begin))]

    monkeypatch.setattr(hours_engine, "_segments", one_offset_a_day)
    monkeypatch.setattr(hours_engine, "_spans", hours_engine._spans.__wrapped__)
    office = hours_engine.Window(540, 720)
    period = hours_engine.Period(date(2028, 1, 1), None, ((office,),) * 7)
    found = differences(Hours(date(2028, 3, 25), date(2028, 3, 27), (period,)))
    assert any("spans_on" in each for each in found)
    assert any("closes_at" in each for each in found)


def test_the_reference_catches_layers_in_the_wrong_order():
    class LastPeriodLoses(Hours):
        def _weekly_windows_on(self, day: date):
            return min(self.periods, key=lambda each: each.valid_from).week[day.weekday()]

    periods = tuple(
        hours_engine.Period(first, None, ((hours_engine.Window(540, closes),),) * 7)
        for first, closes in ((date(2028, 1, 1), 720), (date(2028, 2, 1), 780))
    )
    found = differences(LastPeriodLoses(date(2028, 5, 1), date(2028, 5, 2), periods))
    assert any("is_open" in each for each in found)
