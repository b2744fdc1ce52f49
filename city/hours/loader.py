"""Reads the rows of one schedule into an `Hours`: three queries, whatever the number of rows."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from city.hours.engine import BRUSSELS, HORIZON_DAYS, Exceptional, Hours, Period, Window
from city.models import ClosingDay, DatedException, OpeningSchedule
from city.models.opening import ExceptionKind
from city.remembered import remembered


def hours_of(schedule: str | OpeningSchedule, *, start: date, end: date) -> Hours:
    """The hours of a schedule (or its slug) for the days from `start` to `end`, both included.

    Remembered for two seconds. Raises OpeningSchedule.DoesNotExist for an unknown slug.
    """
    slug = schedule if isinstance(schedule, str) else schedule.slug
    return _load(slug, start, end)


def hours_around(schedule: str | OpeningSchedule, now: datetime) -> Hours:
    """The hours from eight days ago until the horizon: for the week and "when again?"."""
    today = now.astimezone(BRUSSELS).date()
    return hours_of(
        schedule,
        start=today - timedelta(days=8),
        end=today + timedelta(days=HORIZON_DAYS),
    )


@remembered
def _load(slug: str, start: date, end: date) -> Hours:
    schedule, periods = _pattern(slug)
    return Hours(
        start=start,
        end=end,
        periods=periods,
        exceptions=_exceptions(schedule.pk, start, end),
        closings={
            on: (name, name_en)
            for on, name, name_en in ClosingDay.objects.closing(schedule.pk)
            .filter(on__range=(start, end))
            .values_list("on", "name", "name_en")
        },
        slug=slug,
        name=(schedule.name, schedule.name_en),
    )


def _pattern(slug: str) -> tuple[OpeningSchedule, tuple[Period, ...]]:
    # One joined query: a period without windows is a period that is closed all week.
    rows = OpeningSchedule.objects.filter(slug=slug).values_list(
        "pk",
        "name",
        "name_en",
        "periods__valid_from",
        "periods__valid_until",
        "periods__windows__weekday",
        "periods__windows__opens_at",
        "periods__windows__closes_at",
    )
    weeks: dict[tuple[date, date | None], list[list[Window]]] = {}
    schedule = None
    for pk, name, name_en, valid_from, valid_until, weekday, opens_at, closes_at in rows:
        schedule = schedule or OpeningSchedule(pk=pk, slug=slug, name=name, name_en=name_en)
        if valid_from is None:
            continue
        week = weeks.setdefault((valid_from, valid_until), [[] for _ in range(7)])
        if weekday is not None:
            week[weekday].append(Window.between(opens_at, closes_at))
    if schedule is None:
        raise OpeningSchedule.DoesNotExist(f"no opening hours named {slug!r}")
    periods = (
        Period(first, last, tuple(tuple(sorted(day)) for day in week))
        for (first, last), week in weeks.items()
    )
    return schedule, tuple(sorted(periods, key=lambda period: period.valid_from))


def _exceptions(schedule_id: int, start: date, end: date) -> dict[date, Exceptional]:
    rows = (
        DatedException.objects.filter(schedule_id=schedule_id, on__range=(start, end))
        # "replaces" sorts after "extra", so its reason is the last and stays.
        .order_by("on", "kind", "pk")
        .values_list("on", "kind", "reason", "reason_en", "windows__opens_at", "windows__closes_at")
    )
    replaced: dict[date, list[Window]] = {}
    extra: dict[date, list[Window]] = defaultdict(list)
    reasons: dict[date, tuple[str, str]] = {}
    for on, kind, reason, reason_en, opens_at, closes_at in rows:
        layer = extra[on] if kind == ExceptionKind.EXTRA else replaced.setdefault(on, [])
        if reason:
            reasons[on] = (reason, reason_en)
        if opens_at is not None:
            layer.append(Window.between(opens_at, closes_at))
    return {
        on: Exceptional(
            replaced=tuple(replaced[on]) if on in replaced else None,
            extra=tuple(extra[on]),
            reason=reasons.get(on, ("", "")),
        )
        for on in replaced.keys() | extra.keys()
    }
