from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionsConfig(AppConfig):
    name = "questions"
    verbose_name = _("Questions")

    def ready(self) -> None:
        from accounts.access import CHAT_ROLES
        from accounts.workbench import PANELS, Panel
        from questions import retention  # noqa: F401  registers what becomes of this room's rows

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
