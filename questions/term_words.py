"""The term of a question in words for staff, as short as a line of a list."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questions.models import Escalation
from questions.states import State
from questions.terms import left_s

SOON = timedelta(hours=4)


@dataclass(frozen=True)
class TermWords:
    """`tone` is late, soon, calm or still; the words say the same without a colour."""

    words: str
    tone: str


def in_words(escalation: Escalation, *, now: datetime) -> TermWords:
    """When the answer is due, or since when nothing runs. No query."""
    if escalation.state == State.WAITING:
        since = escalation.waiting_since or now
        return TermWords(_("waits since %(day)s") % {"day": moment(since, now=now)}, "still")
    if escalation.state == State.ANSWERED and escalation.answered_at:
        day = moment(escalation.answered_at, now=now)
        return TermWords(_("answered %(day)s") % {"day": day}, "still")
    if escalation.state == State.CLOSED and escalation.closed_at:
        return TermWords(
            _("closed %(day)s") % {"day": moment(escalation.closed_at, now=now)}, "still"
        )
    if escalation.due_at is None:
        return TermWords(_("no term"), "still")
    if escalation.due_at <= now:
        return TermWords(_late(now - escalation.due_at), "late")
    tone = "soon" if escalation.due_at - now <= SOON else "calm"
    return TermWords(moment(escalation.due_at, now=now), tone)


def left_in_words(escalation: Escalation, *, now: datetime) -> str:
    """ "nog 3 werkuren", in the opening hours of the department; empty when no term runs."""
    if escalation.due_at is None or escalation.due_at <= now:
        return ""
    seconds = left_s(escalation.department, due_at=escalation.due_at, now=now)
    hours = seconds // 3_600
    if not hours:
        minutes = max(1, seconds // 60)
        return ngettext("%(n)s working minute left", "%(n)s working minutes left", minutes) % {
            "n": minutes
        }
    return ngettext("%(n)s working hour left", "%(n)s working hours left", hours) % {"n": hours}


def moment(at: datetime, *, now: datetime) -> str:
    """ "vandaag 15.00 uur", "morgen 12.00 uur", "vr 3 juli 12.00 uur"."""
    local = timezone.localtime(at)
    days = (local.date() - timezone.localtime(now).date()).days
    named = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    same_year = local.year == timezone.localtime(now).year
    day = named.get(days) or date_format(local, "D j F" if same_year else "D j F Y").lower()
    return _("%(day)s %(time)s") % {"day": day, "time": date_format(local, "H.i")}


def _late(late: timedelta) -> str:
    if late < timedelta(hours=1):
        return _("just too late")
    if late < timedelta(days=1):
        hours = int(late.total_seconds() // 3_600)
        return ngettext("%(n)s hour too late", "%(n)s hours too late", hours) % {"n": hours}
    return ngettext("%(n)s day too late", "%(n)s days too late", late.days) % {"n": late.days}
