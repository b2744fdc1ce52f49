"""Many conversations at once, written straight into the table."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from chat.access import hashed
from chat.models import Conversation
from chat.states import Reason, State
from chat.testing.world import new_token


def closed_conversations(count: int, *, now: datetime, agent: User) -> None:
    """`count` answered and rated conversations that ended today, and as many of the days before."""
    rows = []
    for number in range(count):
        opened = now - timedelta(minutes=90) - timedelta(days=number % 2 * (1 + number % 30))
        rows.append(
            _row(
                opened,
                state=State.CLOSED,
                handled_by=agent,
                first_answered_at=opened + timedelta(minutes=1),
                closed_at=opened + timedelta(minutes=10),
                close_reason=Reason.AGENT,
                rating=1 + number % 5,
            )
        )
    Conversation.objects.bulk_create(rows, batch_size=500)


def open_conversations(count: int, *, now: datetime, agent: User) -> list[Conversation]:
    """`count` conversations, half of them with this agent and the others waiting."""
    rows = [
        _row(now - timedelta(seconds=count - number), **_under_way(number, now, agent))
        for number in range(count)
    ]
    return Conversation.objects.bulk_create(rows, batch_size=500)


def _under_way(number: int, now: datetime, agent: User) -> dict[str, Any]:
    if number % 2:
        return {"state": State.WAITING}
    return {"state": State.ACTIVE, "agent": agent, "handled_by": agent, "joined_at": now}


def _row(opened: datetime, **fields: Any) -> Conversation:
    return Conversation(
        token_hash=hashed(new_token()),
        first_words="Kan ik zaterdag komen?",
        opened_at=opened,
        queued_at=opened,
        last_text_at=opened,
        citizen_alive_at=opened,
        citizen_seen_at=opened,
        **fields,
    )
