"""What the chat announces: group names and payloads. Shapes are those of docs/chat-protocol.md."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from chat.models import Attachment, ChatRules, Conversation, InternalNote, Message
from chat.rush import Standing
from chat.states import Author, Kind
from common import realtime

AGENTS = "chat.agents"  # every console: the lists
CITIZENS = "chat.citizens"  # every open widget: whether the chat is open, what the city announces


def conversation_group(public_id: UUID) -> str:
    """Both sides of one conversation."""
    return f"chat.c.{public_id.hex}"


def agent_group(user_id: int) -> str:
    """All consoles of one agent."""
    return f"chat.a.{user_id}"


def notes_group(public_id: UUID) -> str:
    """The consoles that show one conversation; no citizen hears this."""
    return f"chat.n.{public_id.hex}"


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds, as the protocol writes it."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def message_payload(message: Message) -> dict[str, Any]:
    """A message as both sides read it; of kind `file` it needs `attachment` joined in."""
    payload: dict[str, Any] = {
        "seq": message.seq,
        "kind": message.kind,
        "author": message.author,
        "name": message.agent_name,
        "text": message.text,
        "at": moment(message.stored_at),
        "ref": str(message.client_ref) if message.client_ref else None,
        "reason": message.reason,
    }
    if message.kind == Kind.FILE:
        kept = getattr(message, "attachment", None)
        payload["file"] = file_payload(kept) if kept else None
    if message.kind == Kind.CARD:
        payload["card"] = message.card
    return payload


def file_payload(attachment: Attachment) -> dict[str, Any]:
    """What is known of a file without its content; `width` and `height` in pixels, 0 for a PDF."""
    return {
        "id": str(attachment.public_id),
        "name": attachment.name,
        "type": attachment.media_type,
        "size": attachment.size_bytes,
        "width": attachment.width_px,
        "height": attachment.height_px,
    }


def head_payload(conversation: Conversation, rules: ChatRules) -> dict[str, Any]:
    """Where a conversation stands; needs `agent` joined in."""
    return {
        "conversation": str(conversation.public_id),
        "seq": conversation.last_seq,
        "state": conversation.state,
        "agent": conversation.agent.first_name if conversation.agent else "",
        "read": {"citizen": conversation.citizen_read_seq, "agent": conversation.agent_read_seq},
        "silence_ends_at": moment(conversation.silence_ends_at),
        "continue_until": moment(conversation.continue_until(rules)),
        "rating": conversation.rating,
    }


def card_payload(conversation: Conversation) -> dict[str, Any]:
    """A line in the agents' lists; needs `agent` and `topic` joined in."""
    return {
        "conversation": str(conversation.public_id),
        "seq": conversation.last_seq,
        "state": conversation.state,
        "agent": str(conversation.agent.public_id) if conversation.agent else None,
        "agent_name": conversation.agent.first_name if conversation.agent else "",
        "name": conversation.name,
        "number": conversation.number,
        "first_words": conversation.first_words,
        "lang": conversation.language,
        "page": conversation.page,
        "queued_at": moment(conversation.queued_at),
        "joined_at": moment(conversation.joined_at),
        "opened_at": moment(conversation.opened_at),
        "first_answered_at": moment(conversation.first_answered_at),
        "topic": conversation.topic.slug if conversation.topic else "",
    }


def rush_payload(stands: Standing) -> dict[str, Any]:
    """Whether the telephone comes first and whether the chat is closed for now, for consoles.

    What the exchange began has no end yet: each report moves it.
    """
    first, stop = stands.phone_first, stands.stop
    by_person = first is not None and first.started_by is not None
    return {
        "phone_first": first
        and {
            "until": moment(first.until) if by_person else None,
            "by": first.started_by.first_name if first.started_by else "",
            "source": first.source,
        },
        "stop": stop
        and {
            "text": stop.text,
            "text_en": stop.text_en,
            "until": moment(stop.until),
            "by": stop.started_by.first_name,
        },
        "rests_until": moment(stands.rests_until),
    }


def text_bell(
    public_id: UUID, payload: dict[str, Any] | None, *, owner_id: int | None
) -> realtime.Bell:
    """A stored text for both sides. The lists do not need it: their cards did not change."""
    message = {
        "type": "chat.message",
        "conversation": str(public_id),
        "message": payload,
        "owner": owner_id,
    }
    return conversation_group(public_id), message


def note_payload(note: InternalNote, *, reader_id: int | None) -> dict[str, Any]:
    """A note as the agent `reader_id` sees it; needs `author` joined in. Its id is its ref."""
    return {
        "id": str(note.client_ref),
        "text": note.text,
        "name": note.author.first_name,
        "at": moment(note.written_at),
        "own": note.author_id == reader_id,
    }


def note_bell(conversation: Conversation, note: InternalNote) -> realtime.Bell:
    """A new note, for the consoles that show the conversation; each finds out whether it is own."""
    message = {
        "type": "chat.noted",
        "conversation": str(conversation.public_id),
        "note": note_payload(note, reader_id=None),
        "author": note.author_id,
        "owner": conversation.agent_id,
    }
    return notes_group(conversation.public_id), message


def announce_change(
    conversation: Conversation, message: Message, rules: ChatRules, *, with_card: bool = True
) -> None:
    """Rings a change of state: the message and the new head to both sides, the card to agents.

    Without the card when the next change of the same transaction brings it.
    """
    realtime.announce(
        conversation_group(conversation.public_id),
        {
            "type": "chat.message",
            "conversation": str(conversation.public_id),
            "message": message_payload(message),
            "head": head_payload(conversation, rules),
            "owner": conversation.agent_id,
        },
    )
    if with_card and message.kind not in {Kind.ASKED_IF_THERE, Kind.STILL_THERE}:
        announce_card(conversation)


def announce_card(conversation: Conversation) -> None:
    realtime.announce(AGENTS, {"type": "chat.card", "card": card_payload(conversation)})


def announce_presence(user_id: int, presence: dict[str, Any]) -> None:
    """Rings an agent's own state, cap and chats to all consoles of this agent."""
    realtime.announce(agent_group(user_id), {"type": "chat.presence", "presence": presence})


def announce_head(conversation: Conversation, rules: ChatRules) -> None:
    """Rings read marks."""
    realtime.announce(
        conversation_group(conversation.public_id),
        {"type": "chat.head", "head": head_payload(conversation, rules)},
    )


def typing(public_id: UUID, author: Author) -> dict[str, Any]:
    """That somebody types; never what. Lost is fine, so it is rung without a transaction."""
    return {"type": "chat.typing", "conversation": str(public_id), "author": author.value}


def announce_logout(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Receives Django's logout: consoles of this login that are still open stop at once.

    A logout that comes from no browser (a command) stops those of every login.
    """
    if user is not None:
        mark = session_mark(request.session.session_key) if request else ""
        realtime.announce(agent_group(user.pk), {"type": "chat.logged_out", "session": mark})


def announce_new_password(sender: Any, user: Any, **kwargs: Any) -> None:
    """Receives allauth's change of a password: consoles of every login stop."""
    realtime.announce(agent_group(user.pk), {"type": "chat.logged_out", "session": ""})


def session_mark(key: str | None) -> str:
    """Tells logins apart without sending what opens them through the channel layer."""
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""
