"""The end of a conversation: by either side, by silence, or because the citizen has gone."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from chat.actions.assigning import soon
from chat.actions.availability import begin_wrap_up, require_open
from chat.actions.log import Note, record_change
from chat.actions.sharing import remove_files_of
from chat.models import ChatRules, Conversation
from chat.states import OPEN_STATES, Author, Kind, Reason, State
from city.models import Topic
from common import eventlog
from common.errors import RuleBroken


@transaction.atomic
def end_by_citizen(*, conversation: Conversation, now: datetime) -> None:
    """The citizen ends it. Raises RuleBroken("conversation_closed") when it has ended already."""
    _close(conversation, Note(Kind.CLOSED, Author.CITIZEN, reason=Reason.CITIZEN), now=now)


@transaction.atomic
def close_by_agent(
    *, conversation: Conversation, topic: Topic, now: datetime, because_of_abuse: bool = False
) -> None:
    """The agent ends the own conversation and says what it was about; then rounds off."""
    reason = Reason.ABUSE if because_of_abuse else Reason.AGENT
    note = Note(Kind.CLOSED, Author.AGENT, agent=conversation.agent, reason=reason)
    _close(conversation, note, now=now, topic=topic)


def _close(
    conversation: Conversation, note: Note, *, now: datetime, topic: Topic | None = None
) -> None:
    if conversation.state not in OPEN_STATES:
        raise RuleBroken("conversation_closed")
    changes: dict[str, Any] = {"topic": topic} if topic else {}
    rules = ChatRules.current()
    won = record_change(
        conversation,
        note,
        now=now,
        rules=rules,
        state=State.CLOSED,
        agent=None,
        closed_at=now,
        close_reason=note.reason,
        silence_ends_at=None,
        **changes,
    )
    if not won:
        raise RuleBroken("not_allowed_now")
    if conversation.agent_id:
        begin_wrap_up(agent_id=conversation.agent_id, now=now, rules=rules)


def ask_silent_citizens(*, now: datetime, rules: ChatRules) -> int:
    """Asks each citizen who left the last text of the agent unanswered whether they are there.

    The time in the queue is no silence: it counts from the agent's joining at the earliest.
    """
    limit = now - timedelta(minutes=rules.silence_minutes)
    silent = Q(
        silence_ends_at=None,
        last_author=Author.AGENT,
        last_text_at__lte=limit,
        citizen_alive_at__lte=limit,
        joined_at__lte=limit,
    )
    asked = 0
    for conversation in Conversation.objects.filter(silent, state=State.ACTIVE):
        with transaction.atomic():
            asked += record_change(
                conversation,
                Note(Kind.ASKED_IF_THERE),
                now=now,
                rules=rules,
                guard=silent,
                silence_ends_at=now + timedelta(seconds=rules.silence_answer_seconds),
            )
    return asked


@transaction.atomic
def extend(*, conversation: Conversation, now: datetime) -> None:
    """The citizen is still there; as often as needed. Nothing changes when nobody asked."""
    if conversation.state not in OPEN_STATES:
        raise RuleBroken("conversation_closed")
    if conversation.silence_ends_at is None:
        return
    record_change(
        conversation,
        Note(Kind.STILL_THERE, Author.CITIZEN),
        now=now,
        rules=ChatRules.current(),
        guard=Q(silence_ends_at__isnull=False),  # a second tab may answer at the same moment
        silence_ends_at=None,
        citizen_alive_at=now,
    )


def close_silent(*, now: datetime, rules: ChatRules) -> int:
    """Closes conversations whose silence question stayed unanswered. A text in time wins."""
    closed = 0
    overdue = Q(silence_ends_at__lte=now)
    for conversation in Conversation.objects.filter(overdue, state=State.ACTIVE):
        closed += _close_silent(conversation, overdue, now=now, rules=rules)
    return closed


@transaction.atomic
def _close_silent(
    conversation: Conversation, overdue: Q, *, now: datetime, rules: ChatRules
) -> bool:
    won = record_change(
        conversation,
        Note(Kind.CLOSED, reason=Reason.SILENCE),
        now=now,
        rules=rules,
        guard=overdue,
        state=State.CLOSED,
        agent=None,
        closed_at=now,
        close_reason=Reason.SILENCE,
        silence_ends_at=None,
    )
    if won and conversation.agent_id:
        begin_wrap_up(agent_id=conversation.agent_id, now=now, rules=rules)
    return won


def abandon_unreachable(*, now: datetime, rules: ChatRules) -> int:
    """Takes citizens out of the queue who have been out of reach for long. They may continue."""
    limit = now - timedelta(minutes=rules.abandon_minutes)
    unreachable = Q(citizen_seen_at__lte=limit, citizen_alive_at__lte=limit)
    abandoned = 0
    for conversation in Conversation.objects.filter(unreachable, state=State.WAITING):
        with transaction.atomic():
            abandoned += record_change(
                conversation,
                Note(Kind.ABANDONED, reason=Reason.UNREACHABLE),
                now=now,
                rules=rules,
                guard=unreachable,
                state=State.ABANDONED,
                closed_at=now,
                close_reason=Reason.UNREACHABLE,
            )
    return abandoned


@transaction.atomic
def continue_conversation(*, conversation: Conversation, now: datetime) -> None:
    """The citizen picks up what silence ended; it waits for an agent, last in the queue.

    Raises RuleBroken: cannot_continue (ended by a person, or too long ago), chat_closed.
    """
    if conversation.state in OPEN_STATES:
        return
    rules = ChatRules.current()
    until = conversation.continue_until(rules)
    if until is None or now > until:
        raise RuleBroken("cannot_continue")
    require_open(now=now, rules=rules)
    won = record_change(
        conversation,
        Note(Kind.CONTINUED, Author.CITIZEN),
        now=now,
        rules=rules,
        guard=Q(anonymised_at=None),  # its time may be over at this very moment
        state=State.WAITING,
        queued_at=now,
        closed_at=None,
        close_reason="",
        last_author=Author.CITIZEN,  # whose turn it is: an agent who joins now owes the answer
        citizen_alive_at=now,
        citizen_seen_at=now,
    )
    if not won:
        raise RuleBroken("not_allowed_now")
    soon(now=now)


@transaction.atomic
def remove(*, conversation: Conversation, by: User, now: datetime) -> None:
    """Removes an ended conversation with all its messages and files, at a citizen's request.

    The event log keeps that it was, and who removed it. Raises RuleBroken("not_allowed_now") while
    it is open.
    """
    if conversation.state in OPEN_STATES:
        raise RuleBroken("not_allowed_now")
    eventlog.record("chat.removed", subject=conversation.public_id, at=now, actor=by.pk)
    remove_files_of(Conversation.objects.filter(pk=conversation.pk))
    conversation.delete()
