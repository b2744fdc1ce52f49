from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionsConfig(AppConfig):
    name = "questions"
    verbose_name = _("Questions")

    def ready(self) -> None:
        from accounts.access import CHAT_ROLES
        from accounts.workbench import PANELS, Panel
        from city.department_work import BUTTONS, OPEN_WORK
        from city.events import department_merged
        from questions import department_work, retention  # noqa: F401  registers what becomes of this room's rows

        OPEN_WORK.register("questions", department_work.OPEN_QUESTIONS)
        BUTTONS.register("mailbox", department_work.TEST_MAILBOX)
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
