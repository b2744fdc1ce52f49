"""What the chat does when something happens to a question; connected in `chat.apps`.

Inside the transaction of the answer: both stand, or neither.
"""

from datetime import datetime
from typing import Any

from chat.actions import department
from questions.models import Entry, Escalation, Question


def question_answered(
    sender: Any, *, escalation: Escalation, entry: Entry, now: datetime, **_: object
) -> bool:
    """The answer comes into the open conversation; what was told in a call the citizen knows."""
    if entry.code == Question.Outcome.CALLED_BACK:
        return False
    return department.say_answer(escalation=escalation, entry=entry, now=now)


def question_asked_back(
    sender: Any, *, escalation: Escalation, entry: Entry, now: datetime, **_: object
) -> bool:
    return department.say_asked_back(escalation=escalation, entry=entry, now=now)
