"""Working off the outbox of questions: each step is done, however often it takes.

A step is never given up by itself. After a failed attempt it waits, longer each time, then an hour;
after the third, or at once when no mailbox takes it, it is a problem for people to look at
(`stuck_at`), and the portal goes on trying. Of a mail that is killed between the server's yes and
our commit, the same Message-ID goes again: repeated at worst, never lost.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, Q, QuerySet

from common import eventlog
from common.errors import RuleBroken
from common.mail import refused_for_good, server_is_away
from questions import letters
from questions.actions.routing import route_chosen
from questions.models import Step
from questions.wanted import Verdict, verdict

log = logging.getLogger(__name__)
# After each failed attempt; then the last one, for ever.
WAITS_MINUTES = (1, 5, 15, 60)
STUCK_AFTER = 3
# Longer than a run may take, so that two never hold the same step. What a killed run held comes
# back when this is over.
HOLD = timedelta(seconds=40)
RUN_TAKES = 20
RUN_BEGINS_NOTHING_AFTER_S = 8
RECEIPT_WAITS = timedelta(seconds=20)

NO_MAILBOX, REFUSED, CUT_OFF = "no_mailbox", "refused", "cut_off"


def work_off(*, now: datetime) -> int:
    """Does what is due, twenty steps at most; returns how many it took. Never in a transaction.

    Each is claimed first by moving its next attempt, so that of two workers one does it. When the
    mail server is away the other mails wait for the next run.
    """
    took, began = 0, time.monotonic()
    for key, attempts in _next_ones(now):
        if time.monotonic() - began > RUN_BEGINS_NOTHING_AFTER_S:
            return RUN_TAKES  # there is more
        if not _claim(key, attempts, now=now):
            continue
        took += 1
        if not _attempt(key, now=now):
            break
    return took


def open_steps() -> "QuerySet[Step]":
    """What is neither done nor dropped."""
    return Step.objects.filter(done_at=None, dropped_at=None)


def _due(now: datetime) -> "QuerySet[Step]":
    return open_steps().filter(due_at__lte=now)


def _next_ones(now: datetime) -> Iterator[tuple[int, int]]:
    """First what needs no mail server, then the mails, also those that the first asked for."""
    routes = Q(kind=Step.Kind.ROUTE)
    for which in (routes, ~routes):
        rows = _due(now).filter(which).order_by("due_at", "pk")
        yield from rows.values_list("pk", "attempts")[:RUN_TAKES]


def _claim(key: int, attempts: int, *, now: datetime) -> bool:
    """Whether it is ours now. What killed its worker each time does not do so without a pause."""
    hold = HOLD if attempts < STUCK_AFTER else max(HOLD, _wait_after(attempts))
    due = _due(now).filter(pk=key, attempts=attempts)
    return bool(due.update(due_at=now + hold, attempts=F("attempts") + 1))


def _attempt(key: int, *, now: datetime) -> bool:
    """Does a claimed step, or sees to its next attempt; False when the mail server is away."""
    step = _loaded(key)
    if step is None:
        return True
    try:
        _do(step, now=now)
    except SoftTimeLimitExceeded:  # no fault of this step; it comes back when its hold is over
        raise
    except Exception as error:
        _postpone(step, error, now=now)
        return not server_is_away(error)
    return True


def _loaded(key: int) -> Step | None:
    """With all that a mail says, as it is after the claim; None when it was removed meanwhile."""
    joined = ("escalation__question__topic", "escalation__department", "escalation__assignee")
    rows = Step.objects.select_related(*joined, "entry", "department", "person")
    return rows.filter(pk=key).first()


def _do(step: Step, *, now: datetime) -> None:
    if step.attempts > STUCK_AFTER and not step.stuck_at:
        _become_stuck(step, step.error or CUT_OFF, now=now)
    judged = verdict(step, now=now)
    if judged == Verdict.DROP:
        open_steps().filter(pk=step.pk).update(dropped_at=now, stuck_at=None)
    elif judged == Verdict.LATER:
        due_at = now + RECEIPT_WAITS
        Step.objects.filter(pk=step.pk).update(due_at=due_at, attempts=F("attempts") - 1)
    else:
        _carry_out(step, now=now)
        _finish(step, now=now)


def _carry_out(step: Step, *, now: datetime) -> None:
    if step.kind == Step.Kind.ROUTE:
        assert step.escalation
        route_chosen(escalation=step.escalation, now=now)
    else:
        letters.send(step, now=now)


def _finish(step: Step, *, now: datetime) -> None:
    """Done, also when somebody dropped it while it went."""
    Step.objects.filter(pk=step.pk).update(done_at=now, stuck_at=None, error="")
    if step.error in AWAY:
        _release_who_waited(now)


def _release_who_waited(now: datetime) -> None:
    """The mail server is back: who only waited for it goes now, not in an hour.

    Those that another worker holds at this moment are left to it.
    """
    waiting = open_steps().filter(error__in=AWAY, due_at__gt=now + 2 * HOLD)
    waiting.update(due_at=now)


# What an attempt ended in when the mail server could not be spoken to, by the class of the error.
AWAY = (
    *("SMTPConnectError", "SMTPServerDisconnected", "SMTPHeloError", "OSError", "TimeoutError"),
    *("ConnectionRefusedError", "ConnectionResetError", "BrokenPipeError", "gaierror"),
    *("ConnectionAbortedError", "SSLError", "SSLEOFError", "SSLCertVerificationError"),
)


def _postpone(step: Step, error: Exception, *, now: datetime) -> None:
    """Sets the next attempt; the log and the row name the error's class only."""
    code = _code_of(error)
    log.warning("step %s: attempt %s: %s", step.pk, step.attempts, code)
    never_by_itself = code in {NO_MAILBOX, REFUSED}
    wait = timedelta(minutes=WAITS_MINUTES[-1]) if never_by_itself else _wait_after(step.attempts)
    Step.objects.filter(pk=step.pk).update(due_at=now + wait, error=code)
    if never_by_itself or step.attempts >= STUCK_AFTER:
        _become_stuck(step, code, now=now)


def _wait_after(attempts: int) -> timedelta:
    return timedelta(minutes=WAITS_MINUTES[min(max(attempts, 1), len(WAITS_MINUTES)) - 1])


def _code_of(error: Exception) -> str:
    if isinstance(error, RuleBroken):
        return error.code
    return REFUSED if refused_for_good(error) else type(error).__name__[:60]


@transaction.atomic
def _become_stuck(step: Step, code: str, *, now: datetime) -> None:
    """Writes down, once, that people must look at it."""
    if open_steps().filter(pk=step.pk, stuck_at=None).update(stuck_at=now, error=code):
        record(step, "step_stuck", now=now, code=code)


def record(
    step: Step, what: str, *, now: datetime, code: str = "", actor: int | None = None
) -> None:
    """An event about a step: of its question, or of itself when it belongs to none."""
    asked = step.escalation
    eventlog.record(
        f"question.{what}",
        subject=asked.question.public_id if asked else step.message_id,
        at=now,
        actor=actor,
        step=step.kind,
        department=step.department.slug if step.department else "",
        code=code,
    )
