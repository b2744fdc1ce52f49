"""Which department has a question: sent there, sent on, returned, merged."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from city.models import Department
from common.errors import RuleBroken
from questions import events
from questions.actions.course import (
    PORTAL,
    By,
    by_staff,
    checked_text,
    drop_steps,
    going_on,
    locked,
    move,
    running,
    sent_before,
    update,
    want,
    write,
)
from questions.actions.registering import require_reachable
from questions.models import Entry, Escalation, QuestionRules, Step
from questions.states import OWED_STATES, TO_ROUTE_STATES, Kind, State
from questions.terms import least_term, term_of

LONGEST_REASON = 1_000


@transaction.atomic
def route_chosen(*, escalation: Escalation, now: datetime) -> None:
    """Sends a new question to the department that was chosen when it was registered.

    Done by Celery; idempotent: what was routed already, by whomever, stays where it is. A question
    without a department waits for the contact centre.
    """
    row = locked(escalation)
    if row.state != State.NEW or row.department is None:
        return
    department = successor(row.department)
    if not department.is_active:  # switched off since; the contact centre chooses another one
        update(row, department=None)
        return
    _send_to(row, department, by=PORTAL, now=now, text="", client_ref=None)


@transaction.atomic
def send_to_department(
    *,
    escalation: Escalation,
    department: Department,
    by: User,
    now: datetime,
    client_ref: UUID,
    note: str = "",
) -> Entry:
    """Sends a question to a department, or on to another one; a note tells that one why.

    The promise to the citizen stays, unless it leaves the new department less than the shortest
    term. Idempotent on `client_ref`. Announces `events.passed_on`.

    Raises RuleBroken: no_mailbox, department_gone, same_department, text_too_long, not_allowed_now.
    """
    row = locked(escalation)
    if earlier := sent_before(row, client_ref):
        return earlier
    if row.state not in TO_ROUTE_STATES and row.department_id == department.pk:
        raise RuleBroken("same_department", department=department.name)
    require_reachable(department)
    text = checked_text(note, limit=LONGEST_REASON) if note.strip() else ""
    return _send_to(row, department, by=by_staff(by), now=now, text=text, client_ref=client_ref)


def _send_to(
    row: Escalation,
    department: Department,
    *,
    by: By,
    now: datetime,
    text: str,
    client_ref: UUID | None,
) -> Entry:
    promise = _promise(row, department, now=now)
    was_new = row.state == State.NEW
    move(row, State.ROUTED, department=department, assignee=None, **promise)
    entry = write(row, Kind.ROUTED, by=by, now=now, client_ref=client_ref)
    if text:
        write(row, Kind.NOTE, by=by, now=now, text=text)
    want(row, Step.Kind.TO_DEPARTMENT, now=now, once=str(entry.seq), entry=entry)
    if row.mail and not was_new:  # the receipt says where it went first
        want(row, Step.Kind.MOVED, now=now, once=str(entry.seq), entry=entry)
    events.passed_on.send(Escalation, escalation=row, entry=entry, now=now)
    return entry


def _promise(row: Escalation, department: Department, *, now: datetime) -> dict[str, object]:
    """The promise stays when it leaves the department the shortest term.

    A question that came in without a department gets the term of the one that was chosen.
    """
    rules = QuestionRules.current()
    if row.state == State.WAITING:
        return going_on(row, department=department, rules=rules, now=now)
    if row.state == State.NEW and row.department is None:
        return running(term_of(department, row.urgency, rules=rules, now=now))
    least = least_term(department, rules=rules, now=now)
    if row.state != State.NEW and (row.due_at is None or row.due_at < least.due_at):
        return running(least)
    return {}


@transaction.atomic
def return_question(
    *, escalation: Escalation, reason: str, by: User, now: datetime, client_ref: UUID
) -> Entry:
    """A department says that it is not theirs; the contact centre chooses another one.

    The reason is for colleagues. Idempotent on `client_ref`. Raises RuleBroken: text_empty,
    text_too_long, not_allowed_now.
    """
    row = locked(escalation)
    if earlier := sent_before(row, client_ref):
        return earlier
    text = checked_text(reason, limit=LONGEST_REASON)
    entry = write(row, Kind.RETURNED, by=by_staff(by), now=now, client_ref=client_ref)
    write(row, Kind.NOTE, by=by_staff(by), now=now, text=text)
    resumed = going_on(row, department=None, rules=QuestionRules.current(), now=now)
    move(row, State.RETURNED, department=None, assignee=None, **resumed)
    drop_steps(row, Step.Kind.TO_DEPARTMENT, Step.Kind.REMINDER, Step.Kind.ASK_AGAIN, now=now)
    want(row, Step.Kind.RETURNED, now=now, once=str(entry.seq), entry=entry)
    return entry


def successor(department: Department) -> Department:
    """Where the work of a department is done now: itself, or what it became part of."""
    seen: set[int] = set()
    while department.merged_into is not None and department.pk not in seen:
        seen.add(department.pk)
        department = department.merged_into
    return department


def move_open_questions(*, old: Department, new: Department, by: User | None, now: datetime) -> int:
    """A department became part of another one: its open questions go along, in their state.

    Who has one in hand keeps it when that person came along. In the caller's transaction; returns
    how many.
    """
    rows = Escalation.objects.filter(department=old, state__in=(*OWED_STATES, State.ANSWERED))
    who = by_staff(by) if by else PORTAL
    for row in rows.order_by("pk"):
        held = locked(row)
        update(held, department=new)
        if held.state == State.NEW:  # Celery sends it
            continue
        entry = write(held, Kind.ROUTED, by=who, now=now, code="merged")
        if held.state in OWED_STATES:
            want(held, Step.Kind.TO_DEPARTMENT, now=now, once=str(entry.seq), entry=entry)
    return len(rows)
