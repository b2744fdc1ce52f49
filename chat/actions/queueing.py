"""Taking a conversation from the queue and giving it back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from chat.actions.assigning import QUEUE, give, note_given, soon, tell_presence
from chat.actions.availability import put_away
from chat.actions.log import Note, record_change
from chat.colleagues import standing_of
from chat.models import ChatRules, Conversation, Presence
from chat.states import Author, Kind, Reason, State
from common import locks
from common.errors import RuleBroken


@transaction.atomic
def claim(*, conversation: Conversation, agent: User, now: datetime) -> None:
    """The agent takes a waiting conversation, and so has rounded off the last one.

    Raises RuleBroken: already_taken when not first, at_cap. Claiming what one already has changes
    nothing, so a double click is harmless.
    """
    locks.hold(QUEUE)
    rules = ChatRules.current()
    if conversation.agent_id == agent.pk:
        return
    if conversation.state != State.WAITING:
        raise RuleBroken("already_taken")
    own = standing_of(agent, now=now, rules=rules)
    if own.open >= own.cap:
        # A second click may have read the conversation before the first one took it.
        if Conversation.objects.filter(pk=conversation.pk, agent=agent).exists():
            return
        raise RuleBroken("at_cap", cap=own.cap)
    if not give(conversation, agent, "pulled", now=now):
        raise RuleBroken("already_taken")
    Presence.objects.filter(agent=agent).update(wrap_up_until=None)
    note_given([agent], now=now, rules=rules)
    # Who rounded off may have room for another one.
    soon(now=now)


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

    Then it goes to a colleague: who gave it back by hand does not get it again by itself, and who
    let it lie is away from now on. Returns False when it ended or went to somebody else in the
    meantime. Needs `agent` joined in.
    """
    agent = conversation.agent
    if agent is None or not put_back(
        conversation,
        reason,
        now=now,
        rules=rules,
        guard=guard,
        returned_by=agent if reason == Reason.AGENT_RETURNED else None,
    ):
        return False
    if reason == Reason.AGENT_RETURNED:
        tell_presence(agent.pk, now=now, rules=rules)
    else:
        put_away(agent=agent, reason=reason, now=now)
    soon(now=now)
    return True


def put_back(
    conversation: Conversation,
    reason: Reason,
    *,
    now: datetime,
    rules: ChatRules,
    with_card: bool = True,
    guard: Q | None = None,
    returned_by: User | None = None,
) -> bool:
    """Only the change: the conversation leaves its agent and waits in its first place."""
    return record_change(
        conversation,
        Note(Kind.LEFT, agent=conversation.agent, reason=reason),
        now=now,
        rules=rules,
        guard=guard,
        with_card=with_card,
        state=State.WAITING,
        agent=None,
        returned_by=returned_by,
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
