"""Putting the telephone first, and closing the chat for now.

A supervisor does so, or the telephone exchange by the number of calls that wait. Who else does so
at the same moment waits for the lock, sees what happened and changes nothing twice.
"""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from chat import events, status
from chat.actions.writing import checked_text
from chat.models import ChatRules, ChatStop, ExchangeReport, PhoneFirst
from chat.rush import is_closing, is_running, rest_after, standing
from city.models import Announcement
from common import eventlog, locks, realtime
from common.errors import RuleBroken

LOCK = "chat.rush"
LONGEST = timedelta(hours=4)
LONGEST_STOP = timedelta(hours=24)
# A report is good for so long; an exchange that is silent for longer puts nothing first.
REPORT_HOLDS = timedelta(minutes=2)
# What the exchange switched stays so for this long, so that one wild number cannot make it flap.
STEADY = timedelta(minutes=2)
SAME_CLICK = timedelta(seconds=3)
MAX_STOP_TEXT = 200
Source, EndReason = PhoneFirst.Source, PhoneFirst.EndReason


@transaction.atomic
def switch_on(*, by: User, until: datetime, now: datetime) -> None:
    """The telephone comes first until `until`, at most four hours from now.

    What a supervisor began already gets the new end, sooner or later; what the exchange began is
    the supervisor's from now on. A double click changes nothing. Raises
    RuleBroken("phone_first_until").
    """
    if not now < until <= now + LONGEST:
        raise RuleBroken("phone_first_until")
    locks.hold(LOCK)
    running = _running(now)
    if running and running.source == Source.SUPERVISOR:
        if abs(running.until - until) > SAME_CLICK:
            _move_end(running, until=until, by=by, now=now)
        return
    if running:
        _end(running, reason=EndReason.SWITCHED_OFF, at=now, by=by, told=False)
    _begin(source=Source.SUPERVISOR, until=until, now=now, by=by)


@transaction.atomic
def switch_off(*, by: User, now: datetime) -> None:
    """The telephone no longer comes first, whoever began it; nothing happens when it did not.

    For a while the exchange does not switch it on again: a person decided.
    """
    locks.hold(LOCK)
    running = _running(now)
    if running:
        _end(running, reason=EndReason.SWITCHED_OFF, at=now, by=by)


@transaction.atomic
def hear_exchange(*, waiting_calls: int, now: datetime) -> bool:
    """The telephone exchange reports; returns whether the telephone comes first after that.

    On from so many calls, off at so few, as it is in between. What the exchange switched on or off
    stays so for two minutes at least. What a supervisor switched on is not the exchange's to end,
    and what a supervisor switched off it leaves off for a while.
    """
    locks.hold(LOCK)
    report = {"waiting_calls": waiting_calls, "reported_at": now}
    ExchangeReport.objects.update_or_create(pk=1, defaults=report)
    rules, running = ChatRules.current(), _running(now)
    if running is None:
        if waiting_calls < rules.phone_first_on_calls or not _exchange_may_begin(now):
            return False
        until = now + REPORT_HOLDS
        _begin(source=Source.EXCHANGE, until=until, now=now, waiting_calls=waiting_calls)
    elif running.source == Source.EXCHANGE:
        if waiting_calls <= rules.phone_first_off_calls and now >= running.started_at + STEADY:
            _end(running, reason=EndReason.CALLS_DOWN, at=now, waiting_calls=waiting_calls)
            return False
        _hold_longer(running, until=now + REPORT_HOLDS)
    return True


@transaction.atomic
def stop_chat(
    *, by: User, text: str, text_en: str = "", until: datetime | None = None, now: datetime
) -> None:
    """Closes the chat for now: no new conversations until `until`, or until opened again.

    Those that run or wait go on. With other words or another end it replaces the closing that
    runs; with the same it changes nothing. Raises RuleBroken: stop_text (none, or too long),
    stop_until (in the past, or more than a day ahead).
    """
    text, text_en = _one_line(text), _one_line(text_en) if text_en.strip() else ""
    if until and not now < until <= now + LONGEST_STOP:
        raise RuleBroken("stop_until")
    locks.hold(LOCK)
    closing = _closing(now)
    if closing:
        if (closing.text, closing.text_en) == (text, text_en) and _same_end(closing.until, until):
            return
        _open_again(closing, at=now, by=by)
    stop = ChatStop.objects.create(
        text=text, text_en=text_en, until=until, started_at=now, started_by=by
    )
    minutes = _minutes(until - now) if until else None
    _record("chat.stopped", stop, at=now, by=by, minutes=minutes)
    _announce(now)


@transaction.atomic
def resume_chat(*, by: User, now: datetime) -> None:
    """Opens the chat again before its time; nothing happens when it was not closed."""
    locks.hold(LOCK)
    closing = _closing(now)
    if closing:
        _open_again(closing, at=now, by=by)
        _announce(now)


def end_what_is_over(*, now: datetime) -> bool:
    """Writes down what ended by itself and tells everybody; returns whether anything did.

    What is over counts as over before this runs (`chat.rush`), so a late run does no harm. Safe to
    run twice at once.
    """
    open_rows = PhoneFirst.objects.filter(end_reason=""), ChatStop.objects.filter(ended_at=None)
    if not any(rows.filter(until__lte=now).exists() for rows in open_rows):
        return False
    with transaction.atomic():
        locks.hold(LOCK)
        _running(now)
        _closing(now)
        _announce(now)
    return True


def _running(now: datetime) -> PhoneFirst | None:
    """What runs; what is over is written down first."""
    row = PhoneFirst.objects.filter(end_reason="").first()
    if row is None or is_running(row, now):
        return row
    silent = row.source == Source.EXCHANGE
    reason = EndReason.EXCHANGE_SILENT if silent else EndReason.TIME_OVER
    _end(row, reason=reason, at=row.until, told=False)
    return None


def _closing(now: datetime) -> ChatStop | None:
    row = ChatStop.objects.filter(ended_at=None).order_by("-pk").first()
    if row is None or is_closing(row, now):
        return row
    assert row.until
    _open_again(row, at=row.until)
    return None


def _exchange_may_begin(now: datetime) -> bool:
    last = PhoneFirst.objects.order_by("-pk").first()
    if last is None or last.ended_at is None:
        return True
    rests_until = rest_after(last)
    if rests_until:
        return now >= rests_until
    return last.source != Source.EXCHANGE or now >= last.ended_at + STEADY


def _begin(
    *,
    source: PhoneFirst.Source,
    until: datetime,
    now: datetime,
    by: User | None = None,
    waiting_calls: int | None = None,
) -> None:
    rules = ChatRules.current()
    announcement = Announcement.objects.create(
        kind=Announcement.Kind.PHONE_FIRST,
        text=rules.phone_first_text,
        text_en=rules.phone_first_text_en,
        starts_at=now,
        ends_at=until,
    )
    row = PhoneFirst.objects.create(
        source=source, started_at=now, started_by=by, until=until, announcement=announcement
    )
    why = {"waiting_calls": waiting_calls} if by is None else {"minutes": _minutes(until - now)}
    _record("chat.phone_first_on", row, at=now, by=by, source=str(source), **why)
    _announce(now)


def _end(
    row: PhoneFirst,
    *,
    reason: PhoneFirst.EndReason,
    at: datetime,
    by: User | None = None,
    waiting_calls: int | None = None,
    told: bool = True,
) -> None:
    """The bar of every page goes with it; what remains is the row and its events."""
    row.end_reason, row.ended_at, row.ended_by = reason, at, by
    row.save(update_fields=["end_reason", "ended_at", "ended_by"])
    _bar_of(row).delete()
    details: dict[str, object] = {"source": row.source, "reason": str(reason)}
    if waiting_calls is not None:
        details["waiting_calls"] = waiting_calls
    lasted_s = round((at - row.started_at).total_seconds())
    _record("chat.phone_first_off", row, at=at, by=by, seconds=lasted_s, **details)
    if told:
        _announce(at)


def _move_end(row: PhoneFirst, *, until: datetime, by: User, now: datetime) -> None:
    _hold_until(row, until)
    _record("chat.phone_first_moved", row, at=now, by=by, minutes=_minutes(until - now))
    _announce(now)


def _hold_longer(row: PhoneFirst, *, until: datetime) -> None:
    """Another report came. Not told: what people see stays the same."""
    if until > row.until:
        _hold_until(row, until)


def _hold_until(row: PhoneFirst, until: datetime) -> None:
    row.until = until
    row.save(update_fields=["until"])
    # An administrator may have removed it meanwhile.
    _bar_of(row).update(ends_at=until)


def _bar_of(row: PhoneFirst) -> QuerySet[Announcement]:
    return Announcement.objects.filter(pk__in=[row.announcement_id])


def _open_again(stop: ChatStop, *, at: datetime, by: User | None = None) -> None:
    stop.ended_at, stop.ended_by = at, by
    stop.save(update_fields=["ended_at", "ended_by"])
    reason = "opened_again" if by else "time_over"
    lasted_s = round((at - stop.started_at).total_seconds())
    _record("chat.resumed", stop, at=at, by=by, reason=reason, seconds=lasted_s)


def _announce(now: datetime) -> None:
    """Rings consoles and citizens. The bell carries all: who hears it asks the database nothing."""
    stands = standing(now)
    realtime.announce(
        events.AGENTS,
        {"type": "chat.rush", "rush": events.rush_payload(stands), "mark": stands.mark},
    )
    realtime.announce(
        events.CITIZENS,
        {"type": "chat.status", "status": status.in_each_language(now), "mark": stands.mark},
    )


def _record(
    kind: str, row: PhoneFirst | ChatStop, *, at: datetime, by: User | None, **details: object
) -> None:
    eventlog.record(kind, subject=_subject(row), at=at, actor=by.pk if by else None, **details)


def _subject(row: PhoneFirst | ChatStop) -> UUID:
    """The same for the beginning and the end of one row, which has no public name of its own."""
    return uuid5(NAMESPACE_URL, f"{row._meta.label_lower}/{row.pk}")


def _one_line(text: str) -> str:
    """What citizens will read, masked like all that people type; raises RuleBroken("stop_text")."""
    try:
        line = " ".join(checked_text(text).split())
    except RuleBroken:
        line = ""
    if not 0 < len(line) <= MAX_STOP_TEXT:
        raise RuleBroken("stop_text", limit=MAX_STOP_TEXT)
    return line


def _same_end(one: datetime | None, other: datetime | None) -> bool:
    return one == other or bool(one and other and abs(one - other) <= SAME_CLICK)


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)
