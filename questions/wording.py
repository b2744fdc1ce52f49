"""Where a question is and by when its answer comes, in words that a citizen understands."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questions.models import Escalation
from questions.states import State
from questions.terms import contact_centre


def holder(escalation: Escalation) -> str:
    """Which department has it: the contact centre while no other one does."""
    department = escalation.department or contact_centre()
    return str(department.local.name) if department else _("the contact centre")


def where(escalation: Escalation) -> str:
    """One sentence: who has the question now."""
    values = {"department": holder(escalation)}
    if escalation.state in {State.NEW, State.RETURNED} and escalation.department is None:
        return _("The contact centre looks for the right department for your question.")
    if escalation.state == State.WAITING:
        return _("The department %(department)s has asked you something.") % values
    if escalation.state == State.ANSWERED:
        return _("The department %(department)s has answered your question.") % values
    if escalation.state == State.CLOSED:
        return _("Your question is closed.")
    return _("Your question is with the department %(department)s.") % values


def promise(escalation: Escalation, *, now: datetime) -> str:
    """One sentence: by when the answer comes; empty when nothing is owed."""
    if escalation.state == State.WAITING:
        return _("We go on as soon as you have replied.")
    if escalation.due_at is None:
        return ""
    if escalation.due_at <= now:
        return _("You should have had an answer by %(day)s. We are late; our apologies.") % {
            "day": day_of(escalation.due_at)
        }
    return _("You get an answer by %(day)s at the latest.") % {"day": day_of(escalation.due_at)}


def passed_on(escalation: Escalation, *, now: datetime) -> str:
    """What a citizen is told when the question goes on: where it went and the promise."""
    if escalation.department is None:
        went = where(escalation)
    else:
        went = _("Your question was passed on to the department %(department)s.") % {
            "department": holder(escalation)
        }
    return f"{went} {promise(escalation, now=now)}".strip()


def day_of(moment: datetime) -> str:
    """ "vrijdag 3 juli", with the year when it is another one."""
    local = timezone.localtime(moment)
    same_year = local.year == timezone.localdate().year
    return date_format(local, "l j F" if same_year else "l j F Y")


def reply_label(escalation: Escalation) -> str:
    """What stands above the field for a reply."""
    if escalation.state == State.WAITING:
        return _("Your answer to the department %(department)s") % {
            "department": holder(escalation)
        }
    if escalation.state in {State.ANSWERED, State.CLOSED}:
        return _("What do you still want to know?")
    return _("What do you want to add?")


def spoken(reference: str) -> str:
    """ "HAS, 2026, 004217, letter K": a reference as it is said on the telephone."""
    city, year, number, letter = reference.split("-")
    return _("%(city)s, %(year)s, %(number)s, letter %(letter)s") % {
        "city": city,
        "year": year,
        "number": number,
        "letter": letter,
    }
