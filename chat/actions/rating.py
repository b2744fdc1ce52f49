"""What the citizen thought of a chat: a score and a word, once, after the end."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import override

from chat import events
from chat.models import ChatRules, Conversation
from chat.states import OPEN_STATES
from common import eventlog
from common.errors import RuleBroken
from common.masking import masked
from common.texts import cleaned

MAX_COMMENT = 500


@transaction.atomic
def rate(*, conversation: Conversation, score: int, comment: str, now: datetime) -> None:
    """Keeps what the citizen thought, 1 to 5, and announces the head.

    Whatever ended it, also when nobody ever answered: that verdict is the one to learn from. The
    same rating again is no error: its answer was lost. One that continues is not rated anew.
    Raises RuleBroken: comment_too_long, not_allowed_now while it is open, already_rated,
    wrong_token when it was anonymised at this very moment.
    """
    comment = checked_comment(comment, conversation.language)
    won = (
        Conversation.objects.filter(pk=conversation.pk, rating=None, anonymised_at=None)
        .exclude(state__in=OPEN_STATES)
        .update(rating=score, rating_comment=comment, rated_at=now)
    )
    fresh = Conversation.objects.select_related("agent").get(pk=conversation.pk)
    if won:
        eventlog.record("chat.rated", subject=fresh.public_id, at=now, score=score)
        events.announce_head(fresh, ChatRules.current())
    elif (fresh.rating, fresh.rating_comment) != (score, comment):
        raise _refusal(fresh)


def checked_comment(comment: str, language: str) -> str:
    """The comment as it will be stored, masked; raises RuleBroken("comment_too_long")."""
    clean = cleaned(comment).strip()
    if len(clean) > MAX_COMMENT:
        raise RuleBroken("comment_too_long", limit=MAX_COMMENT)
    with override(language):
        return masked(clean).text


def _refusal(fresh: Conversation) -> RuleBroken:
    if fresh.anonymised_at:
        return RuleBroken("wrong_token")
    return RuleBroken("already_rated" if fresh.rating else "not_allowed_now")
