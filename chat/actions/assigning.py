"""Giving those who wait to the agents who have room, by itself.

Every decision who gets a chat is made under one named lock (`QUEUE`): counting the chats of all
agents and giving one of them another must not interleave with somebody else's count. Lock order:
QUEUE, then conversations, then presences.
"""

import heapq
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from chat.actions.log import Note, record_change
from chat.colleagues import Colleague, colleagues, presence_payload
from chat.events import announce_presence
from chat.models import ChatRules, Conversation, Presence
from chat.states import Kind, State
from common import eventlog, locks

log = logging.getLogger(__name__)
QUEUE = "chat.queue"
Waiting = tuple[int, int | None]  # a conversation, and the agent who gave it back by hand


def soon(*, now: datetime) -> None:
    """To be called by whatever changes the queue or the room of an agent: assigns after the commit.

    In a transaction of its own, so that nobody who writes a text or a first question waits for the
    lock with a row in hand. Of two who change something at once the later commit sees both, so
    nobody is forgotten; what a killed process left undone the sweep does.
    """
    transaction.on_commit(partial(_assign_after_commit, now))


def _assign_after_commit(now: datetime) -> None:
    try:
        assign_waiting(now=now, rules=ChatRules.current())
    except Exception as error:
        # What was asked is done and stored; only the name of the error, it may quote a row.
        log.warning("assigning failed, the sweep tries again: %s", type(error).__name__)


def room_may_have_changed(**_: object) -> None:
    """Receives the saving of rows that caps follow from: rules of the chat, telephone first."""
    soon(now=timezone.now())


def assign_waiting(*, now: datetime, rules: ChatRules) -> int:
    """Gives each waiting conversation, in queue order, to the least busy agent with room.

    Safe to run twice at once and at any time. Looks first without the lock: nearly always there is
    nobody who waits, or nobody with room. Returns how many were given.
    """
    if not rules.assigns_automatically or not _plan(now, rules):
        return 0
    return _assign(now=now)


@transaction.atomic
def _assign(*, now: datetime) -> int:
    locks.hold(QUEUE)
    rules = ChatRules.current()
    given: list[User] = []
    while plan := _plan(now, rules):
        rows = Conversation.objects.select_related("agent").in_bulk([pk for pk, _ in plan])
        won = [
            agent for pk, agent in plan if pk in rows and give(rows[pk], agent, "assigned", now=now)
        ]
        given += won
        # What ended at this very moment leaves room for another.
        if len(won) == len(plan):
            break
    note_given(given, now=now, rules=rules)
    return len(given)


def _plan(now: datetime, rules: ChatRules) -> list[tuple[int, User]]:
    queue = Conversation.objects.filter(state=State.WAITING).in_queue_order()
    waiting = list(queue.values_list("pk", "returned_by_id"))
    return share_out(waiting, colleagues(now=now, rules=rules), now) if waiting else []


def share_out(
    waiting: Iterable[Waiting], agents: Sequence[Colleague], now: datetime
) -> list[tuple[int, User]]:
    """Who gets what: in order, to the agent with the fewest chats, of these who is idle longest.

    Never above a cap, and not to who gave this one back by hand.
    """
    free = [(one.open, one.idle_since, one.user.pk) for one in agents if one.room(now)]
    by_pk = {one.user.pk: one for one in agents}
    heapq.heapify(free)
    given: list[tuple[int, User]] = []
    for conversation, returned_by in waiting:
        if not free:
            break
        passed_over = [heapq.heappop(free)] if free[0][2] == returned_by else []
        if free:
            count, _, pk = heapq.heappop(free)
            given.append((conversation, by_pk[pk].user))
            if count + 1 < by_pk[pk].cap:
                heapq.heappush(free, (count + 1, now, pk))
        for one in passed_over:
            heapq.heappush(free, one)
    return given


def give(conversation: Conversation, agent: User, how: str, *, now: datetime) -> bool:
    """Puts a waiting conversation in the hands of `agent`; False when it no longer waits as read.

    The caller holds QUEUE and has looked at the cap. `how` is assigned, pulled, transferred or
    handed_over, for the event log.
    """
    # Who takes it by hand has read it; who is given it has not.
    read: dict[str, Any] = {"agent_read_seq": conversation.last_seq} if how == "pulled" else {}
    won = conversation.state == State.WAITING and record_change(
        conversation,
        Note(Kind.JOINED, agent=agent),
        now=now,
        rules=ChatRules.current(),
        state=State.ACTIVE,
        agent=agent,
        handled_by=agent,
        returned_by=None,
        joined_at=now,
        owner_answered_at=None,
        silence_ends_at=None,
        **read,
    )
    if won:
        subject = conversation.public_id
        eventlog.record("chat.assigned", subject=subject, at=now, actor=agent.pk, how=how)
    return won


def note_given(agents: Iterable[User], *, now: datetime, rules: ChatRules) -> None:
    """The agents got a chat: they are idle no longer, and their consoles count anew."""
    keys = sorted({agent.pk for agent in agents})
    Presence.objects.filter(agent__in=keys).update(idle_since=now)
    tell_presence(*keys, now=now, rules=rules)


def tell_presence(*agent_ids: int, now: datetime, rules: ChatRules) -> None:
    """Rings what the consoles of these agents know of them: state, cap, chats, rounding off."""
    if agent_ids:
        for one in colleagues(now=now, rules=rules):
            if one.user.pk in agent_ids:
                announce_presence(one.user.pk, presence_payload(one))
