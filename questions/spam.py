"""What keeps programs out of the contact form, without a puzzle for people (WCAG 3.3.8).

A field that people do not see, a signed moment at which the form was shown, and limits. Whoever is
refused by mistake sends once more; nothing typed is lost.
"""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from common import throttle
from common.errors import RuleBroken
from questions.actions.registering import Contact

QUICKEST = timedelta(seconds=3)
OLDEST = timedelta(days=1)
QUESTIONS_PER_HOUR = 3  # a person; an internet address as often as so many people
QUESTIONS_PER_DAY = 6  # with one mail address or telephone number, so that nobody's is flooded
_SALT = "questions.form"


def shown_token(now: datetime) -> str:
    """Says when a form was shown."""
    return Signer(salt=_SALT).sign(str(int(now.timestamp() * 1_000)))


def check_shown(token: str, *, now: datetime) -> None:
    """Raises RuleBroken: form_too_quick, form_too_old (also for a token that is not ours)."""
    try:
        shown_ms = int(Signer(salt=_SALT).unsign(token))
    except BadSignature:
        raise RuleBroken("form_too_old") from None
    age = timedelta(milliseconds=int(now.timestamp() * 1_000) - shown_ms)
    if age > OLDEST:
        raise RuleBroken("form_too_old")
    if age < QUICKEST:
        raise RuleBroken("form_too_quick")


def check_trap(value: str) -> None:
    """The field that people do not see must stay empty; raises RuleBroken("trap_filled")."""
    if value:
        raise RuleBroken("trap_filled")


def keep_pace(*, address: str, contact: Contact) -> None:
    """Counts a question; raises RuleBroken: too_many, too_many_for_contact."""
    limit = throttle.PEOPLE_AT_ONE_ADDRESS * QUESTIONS_PER_HOUR
    throttle.check("question-form", key=address, limit=limit, period_s=3_600)
    try:
        for reached in filter(None, (contact.mail.lower(), contact.phone)):
            # Not the address itself: what is counted needs no name.
            key = salted_hmac(_SALT, reached, algorithm="sha256").hexdigest()
            throttle.check(
                "question-contact", key=key, limit=QUESTIONS_PER_DAY, period_s=24 * 3_600
            )
    except RuleBroken:
        raise RuleBroken("too_many_for_contact") from None
