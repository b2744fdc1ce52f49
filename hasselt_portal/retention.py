"""What becomes of the mails that the portal wrote to files because it has no mail server."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chat.retention import chat_days
from common.retention import POLICIES, Outcome, Policy
from hasselt_portal.inbox import remove_mails


def remove_written_mails(*, now: datetime, before: datetime, limit: int) -> int:
    """Removes mails from the folder of the demo inbox; nothing where a server takes the mail."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    return remove_mails(Path(folder), before=before, limit=limit) if folder else 0


POLICIES.register(
    "written-mails",
    Policy(
        title=_("Mails written to files because no mail server is set (demo)"),
        models=(),
        ground=_("To look at in the demo inbox, as long as the chats that they are about."),
        outcome=Outcome.DELETE,
        days=chat_days,
        batch=remove_written_mails,
    ),
)
