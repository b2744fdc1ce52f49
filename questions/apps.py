from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionsConfig(AppConfig):
    name = "questions"
    verbose_name = _("Questions")

    def ready(self) -> None:
        from accounts.access import CHAT_ROLES
        from accounts.open_work import OPEN_WORK, OpenWork
        from accounts.workbench import PANELS, Panel
        from city import department_work as of_departments
        from city.events import department_merged
        from questions import (
            department_work,
            retention,  # noqa: F401  registers what becomes of this room's rows
        )
        from questions.access import INBOX_ROLES
        from questions.inbox import waiting_for
        from questions.open_work import questions_in_hand

        of_departments.OPEN_WORK.register("questions", department_work.OPEN_QUESTIONS)
        of_departments.BUTTONS.register("mailbox", department_work.TEST_MAILBOX)
        department_merged.connect(department_work.move_along, dispatch_uid="questions-merged")
        PANELS.register(
            "question",
            Panel(
                title=_("Telephone question"),
                description=_("Register a question that you answered at once."),
                url_name="question-answered",
                roles=CHAT_ROLES,
                icon="phone",
                place=20,
            ),
        )
        PANELS.register(
            "questions",
            Panel(
                title=_("Questions"),
                description=_("Questions that were passed on to a department."),
                url_name="question-inbox",
                roles=INBOX_ROLES,
                icon="message-circle",
                count_for=waiting_for,
                place=15,
            ),
        )
        OPEN_WORK.register("questions", OpenWork(roles=INBOX_ROLES, sentences=questions_in_hand))
