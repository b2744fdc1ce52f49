"""The rules of opening hours, pure: open now? until when? when again?

The truth is wall time in Brussels: a moment is open if and only if the clock on the wall then shows
a time in [opens, closes) of one of that day's windows. So on the night that the clock goes back, a
window from 2.15 to 2.45 is open twice, and on the night that it goes forward not at all.

An `Hours` holds every rule of one schedule for a range of days and asks nobody. The layers, each
over the one before: the weekly pattern of the valid period (the latest `valid_from` wins), dated
exceptions and extra openings, closing days.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from city.localised import Localised, localised

BRUSSELS = ZoneInfo("Europe/Brussels")
DAY_MINUTES = 24 * 60
HORIZON_DAYS = 366  # how far "when again?" looks; a place closed for a year has no next opening
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Minutes of a local day: open from `opens` until just before `closes` (1440 is midnight)."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY_MINUTES:
            raise ValueError(f"no window: {self.opens}–{self.closes}")

    @classmethod
    def between(cls, opens_at: time, closes_at: time) -> "Window":
        """A window of two clock times; 00:00 as the end is midnight."""
        return cls(_minute(opens_at), _minute(closes_at) or DAY_MINUTES)


@dataclass(frozen=True, slots=True)
class Period:
    """A weekly pattern, Monday first, and the days on which it is valid, both included."""

    valid_from: date
    valid_until: date | None
    week: tuple[tuple[Window, ...], ...]


@dataclass(frozen=True, slots=True)
class Exceptional:
    """What dated exceptions make of one day. `replaced` None leaves the weekly pattern."""

    replaced: tuple[Window, ...] | None = None
    extra: tuple[Window, ...] = ()
    reason: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Hours:
    """Every rule of one schedule for the days from `start` to `end`, both included.

    Days outside that range raise ValueError, so that a too short load never reads as "closed".
    All moments are aware; what comes back is UTC.
    """

    start: date
    end: date
    periods: tuple[Period, ...] = ()
    exceptions: Mapping[date, Exceptional] = field(default_factory=dict)
    closings: Mapping[date, tuple[str, str]] = field(default_factory=dict)
    slug: str = ""
    name: tuple[str, str] = ("", "")
    _windows: dict[date, tuple[Window, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows of a local day, in order; those that touch or overlap are one."""
        if day not in self._windows:
            self._windows[day] = self._windows_by_the_rules(day)
        return self._windows[day]

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The exact stretches of time in UTC on which it is open on a local day."""
        return _spans(day, self.windows_on(day))

    def is_open(self, moment: datetime) -> bool:
        """Whether it is open at this very moment."""
        local = moment.astimezone(BRUSSELS)
        minute = local.hour * 60 + local.minute
        return any(w.opens <= minute < w.closes for w in self.windows_on(local.date()))

    def closes_at(self, moment: datetime) -> datetime | None:
        """When it closes. None when it is closed, or stays open as far as we look."""
        for opens, closes in self._spans_around(moment):
            if opens <= moment < closes:
                return None if closes >= self._horizon(moment) else closes
            if opens > moment:
                break
        return None

    def next_opening(self, moment: datetime) -> datetime | None:
        """When it opens next after this moment; None when not within a year or the loaded days.

        While it is open, that is the opening after the coming closing time.
        """
        return next((opens for opens, _ in self._spans_around(moment) if opens > moment), None)

    def closed_because(self, day: date) -> Localised:
        """The name of the closing day, or the reason of an exception that closes the whole day."""
        exceptional = self.exceptions.get(day)
        if day in self.closings:
            return localised(*self.closings[day])
        if exceptional and not self.windows_on(day):
            return localised(*exceptional.reason)
        return Localised("", "nl")

    def reason_on(self, day: date) -> Localised:
        """Why this day differs from the weekly pattern, closed or not; empty when it does not."""
        exceptional = self.exceptions.get(day, Exceptional())
        return localised(*self.closings.get(day, exceptional.reason))

    def _windows_by_the_rules(self, day: date) -> tuple[Window, ...]:
        if not self.start <= day <= self.end:
            raise ValueError(f"{day} lies outside the loaded days {self.start}–{self.end}")
        if day in self.closings:
            return ()
        exceptional = self.exceptions.get(day, Exceptional())
        base = exceptional.replaced
        if base is None:
            base = self._weekly_windows_on(day)
        return merge_windows(base + exceptional.extra)

    def _weekly_windows_on(self, day: date) -> tuple[Window, ...]:
        valid = [
            period
            for period in self.periods
            if period.valid_from <= day
            and (period.valid_until is None or day <= period.valid_until)
        ]
        if not valid:
            return ()
        return max(valid, key=lambda period: period.valid_from).week[day.weekday()]

    def _last_day(self, moment: datetime) -> date:
        return min(self.end, moment.astimezone(BRUSSELS).date() + timedelta(days=HORIZON_DAYS))

    def _horizon(self, moment: datetime) -> datetime:
        return _day_bounds(self._last_day(moment))[1]

    def _spans_around(self, moment: datetime) -> Iterator[Span]:
        """Open stretches from the day of `moment` on, joined over midnight."""
        day = moment.astimezone(BRUSSELS).date()
        self.windows_on(day)  # outside the loaded days this raises, as it should
        pending: Span | None = None
        while day <= self._last_day(moment):
            for span in self.spans_on(day):
                if pending and pending[1] == span[0]:
                    pending = (pending[0], span[1])
                    continue
                if pending:
                    yield pending
                pending = span
            day += timedelta(days=1)
        if pending:
            yield pending


def merge_windows(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Sorts windows and joins those that touch or overlap."""
    merged: list[Window] = []
    for window in sorted(windows):
        if merged and window.opens <= merged[-1].closes:
            merged[-1] = Window(merged[-1].opens, max(merged[-1].closes, window.closes))
        else:
            merged.append(window)
    return tuple(merged)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


@lru_cache(maxsize=8192)
def _spans(day: date, windows: tuple[Window, ...]) -> tuple[Span, ...]:
    # Wall time maps to UTC by one fixed shift between two changes of the clock, so each window is
    # shifted and cut per such segment; pieces that touch again are one stretch of time.
    pieces = sorted(
        piece
        for begin, end, offset in _segments(day)
        for window in windows
        if (piece := _cut(day, window, offset, begin, end))
    )
    spans: list[Span] = []
    for opens, closes in pieces:
        if spans and spans[-1][1] == opens:
            spans[-1] = (spans[-1][0], closes)
        else:
            spans.append((opens, closes))
    return tuple(spans)


def _cut(
    day: date, window: Window, offset: timedelta, begin: datetime, end: datetime
) -> Span | None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - offset
    opens = max(begin, midnight + timedelta(minutes=window.opens))
    closes = min(end, midnight + timedelta(minutes=window.closes))
    return (opens, closes) if opens < closes else None


def _segments(day: date) -> list[tuple[datetime, datetime, timedelta]]:
    """The local day in UTC, cut where the clock changes: (begin, end, offset from UTC)."""
    begin, end = _day_bounds(day)
    first, last = _offset(begin), _offset(end - timedelta(minutes=1))
    if first == last:
        return [(begin, end, first)]
    low, high = 0, int((end - begin) / timedelta(minutes=1))
    while high - low > 1:  # the first minute with the new offset
        middle = (low + high) // 2
        if _offset(begin + timedelta(minutes=middle)) == first:
            low = middle
        else:
            high = middle
    change = begin + timedelta(minutes=high)
    return [(begin, change, first), (change, end, last)]


def _day_bounds(day: date) -> Span:
    # Brussels never changes its clock at midnight, so a midnight is neither missing nor double.
    return _midnight(day), _midnight(day + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BRUSSELS).astimezone(UTC)


def _offset(moment: datetime) -> timedelta:
    offset = moment.astimezone(BRUSSELS).utcoffset()
    assert offset is not None
    return offset
