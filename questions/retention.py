"""What becomes of questions when their time is over: the counts stay, the words go."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from common.retention import POLICIES, STANDING, Outcome, Policy, Standing, nothing_personal
from questions.models import Entry, Escalation, Question, QuestionRules, Step
from questions.states import State


@transaction.atomic
def anonymise_questions(*, now: datetime, before: datetime, limit: int) -> int:
    """Takes words, names, addresses and who handled it out of questions that closed by `before`.

    What stays tells nobody from another: reference, channel, topic, department, outcome and times.
    Their locked rows keep out a citizen who would reply at this very moment. Tests of mailboxes,
    which say who asked for them, go after the same time.
    """
    Step.objects.filter(escalation=None, asked_at__lte=before).delete()
    ended = Escalation.objects.filter(state=State.CLOSED, closed_at__lte=before, anonymised_at=None)
    locked = ended.select_for_update(skip_locked=True).order_by("closed_at", "pk")
    keys = list(locked.values_list("pk", flat=True)[:limit])
    due = ended.filter(pk__in=keys)
    Step.objects.filter(escalation__in=keys).delete()
    Entry.objects.filter(escalation__in=keys).delete()
    Question.objects.filter(escalation__in=keys).update(registered_by=None)
    return due.update(
        anonymised_at=now, text="", name="", mail="", phone="", origin="", assignee=None
    )


def question_days() -> int:
    """How long a question is kept after its end: a rule of the city."""
    return QuestionRules.current().retention_days


POLICIES.register(
    "questions",
    Policy(
        title=_("Questions passed on to a department: words, answers, names and contact data"),
        models=("questions.Escalation", "questions.Entry", "questions.Step"),
        ground=_(
            "To answer the question and what may follow from it: a task in the public interest "
            "(GDPR, article 6.1.e)."
        ),
        outcome=Outcome.ANONYMISE,
        days=question_days,
        batch=anonymise_questions,
    ),
)
STANDING.register(
    "questions",
    Standing(
        title=_("By which channel a question came, what it was about and how it ended"),
        models=("questions.Question",),
        ground=_("To compare the channels, in the evaluation of the chat."),
        until=_("as long as the chat is evaluated; says nothing of the citizen"),
    ),
)
nothing_personal(
    *("questions.ReferenceYear", "questions.QuestionRules"),
    because="a counter and what the city decided",
)
