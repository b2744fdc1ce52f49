"""The clock of questions, and the work of the outbox."""

from celery import shared_task
from django.utils import timezone

from questions.actions import sending


@shared_task(soft_time_limit=480, time_limit=540)
def work_off() -> None:
    """Every 20 s, and at once when something was asked: works off the outbox.

    Idempotent: each step is claimed first. Killed between the mail server's yes and our commit, a
    mail goes again with the same Message-ID: it is repeated at worst, never lost.
    """
    sending.work_off(now=timezone.now())


@shared_task(soft_time_limit=50, time_limit=60)
def chase() -> None:
    """Every minute: reminders, overdue questions, silent citizens, answered questions to close.

    Idempotent: each is found by a due row and done under that row's lock.
    """
    sending.chase(now=timezone.now())
