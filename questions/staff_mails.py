"""What the portal mails colleagues about a question. No contact data: those stay in the portal."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from questions.mail_words import Words, moment_of, with_reference
from questions.models import Entry, Escalation, Step
from questions.states import Kind as Line
from questions.states import Urgency
from questions.wording import holder

Kind = Step.Kind


def _to_department(step: Step, asked: Escalation) -> Words:
    subject = _("Question for %(department)s") % {"department": holder(asked)}
    return _about(
        asked,
        subject=with_reference(_urgent(subject, asked), asked),
        lines=[_("There is a question for the department %(name)s.") % {"name": holder(asked)}],
    )


def _assigned(step: Step, asked: Escalation) -> Words:
    return _about(
        asked,
        subject=with_reference(_urgent(_("A question for you"), asked), asked),
        lines=[_("A colleague gave you this question. You have it in hand now.")],
    )


def _replied(step: Step, asked: Escalation) -> Words:
    return Words(
        subject=with_reference(_("The citizen replied"), asked),
        lines=[_("The citizen wrote something about this question.")],
        facts=_facts(asked),
        quoted_as=_("The citizen writes:"),
        quoted=step.entry.text if step.entry else "",
        link=_("Open the question"),
    )


def _returned(step: Step, asked: Escalation) -> Words:
    entry = step.entry
    sentence = _("%(department)s says that this question is not theirs. Choose another department.")
    return Words(
        subject=with_reference(_urgent(_("A question came back"), asked), asked),
        lines=[sentence % {"department": entry.department_name if entry else ""}],
        facts=_facts(asked),
        quoted_as=_("The reason:"),
        quoted=_reason(entry),
        link=_("Open the question"),
    )


def _reminder(step: Step, asked: Escalation) -> Words:
    return _about(
        asked,
        subject=with_reference(_urgent(_("Reminder: a citizen waits for an answer"), asked), asked),
        lines=[_("Most of the time for this question is over."), _who_has_it(asked)],
    )


def _overdue(step: Step, asked: Escalation) -> Words:
    late = _("This question is too late. The citizen should have had an answer by now.")
    return _about(
        asked,
        subject=with_reference(_urgent(_("Too late: a citizen waits for an answer"), asked), asked),
        lines=[late, _who_has_it(asked)],
    )


STAFF_MAILS: dict[str, Callable[[Step, Escalation], Words]] = {
    Kind.TO_DEPARTMENT: _to_department,
    Kind.ASSIGNED: _assigned,
    Kind.REPLIED: _replied,
    Kind.RETURNED: _returned,
    Kind.REMINDER: _reminder,
    Kind.OVERDUE: _overdue,
}


def mailbox_test(step: Step) -> Words:
    """Is there somebody behind the address of a department?"""
    name = step.department.name if step.department else ""
    return Words(
        subject=_("Test of the mailbox of %(department)s") % {"department": name},
        lines=[
            _("This is a test. Questions for the department %(name)s will arrive in this mailbox.")
            % {"name": name},
            _("You do not have to do anything."),
        ],
    )


def _about(asked: Escalation, *, subject: str, lines: list[str]) -> Words:
    """With the question itself, for who has to answer it."""
    return Words(
        subject=subject,
        lines=lines,
        facts=_facts(asked),
        quoted_as=_("The question:"),
        quoted=asked.text,
        link=_("Open the question"),
    )


def _facts(asked: Escalation) -> list[tuple[str, str]]:
    topic = asked.question.topic
    pairs = [
        (_("Reference"), asked.reference),
        (_("Topic"), topic.name if topic else ""),
        (_("Urgency"), asked.get_urgency_display() if asked.urgency == Urgency.URGENT else ""),
        (_("Answer by"), moment_of(asked.due_at) if asked.due_at else ""),
    ]
    return [(label, value) for label, value in pairs if value]


def _urgent(subject: str, asked: Escalation) -> str:
    return _("Urgent: %(what)s") % {"what": subject} if asked.urgency == Urgency.URGENT else subject


def _who_has_it(asked: Escalation) -> str:
    if asked.assignee is None:
        return _("Nobody has it in hand.")
    return _("%(name)s has it in hand.") % {"name": asked.assignee.first_name}


def _reason(entry: Entry | None) -> str:
    """What the department wrote with it, in the next line."""
    if entry is None:
        return ""
    next_lines = Entry.objects.filter(escalation=entry.escalation_id, seq__gt=entry.seq)
    note = next_lines.filter(kind=Line.NOTE).order_by("seq").first()
    return note.text if note else ""
