"""The course of a question as its citizen reads it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from city import wording
from questions.models import Entry, Question
from questions.states import Author, Kind

# What is shown as said, in a conversation.
SAID_KINDS = (Kind.ASKED, Kind.ASKED_BACK, Kind.REPLIED, Kind.ANSWERED, Kind.CLOSED)


@dataclass(frozen=True)
class Told:
    """A line: what happened in one sentence, and what was written, if anything."""

    kind: str
    sentence: str
    at: datetime
    moment: str
    text: str
    by_citizen: bool


def told(course: Iterable[Entry]) -> list[Told]:
    """The lines of `access.public_course`, in the active language."""
    return [
        Told(
            kind=entry.kind,
            sentence=_sentence(entry),
            at=entry.at,
            moment=wording.day_and_time(entry.at),
            text=entry.text if entry.kind in SAID_KINDS else "",
            by_citizen=entry.author == Author.CITIZEN,
        )
        for entry in course
    ]


def open_questions(lines: Sequence[Told]) -> list[Told]:
    """What was asked back since the citizen last wrote."""
    asked: list[Told] = []
    for line in lines:
        if line.kind == Kind.REPLIED:
            asked = []
        elif line.kind == Kind.ASKED_BACK:
            asked.append(line)
    return asked


def newest_answer(lines: Sequence[Told]) -> Told | None:
    return next((line for line in reversed(lines) if line.kind == Kind.ANSWERED), None)


def thanks(lines: Sequence[Told]) -> str:
    """What is said to who has just written or closed; empty when somebody else was the last."""
    last = lines[-1] if lines else None
    if last is None or not last.by_citizen:
        return ""
    if last.kind == Kind.REPLIED:
        return _("Your message has arrived. The department sees it with your question.")
    if last.kind == Kind.CLOSED:
        return _("Thank you for letting us know. Your question is closed.")
    return ""


def _sentence(entry: Entry) -> str:
    names = {"name": entry.staff_name, "department": entry.department_name}
    if entry.kind == Kind.ASKED:
        if entry.author == Author.CITIZEN:
            return _("You asked your question.")
        return _("%(name)s of the city wrote your question down.") % names
    if entry.kind == Kind.CLOSED:
        return _closed(entry, names)
    if entry.kind == Kind.ANSWERED and entry.code == Question.Outcome.CALLED_BACK:
        return _("%(name)s of %(department)s spoke to you on the telephone.") % names
    return _SENTENCES[Kind(entry.kind)]() % names


def _closed(entry: Entry, names: dict[str, str]) -> str:
    if entry.author == Author.CITIZEN:
        return _("You told us that your question is answered.")
    if entry.author == Author.STAFF:
        return _("%(name)s closed your question.") % names
    return _("Your question was closed.")


_SENTENCES = {
    Kind.ROUTED: lambda: _("Your question went to the department %(department)s."),
    Kind.TAKEN: lambda: _("%(name)s of %(department)s deals with your question."),
    Kind.ASKED_BACK: lambda: _("%(name)s of %(department)s asked you something."),
    Kind.REPLIED: lambda: _("You wrote to us."),
    Kind.ANSWERED: lambda: _("%(name)s of %(department)s answered."),
    Kind.RETURNED: lambda: _(
        "Your question belongs to another department than %(department)s. The contact centre "
        "looks for the right one."
    ),
    Kind.REOPENED: lambda: _("Your question was opened again."),
}
