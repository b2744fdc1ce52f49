"""Taking a conversation from the queue and giving it back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from chat.actions.log import Note, record_change
from chat.models import ChatRules, Conversation, Presence
from chat.states import Author, Kind, Reason, State
from common.errors import RuleBroken


@transaction.atomic
def claim(*, conversation: Conversation, agent: User, now: datetime) -> None:
    """The agent takes a waiting conversation. Raises RuleBroken("already_taken") when not first.

    Claiming what one already has changes nothing, so a double click is harmless.
    """
    if conversation.agent_id == agent.pk:
        return
    won = conversation.state == State.WAITING and record_change(
        conversation,
        Note(Kind.JOINED, agent=agent),
        now=now,
        rules=ChatRules.current(),
        state=State.ACTIVE,
        agent=agent,
        handled_by=agent,
        joined_at=now,
        owner_answered_at=None,
        agent_read_seq=conversation.last_seq,
        silence_ends_at=None,
    )
    if not won:
        raise RuleBroken("already_taken")


@transaction.atomic
def return_to_queue(
    *,
    conversation: Conversation,
    reason: Reason,
    now: datetime,
    rules: ChatRules,
    guard: Q | None = None,
) -> bool:
    """The conversation waits again, in its first place: `queued_at` is kept.

    Returns False when it ended or went to somebody else in the meantime. Needs `agent` joined in.
    """
    if conversation.state != State.ACTIVE:
        return False
    return record_change(
        conversation,
        Note(Kind.LEFT, agent=conversation.agent, reason=reason),
        now=now,
        rules=rules,
        guard=guard,
        state=State.WAITING,
        agent=None,
        joined_at=None,
        owner_answered_at=None,
        silence_ends_at=None,
    )


def return_unattended(*, now: datetime, rules: ChatRules) -> int:
    """Gives back what an agent took but leaves unanswered, or whose agent's connection is gone.

    Each conversation in its own transaction; safe to run twice at once. Returns how many.
    """
    unanswered = Q(
        owner_answered_at=None,
        last_author=Author.CITIZEN,
        joined_at__lte=now - timedelta(seconds=rules.first_answer_seconds),
    )
    present = Presence.objects.filter(
        heard_at__gt=now - timedelta(seconds=rules.agent_gone_seconds)
    ).values("agent")
    gone = ~Q(agent__in=present)
    active = Conversation.objects.filter(state=State.ACTIVE).select_related("agent")
    returned = 0
    for conversation in active.filter(gone).in_queue_order():
        returned += return_to_queue(
            conversation=conversation, reason=Reason.AGENT_GONE, now=now, rules=rules, guard=gone
        )
    for conversation in active.filter(unanswered).in_queue_order():
        returned += return_to_queue(
            conversation=conversation,
            reason=Reason.AGENT_UNANSWERING,
            now=now,
            rules=rules,
            guard=unanswered,
        )
    return returned
