"""Whether a step of the outbox is still wanted when its turn comes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from questions.models import Escalation, Step
from questions.states import OWED_STATES, State

Kind = Step.Kind
# A receipt says where the question went, so it goes after it; but it does not wait for ever.
RECEIPT_WAITS_AT_MOST = timedelta(minutes=5)


class Verdict(Enum):
    GO = "go"
    DROP = "drop"
    LATER = "later"


def verdict(step: Step, *, now: datetime) -> Verdict:
    """What is to be done with a step now."""
    asked = step.escalation
    if step.dropped_at:
        return Verdict.DROP
    if asked is None:
        return Verdict.GO if step.kind == Kind.MAILBOX_TEST else Verdict.DROP
    if asked.anonymised_at or not _CONDITIONS[Kind(step.kind)](step, asked):
        return Verdict.DROP
    if step.kind == Kind.RECEIPT and _waits_for_its_department(asked):
        return Verdict.LATER if now < step.asked_at + RECEIPT_WAITS_AT_MOST else Verdict.GO
    return Verdict.GO


def _waits_for_its_department(asked: Escalation) -> bool:
    return asked.state == State.NEW and asked.department_id is not None


def _always(step: Step, asked: Escalation) -> bool:
    return True


def _is_owed(step: Step, asked: Escalation) -> bool:
    return asked.state in OWED_STATES


def _is_with_them(step: Step, asked: Escalation) -> bool:
    """The city owes an answer, and the same department has it as when this was asked for."""
    return _is_owed(step, asked) and asked.department_id == step.department_id


def _runs_with_them(step: Step, asked: Escalation) -> bool:
    """And a term runs: an answer is expected of them."""
    return _is_with_them(step, asked) and asked.due_at is not None


def _is_overdue(step: Step, asked: Escalation) -> bool:
    return _runs_with_them(step, asked) and asked.overdue_at is not None


def _has_it(step: Step, asked: Escalation) -> bool:
    return _is_owed(step, asked) and asked.assignee_id == step.person_id


def _stands(state: State) -> Callable[[Step, Escalation], bool]:
    def condition(step: Step, asked: Escalation) -> bool:
        return asked.state == state

    return condition


_CONDITIONS: dict[Kind, Callable[[Step, Escalation], bool]] = {
    Kind.ROUTE: _always,
    Kind.RECEIPT: _always,
    Kind.TO_DEPARTMENT: _is_with_them,
    Kind.ASSIGNED: _has_it,
    Kind.ASKED_BACK: _stands(State.WAITING),
    Kind.REPLIED: _is_owed,
    Kind.ANSWER: _always,
    Kind.MOVED: _is_with_them,
    Kind.RETURNED: _stands(State.RETURNED),
    Kind.REMINDER: _runs_with_them,
    Kind.OVERDUE: _is_overdue,
    Kind.ASK_AGAIN: _stands(State.WAITING),
    Kind.CLOSED: _stands(State.CLOSED),
    Kind.MAILBOX_TEST: _always,
}
