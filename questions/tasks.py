"""The clock of questions, and the work of the outbox."""

from celery import shared_task
from django.utils import timezone

from common.background import wake
from questions.actions import chasing, sending
from questions.actions.course import WORK_OFF


@shared_task(soft_time_limit=32, time_limit=37)
def work_off() -> None:
    """Every 20 s, and at once when something was asked: works off the outbox.

    Each step is claimed for longer than this may run; what a killed run held is done by the first
    sweep after that. Idempotent: killed between the mail server's yes and our commit, a mail goes
    again with the same Message-ID: it is repeated at worst, never lost.
    """
    if sending.work_off(now=timezone.now()) >= sending.RUN_TAKES:
        # There may be more. Not in this run: the other mails of the portal get their turn between.
        wake(WORK_OFF)


@shared_task(soft_time_limit=50, time_limit=60)
def chase() -> None:
    """Every minute: reminders, overdue questions, silent citizens, answered questions to close.

    Idempotent: each is found by a due row and done under that row's lock, in a transaction of its
    own. One that fails does not keep the others from theirs; the failure is raised at the end.
    """
    chasing.chase(now=timezone.now())
