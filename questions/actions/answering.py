"""Asking the citizen back, answering, closing, and the replies of the citizen."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import RuleBroken
from questions import events
from questions.actions.course import (
    CITIZEN,
    PORTAL,
    by_staff,
    checked_text,
    drop_steps,
    ended,
    going_on,
    locked,
    move,
    running,
    sent_before,
    standing_still,
    want,
    write,
)
from questions.actions.handling import into_hands
from questions.actions.routing import successor
from questions.models import Entry, Escalation, Question, QuestionRules, Step
from questions.states import IN_HAND_STATES, Author, Kind, State, Way
from questions.terms import term_of

Outcome = Question.Outcome
# How a question may end, by who ends it without the citizen's answer.
ENDINGS = (
    Outcome.ANSWERED,
    Outcome.CALLED_BACK,
    Outcome.CITIZEN_UNREACHABLE,
    Outcome.DEPARTMENT_UNREACHABLE,
    Outcome.NOT_FOR_CITY,
)
WITHOUT_ANSWER = (
    Outcome.NOT_FOR_CITY,
    Outcome.CITIZEN_UNREACHABLE,
    Outcome.DEPARTMENT_UNREACHABLE,
)


@transaction.atomic
def ask_citizen(
    *, escalation: Escalation, text: str, by: User, now: datetime, client_ref: UUID
) -> Entry:
    """Asks the citizen something; the term stands still until the reply.

    Who asks has the question in hand from then on. Idempotent on `client_ref`. Announces
    `events.asked_back`. Raises RuleBroken: text_empty, text_too_long, no_mail_to_ask (who can only
    be called, also when the chat is over, is called), taken_by, not_allowed_now.
    """
    row = locked(escalation)
    if earlier := sent_before(row, client_ref):
        return earlier
    clean = checked_text(text, language=row.language)
    if not row.mail and row.way != Way.CHAT:
        raise RuleBroken("no_mail_to_ask")
    _in_own_hands(row, by, now=now)
    drop_steps(row, Step.Kind.ASK_AGAIN, now=now)  # of what was asked before
    move(row, State.WAITING, **standing_still(row, now=now))
    entry = write(row, Kind.ASKED_BACK, by=by_staff(by), now=now, text=clean, client_ref=client_ref)
    if row.mail:
        want(row, Step.Kind.ASKED_BACK, now=now, once=str(entry.seq), entry=entry)
    told = events.asked_back.send(Escalation, escalation=row, entry=entry, now=now)
    _require_reached(row, told)
    return entry


@transaction.atomic
def answer(
    *,
    escalation: Escalation,
    text: str,
    by: User,
    now: datetime,
    client_ref: UUID,
    outcome: Outcome = Outcome.ANSWERED,
) -> Entry:
    """Answers; the citizen gets it by the chosen way. After a call it says what was told.

    Idempotent on `client_ref`. Announces `events.answered`. Raises RuleBroken: text_empty,
    text_too_long, answered_already and closed_already (name: somebody was first; nothing is sent
    twice), taken_by, no_mail_to_ask (the chat is over and there is only a telephone number),
    not_allowed_now.
    """
    row = locked(escalation)
    if earlier := sent_before(row, client_ref):
        return earlier
    clean = checked_text(text, language=row.language)
    _refuse_ended(row)
    _in_own_hands(row, by, now=now)
    rules = QuestionRules.current()
    move(
        row,
        State.ANSWERED,
        answered_at=now,
        closes_at=now + timedelta(days=rules.close_after_days),
        **ended(),
    )
    _set_outcome(row, outcome)
    entry = write(
        row,
        Kind.ANSWERED,
        by=by_staff(by),
        now=now,
        text=clean,
        code=outcome,
        client_ref=client_ref,
    )
    drop_steps(row, Step.Kind.REMINDER, Step.Kind.OVERDUE, Step.Kind.ASK_AGAIN, now=now)
    if row.mail and outcome != Outcome.CALLED_BACK:
        want(row, Step.Kind.ANSWER, now=now, once=str(entry.seq), entry=entry)
    told = events.answered.send(Escalation, escalation=row, entry=entry, now=now)
    if outcome != Outcome.CALLED_BACK:
        _require_reached(row, told)
    return entry


@transaction.atomic
def close(
    *,
    escalation: Escalation,
    outcome: Outcome,
    text: str,
    by: User | None,
    now: datetime,
    client_ref: UUID | None = None,
) -> Entry | None:
    """Closes a question: an answered one, or one that ends without an answer, with a word why.

    The citizen is mailed the word. By nobody: the time after an answer is over, and closing again
    changes nothing. Idempotent on `client_ref`. Announces `events.closed`. Raises RuleBroken:
    text_empty (an end without answer needs a word), text_too_long, closed_already (name: somebody
    was first), answered_already (name: it was to end without an answer), not_allowed_now.
    """
    row = locked(escalation)
    if earlier := sent_before(row, client_ref):
        return earlier
    was_answered = row.state == State.ANSWERED
    if by is None and row.state == State.CLOSED:
        return None
    if by and (row.state == State.CLOSED or (was_answered and outcome in WITHOUT_ANSWER)):
        _refuse_ended(row)
    if by and not was_answered and outcome not in WITHOUT_ANSWER:
        raise RuleBroken("not_allowed_now", state=row.state)  # opened again since it was looked at
    clean = "" if was_answered and not text.strip() else checked_text(text, language=row.language)
    move(row, State.CLOSED, closed_at=now, closes_at=None, **ended())
    if not was_answered:
        _set_outcome(row, outcome)
    who = by_staff(by) if by else PORTAL
    entry = write(
        row,
        Kind.CLOSED,
        by=who,
        now=now,
        text=clean,
        code=row.question.outcome,
        client_ref=client_ref,
    )
    drop_steps(
        row,
        *(Step.Kind.ROUTE, Step.Kind.TO_DEPARTMENT, Step.Kind.REMINDER, Step.Kind.OVERDUE),
        *(Step.Kind.ASK_AGAIN, Step.Kind.RETURNED),
        now=now,
    )
    if row.mail and clean:
        want(row, Step.Kind.CLOSED, now=now, once=str(entry.seq), entry=entry)
    events.closed.send(Escalation, escalation=row, entry=entry, now=now)
    return entry


@transaction.atomic
def close_satisfied(*, escalation: Escalation, now: datetime) -> None:
    """The citizen says that the answer helped. Again changes nothing; raises not_allowed_now."""
    row = locked(escalation)
    if row.state == State.CLOSED:
        return
    if row.state != State.ANSWERED:  # the table lets staff close it earlier, with an outcome
        raise RuleBroken("not_allowed_now", state=row.state)
    move(row, State.CLOSED, closed_at=now, closes_at=None)
    entry = write(row, Kind.CLOSED, by=CITIZEN, now=now, code=row.question.outcome)
    events.closed.send(Escalation, escalation=row, entry=entry, now=now)


@transaction.atomic
def reply(*, escalation: Escalation, text: str, now: datetime, client_ref: UUID) -> Entry:
    """The citizen replies on the status page; after an answer that opens the question again.

    Idempotent on `client_ref`. Raises RuleBroken: text_empty, text_too_long, reply_too_late (when
    it was closed too long ago), too_many_replies.
    """
    row = locked(escalation)
    if earlier := sent_before(row, client_ref):
        return earlier
    clean = checked_text(text, language=row.language)
    if Entry.objects.filter(escalation=row, kind=Kind.REPLIED).count() >= MOST_REPLIES:
        raise RuleBroken("too_many_replies")
    rules = QuestionRules.current()
    if row.state in {State.ANSWERED, State.CLOSED}:
        _reopen(row, rules, now=now)
    elif row.state == State.WAITING:
        resumed = going_on(row, department=row.department, rules=rules, now=now)
        move(row, State.IN_PROGRESS, **resumed)
        drop_steps(row, Step.Kind.ASK_AGAIN, now=now)
    entry = write(row, Kind.REPLIED, by=CITIZEN, now=now, text=clean, client_ref=client_ref)
    want(row, Step.Kind.REPLIED, now=now, once=str(entry.seq), entry=entry)
    return entry


MOST_REPLIES = 50  # of one question; who has more to say calls


def _reopen(row: Escalation, rules: QuestionRules, *, now: datetime) -> None:
    until = row.may_reopen_until(rules)
    if until is None or now > until:
        raise RuleBroken("reply_too_late")
    if row.department is None:  # closed without ever having had one
        raise RuleBroken("reply_too_late")
    department = successor(row.department)
    keeps = row.assignee if row.assignee and row.assignee.is_active else None
    term = term_of(department, row.urgency, rules=rules, now=now)
    move(
        row,
        State.REOPENED,
        department=department,
        assignee=keeps,
        closed_at=None,
        closes_at=None,
        answered_at=None,
        **running(term),
    )
    _set_outcome(row, "")
    write(row, Kind.REOPENED, by=CITIZEN, now=now)
    if not department.is_active:  # switched off since: the contact centre chooses another one
        returned = write(row, Kind.RETURNED, by=PORTAL, now=now)
        move(row, State.RETURNED, department=None, assignee=None)
        want(row, Step.Kind.RETURNED, now=now, once=str(returned.seq), entry=returned)


def _in_own_hands(row: Escalation, by: User, *, now: datetime) -> None:
    """Who asks or answers has it; a colleague's question is taken over openly, not by accident."""
    if row.state not in IN_HAND_STATES:
        into_hands(row, by, by=by_staff(by), now=now)
    elif row.assignee and row.assignee_id != by.pk:
        raise RuleBroken("taken_by", name=row.assignee.first_name)


def _require_reached(row: Escalation, told: list[tuple[Any, Any]]) -> None:
    """Raises RuleBroken("no_mail_to_ask"): there is no mail, and the chat is over by now."""
    if row.way == Way.CHAT and not row.mail and not any(said for _receiver, said in told):
        raise RuleBroken("no_mail_to_ask")


def _refuse_ended(row: Escalation) -> None:
    if row.state == State.ANSWERED:
        raise RuleBroken("answered_already", name=_who(row, Kind.ANSWERED))
    if row.state == State.CLOSED:
        raise RuleBroken("closed_already", name=_who(row, Kind.CLOSED))


def _who(row: Escalation, did: Kind) -> str:
    """Who wrote the newest line of this kind."""
    last = Entry.objects.filter(escalation=row, kind=did).order_by("seq").last()
    if last and last.staff_name:
        return last.staff_name
    return _("The citizen") if last and last.author == Author.CITIZEN else _("The portal")


def _set_outcome(row: Escalation, outcome: str) -> None:
    row.question.outcome = outcome
    row.question.save(update_fields=["outcome"])
