"""To whom a step of the outbox goes, as it is at this moment.

One step is one mail with one Message-ID, also when several people get it: their addresses all stand
in it. It counts as sent when the server took it for one of them.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils import timezone

from accounts.models import Role, User
from city.models import Absence, CityContact
from common.errors import RuleBroken
from questions.actions.routing import successor
from questions.models import Escalation, Step
from questions.terms import contact_centre

Kind = Step.Kind


def recipients(step: Step, *, now: datetime) -> list[str]:
    """The addresses, at least one; raises RuleBroken("no_mailbox")."""
    found = list(dict.fromkeys(_BY_KIND[Kind(step.kind)](step, now)))
    if not found:
        raise RuleBroken("no_mailbox")
    return found


def contact_centre_mailbox() -> str:
    """Where a person of the contact centre reads mail; empty when the city has not said."""
    centre = contact_centre()
    return (centre.email if centre else "") or CityContact.current().email


def _citizen(step: Step, now: datetime) -> list[str]:
    return _filled([_question(step).mail])


def _mailbox(step: Step, now: datetime) -> list[str]:
    """Of the department that has the question; of the contact centre while none has."""
    department = step.escalation.department if step.escalation else step.department
    if department is None:
        return _contact_centre(step, now)
    return _filled([successor(department).email])


def _in_hand(step: Step, now: datetime) -> list[str]:
    """Who has it in hand, and who stands in today; else the mailbox of the department."""
    person = _question(step).assignee
    if person is None or not person.is_active:
        return _mailbox(step, now)
    return _with_stand_in(person, now)


def _given_to(step: Step, now: datetime) -> list[str]:
    return _with_stand_in(step.person, now) if step.person else []


def _heads(step: Step, now: datetime) -> list[str]:
    """The heads of the department, or who watches over the contact centre."""
    department = _question(step).department or contact_centre()
    heads = User.objects.filter(is_active=True, memberships__is_head=True)
    found = heads.filter(memberships__department=successor(department)) if department else heads[:0]
    return _mails(found) or _supervisors() or _filled([contact_centre_mailbox()])


def _contact_centre(step: Step, now: datetime) -> list[str]:
    return _filled([contact_centre_mailbox()]) or _supervisors()


def _supervisors() -> list[str]:
    return _mails(User.objects.filter(is_active=True, role_grants__role=Role.SUPERVISOR))


def _with_stand_in(person: User, now: datetime) -> list[str]:
    today = timezone.localdate(now)
    absences = Absence.objects.on(today).filter(user=person, stand_in__is_active=True)
    return _filled([person.email, *absences.values_list("stand_in__email", flat=True)])


def _mails(people: Iterable[User]) -> list[str]:
    return sorted({person.email for person in people})


def _filled(addresses: Iterable[str]) -> list[str]:
    return [address for address in addresses if address]


def _question(step: Step) -> Escalation:
    assert step.escalation, "only the test of a mailbox stands apart from a question"
    return step.escalation


_BY_KIND: dict[Kind, Callable[[Step, datetime], list[str]]] = {
    Kind.RECEIPT: _citizen,
    Kind.TO_DEPARTMENT: _mailbox,
    Kind.ASSIGNED: _given_to,
    Kind.ASKED_BACK: _citizen,
    Kind.REPLIED: _in_hand,
    Kind.ANSWER: _citizen,
    Kind.MOVED: _citizen,
    Kind.RETURNED: _contact_centre,
    Kind.REMINDER: _in_hand,
    Kind.OVERDUE: _heads,
    Kind.ASK_AGAIN: _citizen,
    Kind.CLOSED: _citizen,
    Kind.MAILBOX_TEST: _mailbox,
}
