"""What a mail of the portal about a question is made of, and the words that all of them share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from city.wording import clock
from questions.models import Escalation
from questions.wording import day_of


@dataclass(frozen=True)
class Words:
    """The parts of a mail in the order in which they are read.

    `quoted` is what somebody wrote, under `quoted_as`; `facts` are pairs of a label and a value;
    `link` is what stands on the link to the question.
    """

    subject: str
    lines: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()
    quoted_as: str = ""
    quoted: str = ""
    after: Sequence[str] = ()
    link: str = ""


def with_reference(subject: str, escalation: Escalation) -> str:
    """A subject by which the mails of one question are found."""
    return f"{subject} ({escalation.reference})"


def moment_of(moment: datetime) -> str:
    """ "vrijdag 3 juli, 16.00 uur", for who must keep the promise."""
    return _("%(day)s, %(time)s") % {
        "day": day_of(moment),
        "time": clock(timezone.localtime(moment)),
    }
