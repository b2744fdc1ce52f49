"""Opening hours the slow and obvious way, to hold the engine against.

Every minute of a stretch of days is turned into the time on the wall, and the rules are looked up
for that day and that minute, one by one. No spans, no merging, no arithmetic with offsets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import islice
from random import Random
from typing import Any

from city.hours import BRUSSELS, Exceptional, Hours, Period, Window

MINUTE = timedelta(minutes=1)
MAX_DIFFERENCES = 5
# Where the clock changes, and the edges of the day: random minutes alone would seldom hit them.
TELLING_MINUTES = (0, 60, 119, 120, 121, 150, 179, 180, 181, 540, 720, 780, 1200, 1439, 1440)


@dataclass(frozen=True)
class SlowHours:
    """The same rules as `hours`, answered minute by minute from its first to its last day."""

    hours: Hours

    @cached_property
    def minutes(self) -> list[tuple[datetime, date, int]]:
        """Each minute: the moment in UTC, and the day and the minute that the wall shows then."""
        return minutes_between(self.hours.start, self.hours.end)

    @cached_property
    def is_open(self) -> list[bool]:
        return [self._rule(day, minute) for _moment, day, minute in self.minutes]

    @cached_property
    def closes_at(self) -> list[datetime | None]:
        """For each minute: the first closed minute after it; None when closed, or never."""
        answers: list[datetime | None] = []
        first_closed = None
        for (moment, *_), is_open in zip(
            reversed(self.minutes), reversed(self.is_open), strict=True
        ):
            if not is_open:
                first_closed = moment
            answers.append(first_closed if is_open else None)
        return answers[::-1]

    @cached_property
    def next_opening(self) -> list[datetime | None]:
        """For each minute: the first minute after it that is open while the one before is not."""
        answers: list[datetime | None] = []
        opening = None
        for position in range(len(self.minutes) - 1, -1, -1):
            answers.append(opening)
            if self.is_open[position] and position and not self.is_open[position - 1]:
                opening = self.minutes[position][0]
        return answers[::-1]

    def _rule(self, day: date, minute: int) -> bool:
        if day in self.hours.closings:
            return False
        exceptional = self.hours.exceptions.get(day)
        if exceptional and _inside(exceptional.extra, minute):
            return True
        if exceptional and exceptional.replaced is not None:
            return _inside(exceptional.replaced, minute)
        latest = None
        for period in self.hours.periods:
            ended = period.valid_until is not None and period.valid_until < day
            if day < period.valid_from or ended:
                continue
            if latest is None or period.valid_from > latest.valid_from:
                latest = period
        return latest is not None and _inside(latest.week[day.weekday()], minute)


def _inside(windows: tuple[Window, ...], minute: int) -> bool:
    return any(window.opens <= minute < window.closes for window in windows)


@lru_cache(maxsize=1)
def minutes_between(start: date, end: date) -> list[tuple[datetime, date, int]]:
    """Every minute whose day on the wall is `start`, `end` or between."""
    moment = datetime(start.year, start.month, start.day, tzinfo=UTC) - timedelta(days=1)
    minutes = []
    while (local := moment.astimezone(BRUSSELS)).date() <= end:
        if local.date() >= start:
            minutes.append((moment, local.date(), local.hour * 60 + local.minute))
        moment += MINUTE
    return minutes


def differences(hours: Hours, *, every: int = 1) -> list[str]:
    """What the engine says otherwise than the slow way; empty when they agree.

    Open or closed is compared on every minute, by `is_open` and by `spans_on`. "Until when?" and
    "when again?" are compared on every n-th minute and on both sides of each opening and closing.
    """
    slow = SlowHours(hours)
    moments = [moment for moment, *_ in slow.minutes]
    spanned = _minutes_in_spans(hours)
    telling = _telling_positions(slow.is_open, every)
    some = [moments[position] for position in telling]
    return [
        *_differ("is_open", moments, map(hours.is_open, moments), slow.is_open),
        *_differ("spans_on", moments, map(spanned.__contains__, moments), slow.is_open),
        *_differ("closes_at", some, map(hours.closes_at, some), _at(slow.closes_at, telling)),
        *_differ(
            "next_opening", some, map(hours.next_opening, some), _at(slow.next_opening, telling)
        ),
    ]


def _telling_positions(is_open: list[bool], every: int) -> list[int]:
    changes = [n for n in range(1, len(is_open)) if is_open[n] != is_open[n - 1]]
    beside = (position for change in changes for position in (change - 1, change))
    return sorted({*range(0, len(is_open), every), *beside})


def _at(answers: list[Any], positions: list[int]) -> list[Any]:
    return [answers[position] for position in positions]


def _minutes_in_spans(hours: Hours) -> set[datetime]:
    days = (hours.start + timedelta(days=n) for n in range((hours.end - hours.start).days + 1))
    return {
        opens + n * MINUTE
        for day in days
        for opens, closes in hours.spans_on(day)
        for n in range((closes - opens) // MINUTE)
    }


def _differ(
    question: str, moments: list[datetime], fast: Iterable[object], slow: Sequence[object]
) -> list[str]:
    different = (
        f"{moment:%Y-%m-%d %H:%M} UTC {question}: engine {one}, reference {other}"
        for moment, one, other in zip(moments, fast, slow, strict=True)
        if one != other
    )
    return list(islice(different, MAX_DIFFERENCES))


def random_hours(random: Random, *, start: date, end: date) -> Hours:
    """An arbitrary schedule: overlapping periods and windows, exceptions, closing days."""
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    before = start - timedelta(days=400)
    starts = random.sample([before, *days], k=random.randint(1, min(4, len(days))))
    busy = random.sample(days, k=random.randint(0, max(1, len(days) // 8)))
    closed = random.sample(days, k=random.randint(0, max(1, len(days) // 20)))
    return Hours(
        start=start,
        end=end,
        periods=tuple(_random_period(random, first, len(days)) for first in starts),
        exceptions={day: _random_exception(random) for day in busy},
        closings=dict.fromkeys(closed, ("Feestdag", "Holiday")),
    )


def _random_period(random: Random, first: date, days: int) -> Period:
    last = None if random.random() < 0.5 else first + timedelta(days=random.randint(0, days + 400))
    return Period(first, last, tuple(_random_windows(random, most=3) for _ in range(7)))


def _random_exception(random: Random) -> Exceptional:
    replaced = _random_windows(random, most=2) if random.random() < 0.6 else None
    return Exceptional(replaced=replaced, extra=_random_windows(random, most=2))


def _random_windows(random: Random, *, most: int) -> tuple[Window, ...]:
    pairs = (
        sorted((_random_minute(random), _random_minute(random)))
        for _ in range(random.randint(0, most))
    )
    return tuple(Window(opens, closes) for opens, closes in pairs if opens < closes)


def _random_minute(random: Random) -> int:
    return random.choice(TELLING_MINUTES) if random.random() < 0.5 else random.randint(0, 1440)
