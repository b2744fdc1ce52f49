"""Moving a conversation to another state: the change, its numbered message and its event as one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from accounts.models import User
from chat import events
from chat.models import ChatRules, Conversation, Message
from chat.states import Author, Kind, Reason, State
from common import eventlog


@dataclass(frozen=True)
class Note:
    """What both sides read about a change: its kind, who it is about and why."""

    kind: Kind
    author: Author = Author.PORTAL
    agent: User | None = None
    reason: Reason | str = ""


def record_change(
    conversation: Conversation,
    note: Note,
    *,
    now: datetime,
    rules: ChatRules,
    guard: Q | None = None,
    with_card: bool = True,
    **changes: Any,
) -> bool:
    """Writes a change, its message and its event, and announces them; False when another was first.

    The update holds only if the conversation is still in the state (and with the agent) that the
    caller saw, and if `guard` still holds: two who change it at once cannot both win. Runs in the
    caller's transaction. `conversation` itself is left as it was read. Without `with_card` the
    lists hear nothing yet: another change of the same transaction follows.
    """
    target = State(changes.get("state", conversation.state))
    if target != conversation.state and not conversation.can_move(target):
        return False
    unchanged = Q(pk=conversation.pk, state=conversation.state, agent=conversation.agent_id)
    won = Conversation.objects.filter(unchanged, guard or Q()).update(
        last_seq=F("last_seq") + 1, **changes
    )
    if not won:
        return False
    fresh = Conversation.objects.select_related("agent", "topic").get(pk=conversation.pk)
    message = Message.objects.create(
        conversation=fresh,
        seq=fresh.last_seq,
        kind=note.kind,
        author=note.author,
        agent=note.agent,
        agent_name=note.agent.first_name if note.agent else "",
        reason=note.reason,
        stored_at=now,
    )
    details = {"reason": str(note.reason)} if note.reason else {}
    eventlog.record(
        f"chat.{note.kind}",
        subject=fresh.public_id,
        at=now,
        actor=note.agent.pk if note.agent else None,
        **details,
    )
    events.announce_change(fresh, message, rules, with_card=with_card)
    return True
