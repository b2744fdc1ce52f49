"""What was sent from the page of a question, and the one action that it asks for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from city.models import Department
from common.errors import RuleBroken
from questions import access
from questions.actions import answering, handling, routing
from questions.actions.answering import WITHOUT_ANSWER
from questions.actions.course import checked_text
from questions.choices import Do, answer_outcomes
from questions.models import Entry, Escalation, Question
from questions.states import Kind, State

Outcome = Question.Outcome
_WRITES = {
    Do.ASK: {Kind.ASKED_BACK},
    Do.ANSWER: {Kind.ANSWERED, Kind.CLOSED},  # who cannot be reached has no answer
    Do.NOTE: {Kind.NOTE},
    Do.CLOSE: {Kind.CLOSED},
}


@dataclass(frozen=True)
class Sent:
    """One send. `seen` is the last line of the course that stood on the page."""

    do: Do
    client_ref: UUID
    seen: int
    text: str = ""
    outcome: str = ""
    colleague: User | None = None
    department: Department | None = None


def carry_out(*, escalation: Escalation, sent: Sent, by: User, now: datetime) -> str:
    """Does it and returns the sentence that says so.

    Raises RuleBroken: not_allowed, sent_already, replied_since, choose_…, and what the actions do.
    """
    if sent.do != Do.NOTE:
        access.require_handles(by, escalation)
    _refuse_another_text(escalation, sent)
    if sent.do in {Do.ASK, Do.ANSWER, Do.CLOSE}:
        _refuse_unread_reply(escalation, sent)
    return _DOINGS[sent.do](escalation, sent, by, now)


def _refuse_another_text(escalation: Escalation, sent: Sent) -> None:
    """The browser's "back" brings the form with its old ref: a new text must not get lost."""
    earlier = Entry.objects.filter(escalation=escalation, client_ref=sent.client_ref).first()
    if earlier is None or sent.do not in _WRITES:
        return
    if not earlier.text and not sent.text.strip():  # closed without a word
        return
    if earlier.kind not in _WRITES[sent.do] or earlier.text != checked_text(
        sent.text, language=escalation.language
    ):
        raise RuleBroken("sent_already")


def _refuse_unread_reply(escalation: Escalation, sent: Sent) -> None:
    unread = Entry.objects.filter(escalation=escalation, seq__gt=sent.seen, kind=Kind.REPLIED)
    if unread.exists():
        raise RuleBroken("replied_since")


def _take(escalation: Escalation, _sent: Sent, by: User, now: datetime) -> str:
    handling.take(escalation=escalation, by=by, now=now)
    return _("You have this question in hand.")


def _take_over(escalation: Escalation, _sent: Sent, by: User, now: datetime) -> str:
    handling.assign(escalation=escalation, to=by, by=by, now=now)
    return _("You have this question in hand.")


def _assign(escalation: Escalation, sent: Sent, by: User, now: datetime) -> str:
    if sent.colleague is None:
        raise RuleBroken("choose_colleague")
    handling.assign(escalation=escalation, to=sent.colleague, by=by, now=now)
    return _("%(name)s has this question in hand now.") % {"name": sent.colleague.first_name}


def _give_back(escalation: Escalation, _sent: Sent, by: User, now: datetime) -> str:
    handling.give_back(escalation=escalation, by=by, now=now)
    return _("Given back to the department. Nobody has it in hand.")


def _ask(escalation: Escalation, sent: Sent, by: User, now: datetime) -> str:
    answering.ask_citizen(
        escalation=escalation, text=sent.text, by=by, now=now, client_ref=sent.client_ref
    )
    return _("Asked. The term stands still until the citizen replies.")


def _answer(escalation: Escalation, sent: Sent, by: User, now: datetime) -> str:
    outcomes = answer_outcomes(escalation)
    outcome = outcomes[0] if len(outcomes) == 1 else _chosen(sent.outcome, outcomes)
    if outcome == Outcome.CITIZEN_UNREACHABLE:
        return _end(escalation, sent, by, now, outcome)
    answering.answer(
        escalation=escalation,
        text=sent.text,
        by=by,
        now=now,
        client_ref=sent.client_ref,
        outcome=outcome,
    )
    if outcome == Outcome.CALLED_BACK:
        return _("Noted what you told the citizen on the telephone.")
    return _("Answered. The citizen gets it in the chosen way.")


def _note(escalation: Escalation, sent: Sent, by: User, now: datetime) -> str:
    handling.write_note(
        escalation=escalation, text=sent.text, by=by, now=now, client_ref=sent.client_ref
    )
    return _("The note is kept. Only colleagues read it.")


def _pass_on(escalation: Escalation, sent: Sent, by: User, now: datetime) -> str:
    if sent.department is None:
        raise RuleBroken("choose_department")
    routing.send_to_department(
        escalation=escalation,
        department=sent.department,
        by=by,
        now=now,
        client_ref=sent.client_ref,
        note=sent.text,
    )
    return _("Passed on to %(department)s.") % {"department": sent.department.local.name}


def _return(escalation: Escalation, sent: Sent, by: User, now: datetime) -> str:
    routing.return_question(
        escalation=escalation, reason=sent.text, by=by, now=now, client_ref=sent.client_ref
    )
    return _("Returned. The contact centre looks for the right department.")


def _close(escalation: Escalation, sent: Sent, by: User, now: datetime) -> str:
    """The page of an answered question asks for no outcome; what happened since is refused."""
    if not sent.outcome and escalation.state in {State.ANSWERED, State.CLOSED}:
        return _end(escalation, sent, by, now, Outcome.ANSWERED)
    return _end(escalation, sent, by, now, _chosen(sent.outcome, WITHOUT_ANSWER))


def _end(escalation: Escalation, sent: Sent, by: User, now: datetime, outcome: Outcome) -> str:
    answering.close(
        escalation=escalation,
        outcome=outcome,
        text=sent.text,
        by=by,
        now=now,
        client_ref=sent.client_ref,
    )
    return _("The question is closed.")


def _chosen(written: str, outcomes: Sequence[Outcome]) -> Outcome:
    if written not in outcomes:
        raise RuleBroken("choose_outcome")
    return Outcome(written)


_DOINGS: dict[Do, Callable[[Escalation, Sent, User, datetime], str]] = {
    Do.TAKE: _take,
    Do.TAKE_OVER: _take_over,
    Do.ASSIGN: _assign,
    Do.GIVE_BACK: _give_back,
    Do.ASK: _ask,
    Do.ANSWER: _answer,
    Do.NOTE: _note,
    Do.PASS_ON: _pass_on,
    Do.RETURN: _return,
    Do.CLOSE: _close,
}
