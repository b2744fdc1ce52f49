"""Terms in the working hours of a department: when is an answer due, and how much is left.

Working time is the time in which the department is open by its schedule: weekly pattern, dated
exceptions and closing days (`city.hours`). A department without a schedule is counted in that of
the contact centre, and without that in office hours on weekdays; so are the days after the last one
for which anybody entered hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from city.hours import BRUSSELS, Hours, Period, Span, Window, hours_of
from city.models import ClosingDay, Department, OpeningSchedule
from questions.models import QuestionRules
from questions.states import Urgency

CONTACT_CENTRE = "contactcentrum"
HORIZON_DAYS = 366
_OFFICE_DAY = (Window(9 * 60, 17 * 60),)
_OFFICE_WEEK = (*[_OFFICE_DAY] * 5, (), ())


@dataclass(frozen=True)
class Term:
    """A promise: when the answer is due, and when the department is reminded of it."""

    due_at: datetime
    remind_at: datetime


def term_of(
    department: Department | None, urgency: str, *, rules: QuestionRules, now: datetime
) -> Term:
    """The term of a question that comes to a department now; None means the contact centre."""
    answering = _answering(department)
    is_urgent = urgency == Urgency.URGENT
    hours = answering.urgent_hours if is_urgent else answering.answer_hours
    return term_after(working_hours(answering, now), 3_600 * hours, rules=rules, now=now)


def least_term(department: Department, *, rules: QuestionRules, now: datetime) -> Term:
    """The shortest term that a department gets when a question comes to it late."""
    seconds = 3_600 * rules.least_term_hours
    return term_after(working_hours(department, now), seconds, rules=rules, now=now)


def resumed_term(
    department: Department | None, left: int, *, rules: QuestionRules, now: datetime
) -> Term:
    """The term goes on after it stood still with `left` seconds of working time left."""
    return term_after(working_hours(_answering(department), now), left, rules=rules, now=now)


def left_s(department: Department | None, *, due_at: datetime, now: datetime) -> int:
    """Seconds of working time from now until `due_at`; 0 when that is over."""
    return working_seconds(working_hours(_answering(department), now), now, due_at)


def term_after(hours: Hours, seconds: int, *, rules: QuestionRules, now: datetime) -> Term:
    """A term of so much working time that begins now."""
    reminded = seconds * rules.reminder_percent // 100
    return Term(
        due_at=after_working_time(hours, now, seconds),
        remind_at=after_working_time(hours, now, reminded),
    )


def after_working_time(hours: Hours, start: datetime, seconds: int) -> datetime:
    """The first moment at which so many seconds of working time, at least one, have passed.

    When no working time is left in the loaded days, calendar time is counted after the last of it:
    a wrong schedule must not leave a question without a term. What comes back is UTC.
    """
    # Sums and differences in Brussels time would be those of the wall: an hour off by night.
    start = end = start.astimezone(UTC)
    left = timedelta(seconds=seconds)
    for opens, closes in _spans_from(hours, start):
        begin = max(opens, start)
        if begin + left <= closes:
            return begin + left
        left -= closes - begin
        end = closes
    return end + left


def working_seconds(hours: Hours, start: datetime, end: datetime) -> int:
    """How many seconds of working time lie between two moments; 0 when `end` is not later."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    total = timedelta()
    for opens, closes in _spans_from(hours, start):
        if opens >= end:
            break
        total += max(timedelta(), min(closes, end) - max(opens, start))
    return int(total.total_seconds())


def _spans_from(hours: Hours, start: datetime) -> Iterator[Span]:
    day = start.astimezone(BRUSSELS).date()
    while day <= hours.end:
        yield from (span for span in hours.spans_on(day) if span[1] > start)
        day += timedelta(days=1)


def contact_centre() -> Department | None:
    """The department that has what no other one has."""
    return Department.objects.filter(slug=CONTACT_CENTRE).select_related("schedule").first()


def working_hours(department: Department, now: datetime) -> Hours:
    """The opening hours in which the terms of a department are counted, for a year from `now`."""
    today = now.astimezone(BRUSSELS).date()
    start, end = today - timedelta(days=1), today + timedelta(days=HORIZON_DAYS)
    try:
        hours = hours_of(department.schedule or CONTACT_CENTRE, start=start, end=end)
    except OpeningSchedule.DoesNotExist:
        rows = ClosingDay.objects.filter(on__range=(start, end))
        hours = Hours(start, end, closings={row.on: (row.name, row.name_en) for row in rows})
    return _going_on_in_office_hours(hours)


def _going_on_in_office_hours(hours: Hours) -> Hours:
    """The same hours, and office hours after the last day that has any.

    Otherwise a schedule that ends, or that nobody filled in, would promise an answer in the night.
    """
    day = hours.end
    while day >= hours.start and not hours.windows_on(day):
        day -= timedelta(days=1)
    after = Period(day + timedelta(days=1), None, _OFFICE_WEEK)
    return replace(hours, periods=(*hours.periods, after))


def _answering(department: Department | None) -> Department:
    return department or contact_centre() or Department()
