"""The secret link of a citizen: whoever has it reads the question's course and replies.

The secret is not stored: it is the question's public id, signed with the key of the portal
(HMAC-SHA-256, 132 bits of it). A new SECRET_KEY ends every link, unless the old key stands among
SECRET_KEY_FALLBACKS.
"""

import secrets
from base64 import urlsafe_b64encode

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from questions.models import Escalation

LENGTH = 22
_SALT = "questions.link"


def link_secret(escalation: Escalation, *, key: str | bytes | None = None) -> str:
    """What stands at the end of the link."""
    public_id = escalation.question.public_id.hex
    digest = salted_hmac(_SALT, public_id, secret=key, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode()[:LENGTH]


def opens(escalation: Escalation, secret: str) -> bool:
    """Whether this secret is the one of this question."""
    return any(
        secrets.compare_digest(link_secret(escalation, key=key).encode(), secret.encode())
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )


def path_of(escalation: Escalation) -> str:
    """The address of the status page, in the active language."""
    return reverse("question-status", args=[escalation.reference, link_secret(escalation)])


def url_of(escalation: Escalation) -> str:
    """The same with the portal's own host, for mails."""
    return settings.PORTAL_URL + path_of(escalation)
