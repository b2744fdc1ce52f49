"""What holds now: does the telephone come first, and is the chat closed for now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from chat.models import ChatStop, PhoneFirst
from city.remembered import remembered_for

KEPT_S = 0.5
RESTS = timedelta(minutes=15)  # the exchange, after a supervisor said no
IS_NEWS = timedelta(hours=1)


@dataclass(frozen=True)
class Standing:
    """What runs at one moment. A row whose time is over does not run, swept or not.

    `mark` grows with each on and off, so that of two of these the later one can be told.
    """

    phone_first: PhoneFirst | None = None
    stop: ChatStop | None = None
    rests_until: datetime | None = None  # till then the exchange switches nothing on
    mark: int = 0
    is_news: bool = False  # something runs, or ended so short ago that a client may not know


def standing(now: datetime) -> Standing:
    """Remembered for at most half a second in a process; inside a transaction always read."""
    phone_first, stop = _newest_phone_first(), _newest_stop()
    runs = phone_first if phone_first and is_running(phone_first, now) else None
    closes = stop if stop and is_closing(stop, now) else None
    return Standing(
        phone_first=runs,
        stop=closes,
        rests_until=_rests_until(phone_first, now),
        mark=_mark(phone_first, runs) + _mark(stop, closes),
        is_news=any(row and _is_news(row, now) for row in (phone_first, stop)),
    )


def current(now: datetime) -> PhoneFirst | None:
    """The time in which the telephone comes first, if that is now."""
    newest = _newest_phone_first()
    return newest if newest and is_running(newest, now) else None


def is_running(row: PhoneFirst, now: datetime) -> bool:
    return not row.end_reason and now < row.until


def is_closing(row: ChatStop, now: datetime) -> bool:
    return row.ended_at is None and (row.until is None or now < row.until)


def rest_after(row: PhoneFirst) -> datetime | None:
    """Until when the exchange leaves it off, because a person switched it off."""
    if row.end_reason != PhoneFirst.EndReason.SWITCHED_OFF or row.ended_at is None:
        return None
    return row.ended_at + RESTS


# Only the newest of each may run: one question for each, however many rows there are.
@remembered_for(KEPT_S)
def _newest_phone_first() -> PhoneFirst | None:
    return PhoneFirst.objects.select_related("started_by").order_by("-pk").first()


@remembered_for(KEPT_S)
def _newest_stop() -> ChatStop | None:
    return ChatStop.objects.select_related("started_by").order_by("-pk").first()


def _rests_until(row: PhoneFirst | None, now: datetime) -> datetime | None:
    """To say on a console; nothing where no exchange reports."""
    until = rest_after(row) if row and settings.EXCHANGE_TOKEN else None
    return until if until and now < until else None


def _mark(newest: PhoneFirst | ChatStop | None, runs: PhoneFirst | ChatStop | None) -> int:
    return (2 * newest.pk + (runs is None)) if newest else 0


def _is_news(row: PhoneFirst | ChatStop, now: datetime) -> bool:
    over = row.ended_at or row.until
    return over is None or now < over + IS_NEWS
