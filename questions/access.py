"""Who may have which registered question."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from common.errors import RuleBroken
from questions.models import Question


def registered_by(user: User, since: datetime) -> QuerySet[Question]:
    """What this person registered since `since`, newest first, also what was taken back."""
    rows = Question.objects.filter(registered_by=user, registered_at__gte=since)
    return rows.select_related("topic").order_by("-registered_at", "-pk")


def own(user: User, public_id: UUID) -> Question:
    """A question that this person registered; raises RuleBroken("not_found")."""
    try:
        return Question.objects.select_related("topic").get(public_id=public_id, registered_by=user)
    except Question.DoesNotExist:
        raise RuleBroken("not_found") from None


def answered_since(moment: datetime) -> QuerySet[Question]:
    """Every question registered since `moment` that was not taken back, of all people."""
    return Question.objects.filter(registered_at__gte=moment, withdrawn_at=None)
