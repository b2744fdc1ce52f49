"""What happens to questions when time passes and nobody does anything.

Each job finds its questions by a due row and does one at a time: under the lock of that question,
looked at again, in a transaction of its own. So a lost, late or doubled run does no harm, and one
question that fails keeps no other one from its turn.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import override

from accounts.models import Role, RoleGrant
from city.models import Absence, Membership
from questions import access
from questions.actions import answering, handling, routing
from questions.actions.course import PORTAL, locked, record, update, want
from questions.citizen_mails import word_to_unreachable
from questions.models import Escalation, EscalationQuerySet, Question, QuestionRules, Step
from questions.states import IN_HAND_STATES, OWED_STATES, State

log = logging.getLogger(__name__)
Find = Callable[[datetime], "QuerySet[Escalation]"]
Do = Callable[[Escalation, datetime], None]
MOST_OF_A_JOB = 200
BEGINS_NOTHING_AFTER_S = 35
# A question that was registered this very moment gets its step in the same transaction; this is for
# one whose step was removed by hand.
ROUTE_MISSED_AFTER = timedelta(minutes=1)


def chase(*, now: datetime) -> int:
    """Does what is due; returns how many questions. The first failure is raised at the end."""
    began, done = time.monotonic(), 0
    failures: list[Exception] = []
    for find, do in JOBS:
        for key in list(find(now).order_by("pk").values_list("pk", flat=True)[:MOST_OF_A_JOB]):
            if time.monotonic() - began > BEGINS_NOTHING_AFTER_S:
                break
            try:
                done += _one(key, find, do, now=now)
            except SoftTimeLimitExceeded:
                raise
            except Exception as failure:
                log.warning("chase: %s of question %s failed", do.__name__, key)
                failures.append(failure)
    if failures:
        raise failures[0]
    return done


@transaction.atomic
def _one(key: int, find: Find, do: Do, *, now: datetime) -> bool:
    """Whether it was still due when we had the lock, and so was done."""
    row = locked(Escalation(pk=key))
    if not find(now).filter(pk=key).exists():
        return False
    do(row, now)
    return True


# --- nobody without an owner ---------------------------------------------------------------------


def _never_routed(now: datetime) -> EscalationQuerySet:
    """A department was chosen, and no step will send it there."""
    routes = Step.objects.filter(kind=Step.Kind.ROUTE, done_at=None, dropped_at=None)
    return Escalation.objects.filter(
        ~Exists(routes.filter(escalation=OuterRef("pk"))),
        state=State.NEW,
        department__isnull=False,
        passed_on_at__lte=now - ROUTE_MISSED_AFTER,
    )


def _ask_for_route(row: Escalation, now: datetime) -> None:
    want(row, Step.Kind.ROUTE, now=now, once=_once(now))


def _in_merged_department(now: datetime) -> EscalationQuerySet:
    """Sent to a department at the moment at which that one became part of another."""
    states = (*OWED_STATES, State.ANSWERED)
    return Escalation.objects.filter(department__merged_into__isnull=False, state__in=states)


def _follow_merged(row: Escalation, now: datetime) -> None:
    routing.follow_merged(row, now=now)


def _in_lost_hands(now: datetime) -> EscalationQuerySet:
    """Whoever has it in hand left: switched off, without the role, or out of the department.

    Who stood in for a member of the department finishes what was begun then.
    """
    held = OuterRef("assignee")
    roles = RoleGrant.objects.filter(user=held)
    at_home = Membership.objects.filter(user=held, department=OuterRef("department"))
    stood_in = Absence.objects.filter(
        stand_in=held, user__memberships__department=OuterRef("department")
    )
    lost = (
        Q(assignee__is_active=False)
        | ~Exists(roles.filter(role__in=access.INBOX_ROLES))
        | ~(Exists(roles.filter(role=Role.SUPERVISOR)) | Exists(at_home) | Exists(stood_in))
    )
    states = (*IN_HAND_STATES, State.REOPENED)
    return Escalation.objects.filter(lost, assignee__isnull=False, state__in=states)


def _give_back(row: Escalation, now: datetime) -> None:
    """Among those of the department that nobody has in hand; the department is mailed."""
    given = handling.give_back(escalation=row, by=None, now=now)
    want(given, Step.Kind.TO_DEPARTMENT, now=now, once=str(given.last_seq))


# --- terms ---------------------------------------------------------------------------------------


def _to_remind(now: datetime) -> EscalationQuerySet:
    return Escalation.objects.owed().filter(remind_at__lte=now, due_at__gt=now, reminded_at=None)


def _remind(row: Escalation, now: datetime) -> None:
    assert row.due_at
    update(row, reminded_at=now)
    record(row, "reminded", by=PORTAL, now=now)
    want(row, Step.Kind.REMINDER, now=now, once=_once(row.due_at))


def _late(now: datetime) -> EscalationQuerySet:
    return Escalation.objects.overdue(now).filter(overdue_at=None)


def _tell_head(row: Escalation, now: datetime) -> None:
    assert row.due_at
    update(row, overdue_at=now)
    record(row, "overdue", by=PORTAL, now=now)
    want(row, Step.Kind.OVERDUE, now=now, once=_once(row.due_at))


# --- citizens ------------------------------------------------------------------------------------


def _silent_since(now: datetime, days: int) -> EscalationQuerySet:
    until = now - timedelta(days=days)
    return Escalation.objects.filter(state=State.WAITING, waiting_since__lte=until)


def _to_ask_again(now: datetime) -> EscalationQuerySet:
    asked = Step.objects.filter(kind=Step.Kind.ASK_AGAIN, asked_at__gte=OuterRef("waiting_since"))
    silent = _silent_since(now, QuestionRules.current().ask_again_days).exclude(mail="")
    return silent.filter(~Exists(asked.filter(escalation=OuterRef("pk"))))


def _ask_again(row: Escalation, now: datetime) -> None:
    assert row.waiting_since
    want(row, Step.Kind.ASK_AGAIN, now=now, once=_once(row.waiting_since))


def _unreachable(now: datetime) -> EscalationQuerySet:
    return _silent_since(now, QuestionRules.current().unreachable_days)


def _close_unreachable(row: Escalation, now: datetime) -> None:
    with override(row.language):
        word = word_to_unreachable()
    outcome = Question.Outcome.CITIZEN_UNREACHABLE
    answering.close(escalation=row, outcome=outcome, text=word, by=None, now=now)


def _answered_long_ago(now: datetime) -> EscalationQuerySet:
    return Escalation.objects.filter(state=State.ANSWERED, closes_at__lte=now)


def _close_answered(row: Escalation, now: datetime) -> None:
    outcome = Question.Outcome(row.question.outcome)
    answering.close(escalation=row, outcome=outcome, text="", by=None, now=now)


def _once(moment: datetime) -> str:
    return str(int(moment.timestamp()))


JOBS: tuple[tuple[Find, Do], ...] = (
    (_never_routed, _ask_for_route),
    (_in_merged_department, _follow_merged),
    (_in_lost_hands, _give_back),
    (_late, _tell_head),
    (_to_remind, _remind),
    (_unreachable, _close_unreachable),
    (_to_ask_again, _ask_again),
    (_answered_long_ago, _close_answered),
)
