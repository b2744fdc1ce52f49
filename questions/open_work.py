"""What a member of staff would leave behind in the inbox."""

from django.utils.translation import ngettext

from accounts.models import User
from questions.actions.handling import in_hands_of


def questions_in_hand(user: User) -> list[str]:
    """One sentence on the questions this person has in hand, or nothing."""
    count = len(in_hands_of(user))
    if not count:
        return []
    sentence = ngettext(
        "%(name)s has %(count)s question in hand. The head of the department or a supervisor can "
        "give it back to the department, at the bottom of the inbox of questions.",
        "%(name)s has %(count)s questions in hand. The head of the department or a supervisor can "
        "give them all back to the department, at the bottom of the inbox of questions.",
        count,
    )
    return [sentence % {"name": user.get_full_name() or user.email, "count": count}]
