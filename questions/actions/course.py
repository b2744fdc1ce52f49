"""What every action on a question does: lock it, move it by the table, write, ask for work.

The row of the question is the one lock; nothing else is locked after it. Work for later (a mail)
is a row of the outbox, written in the same transaction, and a bell for Celery after the commit.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import override

from accounts.models import User
from city.models import Department
from common import eventlog, texts
from common.background import wake_after_commit
from common.errors import RuleBroken
from questions.models import Entry, Escalation, QuestionRules, Step
from questions.states import Author, Kind, State
from questions.terms import Term, left_s, resumed_term

MAX_TEXT = 5_000
WORK_OFF = "questions.tasks.work_off"


@dataclass(frozen=True)
class By:
    """Who does it: a member of staff, or else the citizen or the portal itself."""

    author: Author
    staff: User | None = None

    @property
    def staff_id(self) -> int | None:
        return self.staff.pk if self.staff else None


CITIZEN, PORTAL = By(Author.CITIZEN), By(Author.PORTAL)


def by_staff(user: User) -> By:
    return By(Author.STAFF, user)


def locked(escalation: Escalation) -> Escalation:
    """The row as it is now, held until the transaction ends; raises RuleBroken("not_found")."""
    # Joined rows are read apart: PostgreSQL cannot lock what an outer join may leave out.
    row = Escalation.objects.select_for_update(of=("self",)).filter(anonymised_at=None)
    try:
        return row.select_related("question").get(pk=escalation.pk)
    except Escalation.DoesNotExist:
        raise RuleBroken("not_found") from None


def sent_before(escalation: Escalation, client_ref: UUID | None) -> Entry | None:
    """The line that this very send wrote earlier: a double click, or an answer that was lost."""
    if client_ref is None:
        return None
    return Entry.objects.filter(escalation=escalation, client_ref=client_ref).first()


def checked_text(text: str, *, language: str = "nl", limit: int = MAX_TEXT) -> str:
    """A text as it will be stored; raises RuleBroken: text_empty, text_too_long."""
    with override(language):
        return texts.checked(text, limit=limit)


def move(escalation: Escalation, to: State, **changes: object) -> None:
    """Takes a locked question to another state; raises RuleBroken("not_allowed_now", state=…)."""
    if not escalation.can_move(to):
        raise RuleBroken("not_allowed_now", state=escalation.state)
    update(escalation, state=to, **changes)


def update(escalation: Escalation, **changes: object) -> None:
    for name, value in changes.items():
        setattr(escalation, name, value)
    escalation.save(update_fields=list(changes))


def write(
    escalation: Escalation,
    kind: Kind,
    *,
    by: By,
    now: datetime,
    text: str = "",
    code: str = "",
    client_ref: UUID | None = None,
) -> Entry:
    """The next line in the course of a locked question, and its event."""
    escalation.last_seq += 1
    escalation.save(update_fields=["last_seq"])
    department = escalation.department
    entry = Entry.objects.create(
        escalation=escalation,
        seq=escalation.last_seq,
        kind=kind,
        author=by.author,
        staff=by.staff,
        staff_name=by.staff.first_name if by.staff else "",
        department_name=department.name if department else "",
        text=text,
        code=code,
        client_ref=client_ref,
        at=now,
    )
    record(escalation, kind, by=by, now=now, code=code)
    return entry


def record(escalation: Escalation, what: str, *, by: By, now: datetime, code: str = "") -> None:
    """An event of the question: `question.<what>`, for every figure later."""
    department = escalation.department
    eventlog.record(
        f"question.{what}",
        subject=escalation.question.public_id,
        at=now,
        actor=by.staff_id,
        channel=escalation.question.channel,
        department=department.slug if department else "",
        state=escalation.state,
        code=code,
    )


def want(
    escalation: Escalation,
    kind: Step.Kind,
    *,
    now: datetime,
    once: str,
    entry: Entry | None = None,
    person: User | None = None,
) -> None:
    """Asks for a step, in the transaction of what makes it needed; asking again changes nothing.

    `once` names it among the steps of this kind: the number of a line, a day.
    """
    Step.objects.get_or_create(
        key=f"{escalation.question.public_id.hex}:{kind}:{once}",
        defaults={
            "kind": kind,
            "escalation": escalation,
            "department": escalation.department,
            "entry": entry,
            "person": person,
            "asked_at": now,
            "due_at": now,
        },
    )
    wake_after_commit(WORK_OFF)


def drop_steps(escalation: Escalation, *kinds: Step.Kind, now: datetime) -> None:
    """What was still to be mailed is no longer wanted."""
    open_steps = Step.objects.filter(escalation=escalation, done_at=None, dropped_at=None)
    open_steps.filter(kind__in=kinds).update(dropped_at=now)


def running(term: Term) -> dict[str, object]:
    """What changes with a new promise; reminder and overdue begin anew."""
    return {
        "due_at": term.due_at,
        "remind_at": term.remind_at,
        "reminded_at": None,
        "overdue_at": None,
        "term_left_s": None,
        "waiting_since": None,
    }


def ended() -> dict[str, object]:
    """What changes when nothing is promised any more."""
    return {"due_at": None, "remind_at": None, "term_left_s": None, "waiting_since": None}


def standing_still(escalation: Escalation, *, now: datetime) -> dict[str, object]:
    """What changes when the citizen must reply: no term runs, what was left of it is kept.

    Asked once more while it waits: the citizen gets the whole time to reply to that too.
    """
    if escalation.state == State.WAITING:
        return {"waiting_since": now}
    due_at = escalation.due_at
    left = left_s(escalation.department, due_at=due_at, now=now) if due_at else 0
    return {**ended(), "term_left_s": left, "waiting_since": now}


def going_on(
    escalation: Escalation,
    *,
    department: Department | None,
    rules: QuestionRules,
    now: datetime,
) -> dict[str, object]:
    """What changes when a question that waited for its citizen is at a department's again.

    Nothing for one that did not wait. The term goes on with what was left, at least the shortest
    term: a reply at the last minute must not make it overdue at once.
    """
    if escalation.state != State.WAITING:
        return {}
    left = max(3_600 * rules.least_term_hours, escalation.term_left_s or 0)
    return running(resumed_term(department, left, rules=rules, now=now))
