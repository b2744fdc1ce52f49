"""What does not get through, and what is too late: for the wall board. Reading only."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from questions.citizen_mails import CITIZEN_MAILS
from questions.models import Escalation, Step


@dataclass(frozen=True)
class Stuck:
    """How many messages do not arrive: at which departments, and whether at citizens too."""

    count: int
    departments: list[str]
    citizens: bool


def stuck() -> Stuck:
    """The steps of the outbox that are a problem for people; one query."""
    rows = Step.objects.filter(stuck_at__isnull=False, done_at=None, dropped_at=None)
    groups = rows.order_by().values_list("kind", "department__name").annotate(count=Count("pk"))
    found = list(groups)
    at_departments = {name for kind, name, _ in found if kind not in CITIZEN_MAILS}
    return Stuck(
        count=sum(count for _, _, count in found),
        departments=sorted(name for name in at_departments if name),
        citizens=any(kind in CITIZEN_MAILS for kind, _, _ in found),
    )


def overdue_count(now: datetime) -> int:
    """How many questions had to be answered by now; one query."""
    return Escalation.objects.overdue(now).count()
