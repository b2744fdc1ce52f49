"""The nightly work of the portal itself."""

from celery import shared_task
from django.utils import timezone

from common.retention import apply_all


@shared_task(soft_time_limit=25 * 60, time_limit=30 * 60)
def apply_retention() -> None:
    """Every night: ends the personal data whose time is over (`common.retention`).

    Idempotent: each batch does what is due now, so a lost, late, doubled or killed run does no
    harm. What failed stands in the reports and in the log; the next night tries again.
    """
    apply_all(now=timezone.now())
