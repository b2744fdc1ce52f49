"""What the portal mails a citizen about a question, in the active language."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from questions.mail_words import Words, with_reference
from questions.models import Entry, Escalation, QuestionRules, Step
from questions.states import Kind as Line
from questions.states import State
from questions.wording import day_of, holder, passed_on, promise, where

Kind = Step.Kind
_GOES_ON = (State.NEW, State.ROUTED, State.IN_PROGRESS, State.RETURNED)


def _receipt(step: Step, asked: Escalation, now: datetime) -> Words:
    stands = passed_on(asked, now=now) if asked.state in _GOES_ON else where(asked)
    return Words(
        subject=with_reference(_("We have received your question"), asked),
        lines=[_about(_("We have received your question %(reference)s."), asked), stands],
        quoted_as=_("Your question:"),
        quoted=asked.text,
        after=[_("On the page of your question you see who has it and by when you get an answer.")],
        link=_("See your question"),
    )


def _asked_back(step: Step, asked: Escalation, now: datetime) -> Words:
    return Words(
        subject=with_reference(_("We need to know something for your question"), asked),
        lines=[
            _about(
                _("%(department)s has to know something to answer your question %(reference)s."),
                asked,
            )
        ],
        quoted_as=_("We would like to know:"),
        quoted=step.entry.text if step.entry else "",
        after=[promise(asked, now=now)],
        link=_("Reply to this question"),
    )


def _ask_again(step: Step, asked: Escalation, now: datetime) -> Words:
    days = QuestionRules.current().unreachable_days
    lines = [_about(_("We asked you something about your question %(reference)s."), asked)]
    return Words(
        subject=with_reference(_("We wait for your reply"), asked),
        lines=[*lines, _("We have had no reply yet.")],
        quoted_as=_("We would like to know:"),
        quoted=_last_said(asked, Line.ASKED_BACK),
        after=[
            _("If we hear nothing by %(day)s, we close your question.")
            % {"day": day_of((asked.waiting_since or now) + timedelta(days=days))}
        ],
        link=_("Reply to this question"),
    )


def _answer(step: Step, asked: Escalation, now: datetime) -> Words:
    return Words(
        subject=with_reference(_("The answer to your question"), asked),
        lines=[_about(_("%(department)s has answered your question %(reference)s."), asked)],
        quoted_as=_("The answer:"),
        quoted=step.entry.text if step.entry else "",
        after=_may_reply(asked, _("Is something not clear? You can reply until %(day)s.")),
        link=_("See your question, or reply"),
    )


def _moved(step: Step, asked: Escalation, now: datetime) -> Words:
    return Words(
        subject=with_reference(_("Another department has your question"), asked),
        lines=[
            _("Your question %(reference)s went to the department %(name)s.")
            % {"reference": asked.reference, "name": holder(asked)},
            promise(asked, now=now),
        ],
        link=_("See your question"),
    )


def _closed(step: Step, asked: Escalation, now: datetime) -> Words:
    again = _("Do you still want an answer? You can reply until %(day)s.")
    return Words(
        subject=with_reference(_("We have closed your question"), asked),
        lines=[_about(_("We have closed your question %(reference)s."), asked)],
        quoted_as=_("We want to tell you this:"),
        quoted=step.entry.text if step.entry else "",
        after=_may_reply(asked, again) if asked.department else [],
        link=_("See your question"),
    )


CITIZEN_MAILS: dict[str, Callable[[Step, Escalation, datetime], Words]] = {
    Kind.RECEIPT: _receipt,
    Kind.ASKED_BACK: _asked_back,
    Kind.ASK_AGAIN: _ask_again,
    Kind.ANSWER: _answer,
    Kind.MOVED: _moved,
    Kind.CLOSED: _closed,
}


def word_to_unreachable() -> str:
    """Why a question is closed to which its citizen did not come back."""
    return _(
        "We asked you something and had no reply. That is why we close your question. You can "
        "always ask it again."
    )


def _about(sentence: str, asked: Escalation) -> str:
    department = _("The department %(name)s") % {"name": holder(asked)}
    if asked.department is None:
        department = holder(asked)
    return sentence % {"reference": asked.reference, "department": department}


def _may_reply(asked: Escalation, sentence: str) -> list[str]:
    until = asked.may_reopen_until(QuestionRules.current())
    return [sentence % {"day": day_of(until)}] if until else []


def _last_said(asked: Escalation, kind: Line) -> str:
    last = Entry.objects.filter(escalation=asked, kind=kind).order_by("seq").last()
    return last.text if last else ""
