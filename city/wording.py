"""Moments and opening hours in plain words, for the active language. Pure."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from city.hours import BRUSSELS, Window

HALF_A_YEAR_DAYS = 183


def open_until(closes_at: datetime | None, now: datetime) -> str:
    """ "Open tot 20.00 uur"; a closing time on another day says which."""
    if closes_at is None:
        return _("Open now")
    closes, today = closes_at.astimezone(BRUSSELS), now.astimezone(BRUSSELS).date()
    days = (closes.date() - today).days
    if days == 0:
        return _("Open until %(time)s") % {"time": clock(closes)}
    if days == 1 and (closes.hour, closes.minute) == (0, 0):
        return _("Open until midnight")
    return _("Open until %(moment)s") % {"moment": moment_from(closes_at, now)}


def open_again(next_opening: datetime | None, now: datetime) -> str:
    """ "opnieuw open morgen om 9.00 uur"; to stand after "Gesloten," or by itself."""
    if next_opening is None:
        return _("not open again for now")
    return _("open again %(moment)s") % {"moment": moment_from(next_opening, now)}


def closed(next_opening: datetime | None, now: datetime) -> str:
    """ "Gesloten, opnieuw open maandag om 9.00 uur"."""
    if next_opening is None:
        return _("Closed until further notice")
    return _("Closed, %(open_again)s") % {"open_again": open_again(next_opening, now)}


def moment_from(moment: datetime, now: datetime) -> str:
    """A coming moment as people say it today: vandaag, morgen, maandag, dinsdag 5 januari."""
    local, today = moment.astimezone(BRUSSELS), now.astimezone(BRUSSELS).date()
    days = (local.date() - today).days
    if days == 0:
        day = _("today")
    elif days == 1:
        day = _("tomorrow")
    elif 2 <= days <= 6:
        day = weekday_name(local.date())
    else:
        day = day_name(local.date(), with_year=abs(days) > HALF_A_YEAR_DAYS)
    return _("%(day)s at %(time)s") % {"day": day, "time": clock(local)}


def day_and_time(moment: datetime) -> str:
    """ "dinsdag 29 juni om 14.20 uur"."""
    local = moment.astimezone(BRUSSELS)
    return _("%(day)s at %(time)s") % {"day": day_name(local.date()), "time": clock(local)}


def day_name(day: date, *, with_year: bool = False) -> str:
    """ "dinsdag 29 juni", with the year when it is far away."""
    words = {"weekday": weekday_name(day), "day": day.day, "month": str(MONTHS[day.month])}
    if with_year:
        return _("%(weekday)s %(day)s %(month)s %(year)s") % {**words, "year": day.year}
    return _("%(weekday)s %(day)s %(month)s") % words


def weekday_name(day: date) -> str:
    return str(WEEKDAYS[day.weekday()])


def clock(local: datetime) -> str:
    """ "9.00 uur"; `local` is wall time already."""
    return pgettext("time of day", "%(time)s") % {"time": f"{local.hour}.{local.minute:02}"}


def time_range(windows: Sequence[Window]) -> str:
    """ "9–12 en 13–20 uur" for the windows of one day; "gesloten" for none."""
    if not windows:
        return _("closed")
    ranges = [f"{_short(window.opens)}–{_short(window.closes)}" for window in windows]
    if len(ranges) == 1:
        joined = ranges[0]
    else:
        joined = _("%(earlier)s and %(last)s") % {
            "earlier": ", ".join(ranges[:-1]),
            "last": ranges[-1],
        }
    return pgettext("hours of a day", "%(hours)s") % {"hours": joined}


def _short(minute: int) -> str:
    hour, rest = divmod(minute, 60)
    return f"{hour}.{rest:02}" if rest else str(hour)


def days_label(first: date, last: date) -> str:
    """ "maandag", "woensdag, donderdag", "maandag tot en met vrijdag"."""
    names = {"first": weekday_name(first), "last": weekday_name(last)}
    span = (last - first).days
    if span == 0:
        return names["first"]
    return (_("%(first)s, %(last)s") if span == 1 else _("%(first)s to %(last)s")) % names
