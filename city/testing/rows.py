"""Rows that tests of several rooms need."""

from collections.abc import Mapping, Sequence
from datetime import date, time

from city.models import DatedException, OpeningSchedule, WeeklyPeriod

ALWAYS = date(2020, 1, 1)
OFFICE_WEEK: Mapping[int, Sequence[str]] = {
    0: ["9:00-12:00", "13:00-16:00"],
    1: ["9:00-12:00", "13:00-20:00"],
    2: ["9:00-12:00", "13:00-16:00"],
    3: ["9:00-12:00", "13:00-16:00"],
    4: ["9:00-12:00"],
}
AROUND_THE_CLOCK: Mapping[int, Sequence[str]] = {day: ["0:00-0:00"] for day in range(7)}


def make_schedule(
    slug: str = "scheep",
    week: Mapping[int, Sequence[str]] = OFFICE_WEEK,
    *,
    valid_from: date = ALWAYS,
    **names: str,
) -> OpeningSchedule:
    """A schedule with one open-ended pattern, Monday is 0; "13:00-0:00" lasts until midnight."""
    schedule = OpeningSchedule.objects.create(slug=slug, **{"name": slug, **names})
    add_period(schedule, week, valid_from=valid_from)
    return schedule


def add_period(
    schedule: OpeningSchedule,
    week: Mapping[int, Sequence[str]],
    *,
    valid_from: date,
    valid_until: date | None = None,
) -> WeeklyPeriod:
    period = WeeklyPeriod.objects.create(
        schedule=schedule, name="pattern", valid_from=valid_from, valid_until=valid_until
    )
    for weekday, windows in week.items():
        for window in windows:
            opens_at, closes_at = times(window)
            period.windows.create(weekday=weekday, opens_at=opens_at, closes_at=closes_at)
    return period


def add_exception(
    schedule: OpeningSchedule, on: date, *windows: str, kind: str = "replaces", **reasons: str
) -> DatedException:
    exception = DatedException.objects.create(schedule=schedule, on=on, kind=kind, **reasons)
    for window in windows:
        opens_at, closes_at = times(window)
        exception.windows.create(opens_at=opens_at, closes_at=closes_at)
    return exception


def times(window: str) -> tuple[time, time]:
    """ "9:00-12:30" as two clock times."""
    opens_at, closes_at = (time.fromisoformat(each.zfill(5)) for each in window.split("-"))
    return opens_at, closes_at
