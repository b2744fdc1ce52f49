"""What an administrator does with accounts."""

from django.db import transaction

from accounts.models import User
from accounts.open_work import require_nothing_left_behind


@transaction.atomic
def switch_off(*, user: User) -> None:
    """The account opens nothing any more; history keeps its name. Twice is once.

    Raises RuleBroken("open_work") while the person has work that would be left behind.
    """
    require_nothing_left_behind(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
