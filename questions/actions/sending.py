"""Working off the outbox (being built)."""

from datetime import datetime

from questions.actions.routing import route_chosen
from questions.models import Step


def work_off(*, now: datetime) -> int:
    """Sends what is due; returns how many steps were done."""
    done = 0
    for step in Step.objects.filter(
        kind=Step.Kind.ROUTE, done_at=None, dropped_at=None, due_at__lte=now
    ).select_related("escalation"):
        assert step.escalation
        route_chosen(escalation=step.escalation, now=now)
        Step.objects.filter(pk=step.pk).update(done_at=now)
        done += 1
    return done


def chase(*, now: datetime) -> None:
    """Reminds and chases what is due."""
