"""The clock of the chat."""

from celery import shared_task
from django.utils import timezone

from chat.actions import closing, queueing
from chat.models import ChatRules


@shared_task(soft_time_limit=20, time_limit=30)
def sweep_conversations() -> None:
    """Every 10 s: gives back the unattended, asks the silent, closes and abandons what is due.

    Idempotent: each step is a conditional update of what is due now, so a lost, late or doubled
    run does no harm.
    """
    now, rules = timezone.now(), ChatRules.current()
    queueing.return_unattended(now=now, rules=rules)
    closing.close_silent(now=now, rules=rules)
    closing.ask_silent_citizens(now=now, rules=rules)
    closing.abandon_unreachable(now=now, rules=rules)
