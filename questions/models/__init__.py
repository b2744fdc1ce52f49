"""Rows of questions, by noun."""

from questions.models.course import Entry, Step
from questions.models.questions import Escalation, EscalationQuerySet, Question, ReferenceYear
from questions.models.rules import QuestionRules

__all__ = [
    "Entry",
    "Escalation",
    "EscalationQuerySet",
    "Question",
    "QuestionRules",
    "ReferenceYear",
    "Step",
]
