"""Who has a question in hand, and what colleagues tell each other about it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import Role, User
from common.errors import RuleBroken
from questions import access
from questions.actions.course import (
    PORTAL,
    By,
    by_staff,
    checked_text,
    going_on,
    locked,
    move,
    sent_before,
    update,
    want,
    write,
)
from questions.models import Entry, Escalation, QuestionRules, Step
from questions.states import IN_HAND_STATES, TO_ROUTE_STATES, Kind, State

MAX_NOTE = 2_000


@transaction.atomic
def take(*, escalation: Escalation, by: User, now: datetime) -> Escalation:
    """Takes a question in hand; taking what one has already changes nothing.

    Raises RuleBroken: taken_by (name) when a colleague was first, not_allowed_now.
    """
    row = locked(escalation)
    if row.assignee_id == by.pk and row.state in IN_HAND_STATES:
        return row
    if row.assignee is not None and row.state in IN_HAND_STATES:
        raise RuleBroken("taken_by", name=row.assignee.first_name)
    return into_hands(row, by, by=by_staff(by), now=now)


@transaction.atomic
def assign(*, escalation: Escalation, to: User, by: User, now: datetime) -> Escalation:
    """Puts a question into the hands of a colleague of the department, who is mailed.

    Also takes it out of other hands. Raises RuleBroken: not_their_department, not_allowed_now.
    """
    row = locked(escalation)
    if not access.may_be_given(to, row):
        raise RuleBroken("not_their_department", name=to.first_name)
    if row.assignee_id == to.pk and row.state in IN_HAND_STATES:
        return row
    into_hands(row, to, by=by_staff(by), now=now)
    if to.pk != by.pk:
        once = f"{row.last_seq}"
        want(row, Step.Kind.ASSIGNED, now=now, once=once, person=to)
    return row


def into_hands(row: Escalation, to: User, *, by: By, now: datetime) -> Escalation:
    """A locked question goes into these hands; the line names whose they are."""
    if row.state in IN_HAND_STATES:  # from other hands
        update(row, assignee=to)
    else:
        move(row, State.IN_PROGRESS, assignee=to)
    entry = write(row, Kind.TAKEN, by=by, now=now)
    if by.staff != to:
        Entry.objects.filter(pk=entry.pk).update(staff=to, staff_name=to.first_name)
    return row


@transaction.atomic
def give_back(*, escalation: Escalation, by: User | None, now: datetime) -> Escalation:
    """Puts a question back among those of the department that nobody has in hand.

    By nobody: the portal does it when whoever has it in hand left. Raises RuleBroken:
    not_allowed_now, also when no department has it yet.
    """
    row = locked(escalation)
    if row.state == State.ROUTED:
        return row
    if row.state in TO_ROUTE_STATES:  # the table lets them go to a department, which is mailed
        raise RuleBroken("not_allowed_now", state=row.state)
    return _out_of_hands(row, by=by_staff(by) if by else PORTAL, now=now)


def _out_of_hands(row: Escalation, *, by: By, now: datetime) -> Escalation:
    rules = QuestionRules.current()
    resumed = going_on(row, department=row.department, rules=rules, now=now)
    move(row, State.ROUTED, assignee=None, **resumed)
    write(row, Kind.GIVEN_BACK, by=by, now=now)
    return row


def give_back_all_of(*, person: User, by: User | None, now: datetime) -> int:
    """Puts everything that somebody has in hand back among the questions of the departments.

    For who leaves; each question in a transaction of its own. A head gives back what is of the own
    departments only. Returns how many.
    """
    rows = to_give_back(person, by=by)
    for row in rows:
        with transaction.atomic():
            held = locked(row)
            is_same = (held.assignee_id, held.department_id) == (person.pk, row.department_id)
            if is_same and held.can_move(State.ROUTED):
                _out_of_hands(held, by=by_staff(by) if by else PORTAL, now=now)
    return len(rows)


def in_hands_of(person: User) -> list[Escalation]:
    """The open questions that this person has in hand."""
    held = (*IN_HAND_STATES, State.REOPENED)
    return list(Escalation.objects.filter(assignee=person, state__in=held).order_by("pk"))


def to_give_back(person: User, *, by: User | None) -> list[Escalation]:
    """Those of them that `by` may take out of these hands: a supervisor or the portal all."""
    rows = in_hands_of(person)
    if by is None or by.has_role(Role.SUPERVISOR):
        return rows
    led = set(by.memberships.filter(is_head=True).values_list("department", flat=True))
    return [row for row in rows if row.department_id in led]


@transaction.atomic
def write_note(
    *, escalation: Escalation, text: str, by: User, now: datetime, client_ref: UUID
) -> Entry:
    """A note for colleagues; the citizen never reads it. Idempotent on `client_ref`.

    Raises RuleBroken: text_empty, text_too_long.
    """
    row = locked(escalation)
    if earlier := sent_before(row, client_ref):
        return earlier
    clean = checked_text(text, limit=MAX_NOTE)
    return write(row, Kind.NOTE, by=by_staff(by), now=now, text=clean, client_ref=client_ref)
