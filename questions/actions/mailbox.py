"""Testing whether the mailbox of a department takes mail."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from city.models import Department
from common.background import wake_after_commit
from common.errors import RuleBroken
from questions.actions.course import WORK_OFF
from questions.actions.sending import record
from questions.models import Step


@transaction.atomic
def test_mailbox(*, department: Department, by: User, now: datetime) -> Step:
    """Asks for a mail to a department; what became of it stands in the step.

    Each call is a new test. Raises RuleBroken("no_mailbox", department=…).
    """
    if not department.email:
        raise RuleBroken("no_mailbox", department=department.name)
    step = Step.objects.create(
        kind=Step.Kind.MAILBOX_TEST,
        key=f"{Step.Kind.MAILBOX_TEST}:{department.pk}:{now:%Y%m%d%H%M%S%f}",
        department=department,
        person=by,
        asked_at=now,
        due_at=now,
    )
    record(step, "mailbox_tested", now=now, actor=by.pk)
    wake_after_commit(WORK_OFF)
    return step


test_mailbox.__test__ = False  # type: ignore[attr-defined]  # pytest: this is no test of ours
