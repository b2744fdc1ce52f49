"""How a place stands now: the small state for the chat, and the day and week for a page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from city import wording
from city.hours import BRUSSELS, Hours, Window, hours_around
from city.localised import Localised, localised
from city.models import OpeningSchedule

LINE_FIRST_HOUR, LINE_LAST_HOUR = 8, 20  # the day line; wider when a window is
TICK_EVERY_HOURS = 2


@dataclass(frozen=True)
class Openings:
    """Open or closed now. Moments are UTC; `sentence` is ready to show, without full stop."""

    is_open: bool
    closes_at: datetime | None
    next_opening: datetime | None
    sentence: str
    reason: Localised


@dataclass(frozen=True)
class Mark:
    """A stretch of the day line, in whole minutes from its beginning."""

    x: int
    width: int


@dataclass(frozen=True)
class Tick:
    x: int
    label: str


@dataclass(frozen=True)
class DayLine:
    """For an SVG with viewBox `0 0 {length} …`. `now_x` is None when now lies off the line."""

    length: int
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    now_x: int | None


@dataclass(frozen=True)
class WeekRow:
    """Neighbouring days with the same hours; `note` says why they are other than usual."""

    days: str
    hours: str
    note: Localised
    is_today: bool


@dataclass(frozen=True)
class TodayView:
    """Everything a page shows of one place today."""

    slug: str
    name: Localised
    day: str
    is_open: bool
    sentence: str
    reason: Localised
    hours: str
    windows: tuple[Window, ...]
    line: DayLine
    week: tuple[WeekRow, ...]
    closes_at: datetime | None
    next_opening: datetime | None


def openings(slug: str, now: datetime) -> Openings:
    """The state of a schedule at `now`; an unknown schedule is closed until further notice."""
    try:
        return openings_of(hours_around(slug, now), now)
    except OpeningSchedule.DoesNotExist:
        return openings_of(Hours(start=_today(now), end=_today(now)), now)


def openings_of(hours: Hours, now: datetime) -> Openings:
    is_open = hours.is_open(now)
    closes_at = hours.closes_at(now)
    next_opening = hours.next_opening(now)
    sentence = wording.open_until(closes_at, now) if is_open else wording.closed(next_opening, now)
    reason = Localised("", "nl") if is_open else hours.closed_because(_today(now))
    return Openings(is_open, closes_at, next_opening, sentence, reason)


def today_at(slug: str, now: datetime) -> TodayView | None:
    """What a page shows of a schedule today; None while the city has not entered it."""
    try:
        hours = hours_around(slug, now)
    except OpeningSchedule.DoesNotExist:
        return None
    return today_of(hours, now)


def today_of(hours: Hours, now: datetime) -> TodayView:
    today = _today(now)
    state = openings_of(hours, now)
    windows = hours.windows_on(today)
    return TodayView(
        slug=hours.slug,
        name=localised(*hours.name),
        day=wording.day_name(today),
        is_open=state.is_open,
        sentence=state.sentence,
        reason=state.reason,
        hours=wording.time_range(windows),
        windows=windows,
        line=day_line(windows, now),
        week=week_rows(hours, today),
        closes_at=state.closes_at,
        next_opening=state.next_opening,
    )


def day_line(windows: tuple[Window, ...], now: datetime) -> DayLine:
    """The day from 8 to 20 hours, or wider when a window needs it, in whole minutes."""
    first = min([LINE_FIRST_HOUR, *(window.opens // 60 for window in windows)]) * 60
    last = max([LINE_LAST_HOUR, *(-(-window.closes // 60) for window in windows)]) * 60
    local = now.astimezone(BRUSSELS)
    now_x = local.hour * 60 + local.minute - first
    ticks = range(first, last + 1, TICK_EVERY_HOURS * 60)
    return DayLine(
        length=last - first,
        marks=tuple(Mark(w.opens - first, w.closes - w.opens) for w in windows),
        ticks=tuple(Tick(minute - first, str(minute // 60)) for minute in ticks),
        now_x=now_x if 0 <= now_x <= last - first else None,
    )


def week_rows(hours: Hours, today: date) -> tuple[WeekRow, ...]:
    """This week, Monday to Sunday; neighbours share a row when hours and note are the same."""
    monday = today - timedelta(days=today.weekday())
    groups: list[list[date]] = []
    for day in (monday + timedelta(days=n) for n in range(7)):
        if groups and _alike(hours, groups[-1][-1], day):
            groups[-1].append(day)
        else:
            groups.append([day])
    return tuple(
        WeekRow(
            days=wording.days_label(days[0], days[-1]),
            hours=wording.time_range(hours.windows_on(days[0])),
            note=hours.reason_on(days[0]),
            is_today=today in days,
        )
        for days in groups
    )


def _alike(hours: Hours, one: date, other: date) -> bool:
    same_hours = hours.windows_on(one) == hours.windows_on(other)
    return same_hours and hours.reason_on(one) == hours.reason_on(other)


def _today(now: datetime) -> date:
    return now.astimezone(BRUSSELS).date()
