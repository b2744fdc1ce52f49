"""When an answer is due: a table worked out by hand, and any schedule against a slow reference.

OFFICE_WEEK has 6 hours on Monday (9-12, 13-16), 10 on Tuesday (9-12, 13-20), 6 on Wednesday and
Thursday, 3 on Friday (9-12).
"""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from city.holidays import example_city_days, load, public_holidays
from city.hours import BRUSSELS, Hours, Period, Window
from city.models import ClosingDay, Department
from city.testing.rows import (
    AROUND_THE_CLOCK,
    OFFICE_WEEK,
    add_exception,
    add_period,
    make_schedule,
)
from city.testing.slow_hours import MINUTE, SlowHours, random_hours
from questions.models import QuestionRules
from questions.states import Urgency
from questions.terms import (
    after_working_time,
    least_term,
    left_s,
    resumed_term,
    term_of,
    working_seconds,
)
from questions.testing.rows import make_department

MORNINGS = {day: ["9:00-12:00"] for day in range(5)}


def wall(written: str) -> datetime:
    """A moment as the clock in Hasselt shows it."""
    return datetime.fromisoformat(written).replace(tzinfo=BRUSSELS)


def due(department: Department | None, asked: str) -> datetime:
    return term_of(department, Urgency.NORMAL, rules=QuestionRules(), now=wall(asked)).due_at


@pytest.fixture
def with_holidays(db) -> None:
    for year in range(2026, 2030):
        load([*public_holidays(year), *example_city_days(year)])


TOWN_HALL = [
    # Friday 11-12 is 1 h, Monday 9-12 is 3 h.
    ("a weekend", "2026-06-12 11:00", 4, "2026-06-15 12:00"),
    # Good Friday is no holiday: 10-12 is 2 h; Monday 6 April closed; Tuesday 9-12 and 13-16 is 6 h.
    ("Easter Monday", "2026-04-03 10:00", 8, "2026-04-07 16:00"),
    # Wednesday 15-16 is 1 h; Thursday 14 May and the bridge day closed; Monday 9-12 is 3 h.
    ("Ascension and its bridge day", "2026-05-13 15:00", 4, "2026-05-18 12:00"),
    # Friday 11-12 is 1 h; Monday 25 May closed; Tuesday 9-11 is 2 h.
    ("Whit Monday", "2026-05-22 11:00", 3, "2026-05-26 11:00"),
    # Monday 14-16 is 2 h; Tuesday closed; Wednesday 9-11 is 2 h.
    ("21 July on a Tuesday", "2026-07-20 14:00", 4, "2026-07-22 11:00"),
    # Monday 15-16 is 1 h; Tuesday 11 July closed; Wednesday 9-11 is 2 h.
    ("11 July, the city day, on a Tuesday", "2028-07-10 15:00", 3, "2028-07-12 11:00"),
    # In 2026 it is a Saturday and changes nothing: Friday 11-12, Monday 9-10.
    ("11 July on a Saturday", "2026-07-10 11:00", 2, "2026-07-13 10:00"),
    # Friday 11.30-12 is 0.5 h; Monday closed; Tuesday 9-10.30 is 1.5 h.
    ("1 November on a Monday", "2027-10-29 11:30", 2, "2027-11-02 10:30"),
    # Tuesday 19-20 is 1 h; Wednesday closed; Thursday 9-11 is 2 h.
    ("11 November on a Wednesday", "2026-11-10 19:00", 3, "2026-11-12 11:00"),
    # 24 Dec 1 h; 25 closed; Mon 28 6 h, Tue 29 10 h, Wed 30 6 h, Thu 31 6 h makes 29 h; 1 Jan
    # closed; Monday 4 January 9-10 is the 30th.
    ("Christmas to New Year", "2026-12-24 15:00", 30, "2027-01-04 10:00"),
    # Thursday 15.30-16 is 0.5 h; Friday 1 January closed; Monday 9-9.30.
    ("the end of the year", "2026-12-31 15:30", 1, "2027-01-04 09:30"),
    # Friday 1 h, then Monday 9-10 by the new clock, whichever way it went.
    ("the clock forward, 29 March", "2026-03-27 11:00", 2, "2026-03-30 10:00"),
    ("the clock back, 25 October", "2026-10-23 11:00", 2, "2026-10-26 10:00"),
    # 15-19 in one stretch: on Tuesday it is open until 20.00.
    ("Tuesday evening", "2026-06-09 15:00", 4, "2026-06-09 19:00"),
    ("asked on Saturday", "2026-06-13 14:00", 1, "2026-06-15 10:00"),
    ("asked at lunch", "2026-06-08 12:30", 1, "2026-06-08 14:00"),
    ("asked before opening", "2026-06-08 07:00", 1, "2026-06-08 10:00"),
    ("asked in the evening", "2026-06-10 22:00", 4, "2026-06-11 14:00"),
    ("asked on a holiday", "2026-04-06 10:00", 1, "2026-04-07 10:00"),
    # Not Tuesday at 9.00: at 16.00 the six hours are over.
    ("exactly until closing", "2026-06-08 09:00", 6, "2026-06-08 16:00"),
    ("asked exactly at closing", "2026-06-08 16:00", 1, "2026-06-09 10:00"),
    ("across lunch", "2026-06-08 11:30", 1, "2026-06-08 13:30"),
    # 31 h is one week.
    ("a full week", "2026-06-08 10:00", 31, "2026-06-15 10:00"),
]


@pytest.mark.usefixtures("with_holidays")
@pytest.mark.parametrize(
    ("asked", "hours", "expected"),
    [row[1:] for row in TOWN_HALL],
    ids=[row[0] for row in TOWN_HALL],
)
def test_a_term_in_the_hours_of_the_town_hall(asked: str, hours: int, expected: str):
    department = make_department(answer_hours=hours)
    assert due(department, asked) == wall(expected)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # 2 h until midnight, 2 h until 2.00, which is 3.00 then; the last 2 h until 5.00.
        ("2026-03-28 22:00", "2026-03-29 05:00"),
        # 2 h until midnight, 3 h until 3.00, which is 2.00 again; the last one until 3.00.
        ("2026-10-24 22:00", "2026-10-25 03:00"),
    ],
    ids=["forward", "back"],
)
@pytest.mark.django_db
def test_an_hour_of_the_night_is_missing_or_double(asked: str, expected: str):
    night = make_department(schedule=make_schedule("nacht", AROUND_THE_CLOCK), answer_hours=6)
    assert due(night, asked) == wall(expected)


@pytest.mark.usefixtures("with_holidays")
def test_a_department_with_half_days():
    half = make_department(schedule=make_schedule("half", MORNINGS), answer_hours=8)
    # Wednesday 1 h, Thursday 3 h, Friday 3 h, Monday 9-10.
    assert due(half, "2026-06-10 11:00") == wall("2026-06-15 10:00")
    # Christmas 2029: Monday 1 h, Tuesday closed, Wednesday and Thursday 3 h each, Friday 9-10.
    assert due(half, "2029-12-24 11:00") == wall("2029-12-28 10:00")


@pytest.mark.usefixtures("with_holidays")
def test_exceptions_and_closing_days_of_one_department():
    schedule = make_schedule("uitzondering")
    department = make_department(schedule=schedule, answer_hours=2)
    add_exception(schedule, date(2026, 6, 11), "9:00-10:00")
    # Thursday 9-10 only, Friday 9-10.
    assert due(department, "2026-06-11 09:00") == wall("2026-06-12 10:00")
    add_exception(schedule, date(2026, 6, 13), "10:00-12:00", kind="extra")
    # Friday 11-12, the extra Saturday 10-11.
    assert due(department, "2026-06-12 11:00") == wall("2026-06-13 11:00")
    ClosingDay.objects.create(on=date(2026, 6, 15), name="Verhuis")
    # The extra Saturday 11-12; Monday is a closing day; Tuesday 9-10.
    assert due(department, "2026-06-13 11:00") == wall("2026-06-16 10:00")
    kept = ClosingDay.objects.get(on=date(2026, 6, 15))
    kept.open_schedules.add(schedule)
    assert due(department, "2026-06-13 11:00") == wall("2026-06-15 10:00")


@pytest.mark.usefixtures("with_holidays")
def test_without_a_schedule_the_contact_centre_or_office_hours_count():
    lone = Department.objects.create(slug="los", name="Los", answer_hours=2)
    # Office hours: Friday 16-17, Monday 9-10. For nobody's question 16 h: Friday 1, Monday 8,
    # Tuesday 9-16 makes 7.
    assert due(lone, "2026-06-12 16:00") == wall("2026-06-15 10:00")
    assert due(None, "2026-06-12 16:00") == wall("2026-06-16 16:00")
    # On a closing day nobody is at the office: Friday 1 h, Easter Monday none, Tuesday 9-10.
    assert due(lone, "2026-04-03 16:00") == wall("2026-04-07 10:00")
    make_department("contactcentrum", schedule=make_schedule("contactcentrum", MORNINGS))
    assert due(lone, "2026-06-12 16:00") == wall("2026-06-15 11:00")
    # The contact centre's own 16 h: five mornings are 15 h, then Monday 22 June 9-10.
    assert due(None, "2026-06-12 16:00") == wall("2026-06-22 10:00")


@pytest.mark.usefixtures("with_holidays")
@pytest.mark.parametrize("has_pattern", [True, False])
def test_a_schedule_without_any_hours_promises_nothing_for_the_night(has_pattern: bool):
    schedule = make_schedule("leeg", {})
    if not has_pattern:
        schedule.periods.all().delete()
    department = make_department(schedule=schedule, answer_hours=2)
    # Office hours: Friday 16-17, Monday 9-10.
    assert due(department, "2026-06-12 16:00") == wall("2026-06-15 10:00")


@pytest.mark.usefixtures("with_holidays")
def test_a_schedule_that_nobody_went_on_with_is_followed_by_office_hours():
    schedule = make_schedule("tot-nieuwjaar", {}, valid_from=date(2025, 1, 1))
    schedule.periods.all().delete()
    add_period(schedule, OFFICE_WEEK, valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31))
    department = make_department(schedule=schedule, answer_hours=5)
    # Thursday 31 December 15-16 is 1 h; 1 January closed; Monday in office hours, without lunch.
    assert due(department, "2026-12-31 15:00") == wall("2027-01-04 13:00")


@pytest.mark.django_db
def test_urgent_and_reminded_and_resumed():
    department = make_department(answer_hours=16, urgent_hours=4)
    rules, now = QuestionRules(), wall("2026-06-08 10:00")
    # Monday 10-12 and 13-16 is 5 h, Tuesday 10 h, Wednesday 9-10. Three quarters are 12 h: 7 h
    # into Tuesday, 9-12 and 13-17.
    normal = term_of(department, Urgency.NORMAL, rules=rules, now=now)
    assert normal.due_at == wall("2026-06-10 10:00")
    assert normal.remind_at == wall("2026-06-09 17:00")
    # 4 h: 10-12 and 13-15; 3 h: until 14.00.
    urgent = term_of(department, Urgency.URGENT, rules=rules, now=now)
    assert (urgent.due_at, urgent.remind_at) == (wall("2026-06-08 15:00"), wall("2026-06-08 14:00"))
    assert least_term(department, rules=rules, now=now) == urgent
    # On Tuesday at 18.00 there are 2 h of it and 1 h of Wednesday left; a week later they go on.
    left = left_s(department, due_at=normal.due_at, now=wall("2026-06-09 18:00"))
    assert left == 3 * 3_600
    resumed = resumed_term(department, left, rules=rules, now=wall("2026-06-15 09:00"))
    assert resumed.due_at == wall("2026-06-15 12:00")
    assert left_s(department, due_at=normal.due_at, now=wall("2026-06-10 10:00")) == 0
    assert left_s(department, due_at=normal.due_at, now=wall("2026-06-11 10:00")) == 0


def test_without_working_time_calendar_time_counts():
    closed = Hours(date(2026, 6, 1), date(2026, 6, 30))
    start = wall("2026-06-08 10:00")
    assert after_working_time(closed, start, 7_200) == wall("2026-06-08 12:00")
    assert working_seconds(closed, start, start + timedelta(days=9)) == 0


# --- any schedule, against the slow way ---------------------------------------------------------

STRETCHES = {  # first and last day: both changes of the clock, the end of a year, a leap day
    "forward": (date(2028, 3, 23), date(2028, 3, 29)),
    "back": (date(2028, 10, 26), date(2028, 11, 1)),
    "new year": (date(2027, 12, 29), date(2028, 1, 4)),
    "leap day": (date(2028, 2, 26), date(2028, 3, 2)),
}
by_stretch = pytest.mark.parametrize("stretch", STRETCHES.values(), ids=STRETCHES)
arbitrary = st.randoms(use_true_random=False, note_method_calls=False)
zones = st.sampled_from([UTC, BRUSSELS])
into_s = st.integers(0, 6 * 86_400 - 1) | st.integers(0, 6 * 1_440 - 1).map(lambda n: 60 * n)
lengths_s = st.integers(1, 4 * 86_400) | st.integers(1, 96).map(lambda n: 3_600 * n)
Minutes = list[tuple[datetime, datetime]]


def slow_open_minutes(hours: Hours, start: datetime) -> Minutes:
    """What is left of every open minute after `start`, one by one."""
    slow = SlowHours(hours)
    return [
        (max(moment, start), moment + MINUTE)
        for (moment, *_), is_open in zip(slow.minutes, slow.is_open, strict=True)
        if is_open and moment + MINUTE > start
    ]


def slow_after(minutes: Minutes, start: datetime, seconds: int) -> datetime:
    end = start
    for begin, end in minutes:
        in_it = int((end - begin).total_seconds())
        if seconds <= in_it:
            return begin + timedelta(seconds=seconds)
        seconds -= in_it
    return end + timedelta(seconds=seconds)


def slow_seconds(minutes: Minutes, end: datetime) -> int:
    pieces = [min(until, end) - begin for begin, until in minutes if begin < end]
    return int(sum(pieces, timedelta()).total_seconds())


def case(
    stretch: tuple[date, date], random: Random, into: int, zone: object
) -> tuple[Hours, datetime, datetime]:
    """Arbitrary hours, and a moment in them: in UTC, and as a caller may write it."""
    first, last = stretch
    hours = random_hours(random, start=first, end=last)
    midnight = datetime(first.year, first.month, first.day, tzinfo=BRUSSELS).astimezone(UTC)
    start = midnight + timedelta(seconds=into)
    return hours, start, start.astimezone(zone)  # type: ignore[arg-type]


@by_stretch
@settings(max_examples=25, database=None)
@given(random=arbitrary, into=into_s, seconds=lengths_s, zone=zones)
def test_terms_are_what_the_minutes_count(stretch, random, into, seconds, zone):
    hours, start, written = case(stretch, random, into, zone)
    minutes = slow_open_minutes(hours, start)
    due_at = after_working_time(hours, written, seconds)
    assert due_at == slow_after(minutes, start, seconds)
    # There and back: all of it, or all there is.
    back = working_seconds(hours, written, due_at.astimezone(zone))
    assert back == min(seconds, slow_seconds(minutes, datetime(2029, 1, 1, tzinfo=UTC)))
    end = start + timedelta(seconds=seconds)
    assert working_seconds(hours, written, end.astimezone(zone)) == slow_seconds(minutes, end)
    assert working_seconds(hours, end.astimezone(zone), written) == 0


@example(into=0, seconds=6 * 3_600)
@given(into=into_s, seconds=lengths_s)
def test_a_later_question_is_never_due_earlier(into: int, seconds: int):
    week = Period(date(2028, 1, 1), None, ((Window(540, 720), Window(780, 960)),) * 5 + ((), ()))
    hours = Hours(date(2028, 3, 1), date(2028, 6, 1), (week,))
    start = datetime(2028, 3, 23, tzinfo=UTC) + timedelta(seconds=into)
    first = after_working_time(hours, start, seconds)
    assert start < first <= after_working_time(hours, start + MINUTE, seconds)
