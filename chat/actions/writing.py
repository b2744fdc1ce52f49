"""Writing in a conversation: the text as it will be stored, storing it, and what to answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import override

from accounts.models import User
from chat import access, events
from chat.append import Taken, Text, append_text
from chat.appender import appender
from chat.models import Conversation, Message
from chat.states import OPEN_STATES, Author, Kind
from common import realtime, texts
from common.database import in_database_thread
from common.errors import RuleBroken

MAX_TEXT = 2_000


@dataclass(frozen=True)
class Stored:
    """The acknowledgement of a send. `payload` is None when the same send was stored before."""

    seq: int
    at: datetime
    text: str  # as it was stored, which may differ from what was sent
    payload: dict[str, Any] | None


def acknowledgement(stored: Stored, *, sent: str, client_ref: UUID) -> dict[str, Any]:
    """The `ack` frame; it carries the text only when it is not what was sent."""
    frame = {
        "type": "ack",
        "ref": str(client_ref),
        "seq": stored.seq,
        "at": events.moment(stored.at),
    }
    return frame if stored.text == sent else {**frame, "text": stored.text}


def checked_text(text: str) -> str:
    """The text as it will be stored; raises RuleBroken: text_empty, text_too_long."""
    return texts.checked(text, limit=MAX_TEXT)


def citizen_text(*, conversation: Conversation, text: str, client_ref: UUID, now: datetime) -> Text:
    """A text of the citizen, ready to store; raises RuleBroken: text_empty, text_too_long."""
    with override(conversation.language):
        clean = checked_text(text)
    return Text(
        conversation_id=conversation.pk,
        subject=conversation.public_id,
        author=Author.CITIZEN,
        agent_id=None,
        agent_name="",
        text=clean,
        client_ref=client_ref,
        now=now,
        per_minute=settings.CHAT_MESSAGES_PER_MINUTE,
    )


def agent_text(
    *,
    conversation_id: int,
    public_id: UUID,
    agent: User,
    text: str,
    client_ref: UUID,
    now: datetime,
) -> Text:
    """A text of an agent, ready to store; raises RuleBroken: text_empty, text_too_long.

    Whether the agent may write there is checked by the statement that stores it.
    """
    with override("nl"):
        clean = checked_text(text)
    return Text(
        conversation_id=conversation_id,
        subject=public_id,
        author=Author.AGENT,
        agent_id=agent.pk,
        agent_name=agent.first_name,
        text=clean,
        client_ref=client_ref,
        now=now,
        per_minute=settings.CHAT_MESSAGES_PER_MINUTE,
    )


def post(text: Text) -> Stored:
    """Stores a text and rings it; a repetition stores nothing and says its number.

    Raises RuleBroken: too_fast, conversation_closed; for an agent also not_found, not_allowed.
    """
    try:
        taken = append_text(text)
    except IntegrityError:  # the same send, at the same moment, on another connection
        taken = None
    if taken is None:
        return stored_before(text)
    stored = _stored(text, taken)
    realtime.announce(*_bell(text, taken, stored))
    return stored


async def post_from_socket(text: Text) -> tuple[Stored, list[realtime.Bell]]:
    """`post` for the event loop: stored together with what other sockets send at this moment.

    Leaves the ringing to the caller, who acknowledges first.
    """
    try:
        taken = await appender().append(text)
    except IntegrityError:
        taken = None
    if taken is None:
        return await in_database_thread(stored_before, text), []
    stored = _stored(text, taken)
    return stored, [_bell(text, taken, stored)]


def stored_before(text: Text) -> Stored:
    """Nothing was stored: the acknowledgement of the earlier send, or the rule that forbade it."""
    earlier = Message.objects.filter(
        conversation_id=text.conversation_id,
        client_ref=text.client_ref,
        author=text.author,
        agent=text.agent_id,
    ).first()
    if earlier:
        return Stored(earlier.seq, earlier.stored_at, earlier.text, None)
    conversation = Conversation.objects.get(pk=text.conversation_id)
    if text.author == Author.AGENT:
        raise _refusal_of_agent(text, conversation)
    if conversation.state not in OPEN_STATES:
        raise RuleBroken("conversation_closed")
    wait_s = conversation.citizen_tat - text.now.timestamp() - 60 + 60 / text.per_minute
    raise RuleBroken("too_fast", retry_after_s=max(1, round(wait_s + 0.5)))


def _refusal_of_agent(text: Text, conversation: Conversation) -> RuleBroken:
    """Why this agent may not write here; a colleague's conversation looks like none at all."""
    assert text.agent_id is not None
    access.require_agent(text.agent_id)
    own = conversation.handled_by_id == text.agent_id
    ended = conversation.state not in OPEN_STATES
    return RuleBroken("conversation_closed" if own and ended else "not_found")


def _stored(text: Text, taken: Taken) -> Stored:
    payload = {
        "seq": taken.seq,
        "kind": Kind.TEXT.value,
        "author": text.author.value,
        "name": text.agent_name,
        "text": text.text,
        "at": events.moment(text.now),
        "ref": str(text.client_ref),
        "reason": "",
    }
    return Stored(taken.seq, text.now, text.text, payload)


def _bell(text: Text, taken: Taken, stored: Stored) -> realtime.Bell:
    return events.text_bell(text.subject, stored.payload, owner_id=taken.owner_id)
