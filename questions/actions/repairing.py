"""What an administrator does about a step that does not get through."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from common.background import wake_after_commit
from common.errors import RuleBroken
from questions.actions.course import WORK_OFF
from questions.actions.sending import open_steps, record
from questions.models import Step


@transaction.atomic
def try_again(*, step: Step, by: User, now: datetime) -> bool:
    """Lets the next attempt be now; it stays a problem until it succeeds.

    Whether there was something to try: what is done or dropped meanwhile stays so.
    """
    if not open_steps().filter(pk=step.pk).update(due_at=now):
        return False
    record(step, "step_tried_again", now=now, actor=by.pk, code=step.error)
    wake_after_commit(WORK_OFF)
    return True


@transaction.atomic
def drop(*, step: Step, by: User, now: datetime) -> bool:
    """Dealt with otherwise (a call, another mail): the portal no longer tries.

    Raises RuleBroken("not_allowed_now") for the step that brings a question to its department:
    without it nobody would have the question.
    """
    if step.kind == Step.Kind.ROUTE:
        raise RuleBroken("not_allowed_now")
    if not open_steps().filter(pk=step.pk).update(dropped_at=now):
        return False
    record(step, "step_dropped", now=now, actor=by.pk, code=step.error)
    return True
