"""The clock of the chat."""

import logging

from celery import shared_task
from django.utils import timezone

from chat.actions import assigning, closing, queueing, rush
from chat.actions.transcripts import MAIL_TRANSCRIPTS, RUN_TAKES, mail_due_transcripts
from chat.models import ChatRules
from common.background import wake

log = logging.getLogger(__name__)
STEPS = (
    queueing.return_unattended,
    closing.close_silent,
    closing.ask_silent_citizens,
    closing.abandon_unreachable,
    assigning.assign_waiting,
)


@shared_task(soft_time_limit=20, time_limit=30)
def sweep_conversations() -> None:
    """Every 10 s: gives back the unattended, asks the silent, closes and abandons what is due.

    Last it assigns: what a process that was killed after its commit left undone.

    Idempotent: each step is a conditional update of what is due now, so a lost, late or doubled
    run does no harm. A step that fails does not keep the others from theirs; the failure is raised
    at the end, so that it shows.
    """
    now, rules = timezone.now(), ChatRules.current()
    failures: list[Exception] = []
    for step in STEPS:
        try:
            step(now=now, rules=rules)
        except Exception as failure:
            log.warning("sweep: %s failed", step.__name__)
            failures.append(failure)
    if failures:
        raise failures[0]


@shared_task(soft_time_limit=20, time_limit=30)
def sweep_rush() -> None:
    """Every 5 s: writes down that the telephone no longer comes first, or that the chat is open.

    Idempotent: what is over is ended once, at the moment it was over, however late this runs.
    """
    rush.end_what_is_over(now=timezone.now())


@shared_task(soft_time_limit=480, time_limit=540)
def mail_transcripts() -> None:
    """Every minute, and when a citizen asks: mails the copies of conversations that are due.

    Each mail is claimed for ten minutes, longer than this may run. Killed between the server's yes
    and our commit, a mail goes again with the same Message-ID: it is repeated at worst, never lost.
    """
    if mail_due_transcripts(now=timezone.now()) == RUN_TAKES:
        # There may be more. Not in this run: the other work of the clock gets its turn in between.
        wake(MAIL_TRANSCRIPTS)
