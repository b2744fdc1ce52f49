"""What an agent would leave behind in the chat."""

from django.utils.translation import ngettext

from accounts.models import User
from chat.models import Conversation
from chat.states import State


def chats_under_way(user: User) -> list[str]:
    """One sentence on the conversations this person is in now, or nothing."""
    count = Conversation.objects.filter(agent=user, state=State.ACTIVE).count()
    if not count:
        return []
    sentence = ngettext(
        "%(name)s is in %(count)s chat. Let it be closed, or passed on to a colleague or the "
        "queue, in the console first.",
        "%(name)s is in %(count)s chats. Let them be closed, or passed on to colleagues or the "
        "queue, in the console first.",
        count,
    )
    return [sentence % {"name": user.get_full_name() or user.email, "count": count}]
