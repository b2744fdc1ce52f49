"""What becomes of registered questions."""

from django.utils.translation import gettext_lazy as _

from common.retention import STANDING, Standing

STANDING.register(
    "questions",
    Standing(
        title=_("Questions answered at once by telephone, mail, social media or at the desk"),
        models=("questions.Question",),
        ground=_("To compare the channels, in the evaluation of the chat."),
        until=_("as long as the chat is evaluated; says nothing of the citizen"),
    ),
)
