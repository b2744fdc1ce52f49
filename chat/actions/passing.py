"""Passing chats on: one to a colleague with a note, or all of them at the end of a shift."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from accounts.models import User
from chat.actions.assigning import QUEUE, give, note_given, share_out, soon, tell_presence
from chat.actions.availability import set_presence
from chat.actions.queueing import put_back
from chat.actions.writing import checked_text
from chat.colleagues import colleagues, find
from chat.models import ChatRules, Conversation, InternalNote, Presence
from chat.states import Reason
from common import locks
from common.errors import RuleBroken


@dataclass(frozen=True)
class HandedOver:
    """What became of the chats of who went home: the conversations, and how many of each."""

    conversations: list[UUID]
    passed: int
    queued: int


@transaction.atomic
def transfer(*, conversation: Conversation, by: User, to: UUID, note: str, now: datetime) -> None:
    """Passes an own conversation on to a colleague who is there, with a note for colleagues only.

    The note is masked as every text is; an empty one is left out. Raises RuleBroken: colleague_gone
    (not there, or away), colleague_full, text_too_long, not_allowed_now (to oneself, or it changed
    hands at this moment).
    """
    text = _checked_note(note)
    locks.hold(QUEUE)
    rules = ChatRules.current()
    if to == by.public_id or conversation.agent_id != by.pk:
        raise RuleBroken("not_allowed_now")
    colleague = find(to, now=now, rules=rules)
    if colleague is None or colleague.state == Presence.State.AWAY:
        raise RuleBroken("colleague_gone")
    if not colleague.is_free:
        raise RuleBroken("colleague_full", name=colleague.user.first_name, cap=colleague.cap)
    if not _pass_on(conversation, colleague.user, Reason.TRANSFERRED, "transferred", now=now):
        raise RuleBroken("not_allowed_now")
    if text:
        InternalNote.objects.create(
            conversation=conversation,
            author=by,
            client_ref=uuid.uuid4(),
            text=text,
            written_at=now,
        )
    note_given([colleague.user], now=now, rules=rules)
    tell_presence(by.pk, now=now, rules=rules)
    soon(now=now)


@transaction.atomic
def hand_over(*, by: User, now: datetime) -> HandedOver:
    """The shift ends: each own conversation to the best free colleague, the rest to the queue.

    Those that queue do so in their first place. The agent is away from now on.
    """
    locks.hold(QUEUE)
    rules = ChatRules.current()
    own = list(by.conversations.select_related("agent").order_by("queued_at", "pk"))
    others = [one for one in colleagues(now=now, rules=rules) if one.user.pk != by.pk]
    plan = dict(share_out([(row.pk, None) for row in own], others, now))
    passed, queued = [], 0
    for row in own:
        to = plan.get(row.pk)
        if to and _pass_on(row, to, Reason.SHIFT_END, "handed_over", now=now):
            passed.append(to)
        elif put_back(row, Reason.SHIFT_END, now=now, rules=rules):
            queued += 1
    note_given(passed, now=now, rules=rules)
    set_presence(agent=by, state=Presence.State.AWAY, now=now)
    soon(now=now)
    return HandedOver([row.public_id for row in own], len(passed), queued)


def _pass_on(
    conversation: Conversation, to: User, reason: Reason, how: str, *, now: datetime
) -> bool:
    """Leaves one agent and joins the other, in one transaction: nobody sees it wait in between."""
    rules = ChatRules.current()
    if not put_back(conversation, reason, now=now, rules=rules, with_card=False):
        return False
    waiting = Conversation.objects.select_related("agent").get(pk=conversation.pk)
    given = give(waiting, to, how, now=now)
    assert given, "its row is locked by this transaction"
    return True


def _checked_note(note: str) -> str:
    if not note.strip():
        return ""
    with override("nl"):
        return checked_text(note)
