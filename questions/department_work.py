"""What questions have to do with a department as a whole: open ones, its mailbox, its end."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from city.department_work import Button, OpenWork
from city.models import Department
from common.errors import RuleBroken
from questions.actions import mailbox, routing
from questions.models import Escalation
from questions.sentences import sentence_for


def open_questions(department: Department) -> int:
    """How many questions the department still has to answer."""
    return Escalation.objects.owed().filter(department=department).count()


def _sentence(department: Department, count: int) -> str:
    sentence = ngettext(
        "%(department)s has %(count)s open question. Answer it, send it to another department, or "
        "make this department part of another one.",
        "%(department)s has %(count)s open questions. Answer them, send them to another "
        "department, or make this department part of another one.",
        count,
    )
    return sentence % {"department": department.name, "count": count}


def _test_mailbox(*, department: Department, by: User, now: datetime) -> str:
    try:
        mailbox.test_mailbox(department=department, by=by, now=now)
    except RuleBroken as broken:
        raise RuleBroken(broken.code, sentence=sentence_for(broken)) from None
    return gettext(
        "A test mail goes to %(mail)s. What became of it stands under Messages on their way; ask "
        "the department whether it arrived."
    ) % {"mail": department.email}


OPEN_QUESTIONS = OpenWork(label=_("open questions"), count=open_questions, sentence=_sentence)
TEST_MAILBOX = Button(label=_("Test the mailbox"), do=_test_mailbox)


def move_along(
    sender: Any, *, old: Department, into: Department, by: User, now: datetime, **more: Any
) -> None:
    """Receives that a department became part of another one."""
    routing.move_open_questions(old=old, new=into, by=by, now=now)
