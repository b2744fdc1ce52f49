"""Opening a conversation, writing in it, reading it."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from chat import access, events
from chat.actions.availability import availability
from chat.append import Text, append_text
from chat.models import ChatRules, Conversation, Message
from chat.states import OPEN_STATES, Author, Kind
from common import eventlog, throttle
from common.errors import RuleBroken

MAX_TEXT = 2_000
FIRST_WORDS = 160
BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Opening:
    """What a citizen brings when a chat starts."""

    token: str
    client_ref: UUID
    text: str
    language: str
    page: str
    name: str
    address: str  # of the internet, for the throttle; never stored


@dataclass(frozen=True)
class Stored:
    """The acknowledgement of a send. `payload` is None when the same send was stored before."""

    seq: int
    at: datetime
    payload: dict[str, Any] | None


def checked_text(text: str) -> str:
    """The text as it will be stored; raises RuleBroken when empty or too long.

    Length counts code points.
    """
    clean = cleaned(text).strip()
    if not any(c.isprintable() and not c.isspace() for c in clean):
        raise RuleBroken("text_empty")
    if len(clean) > MAX_TEXT:
        raise RuleBroken("text_too_long", limit=MAX_TEXT)
    return clean


def cleaned(text: str) -> str:
    """What people typed, without what only harms.

    Control characters other than line breaks and tabs go out (PostgreSQL refuses a NUL),
    bidirectional overrides too: they can make a text read otherwise than it is (CVE-2021-42574).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or not _invisible(c))


def _invisible(character: str) -> bool:
    category = unicodedata.category(character)
    return category in {"Cc", "Cs"} or character in BIDI_OVERRIDES


@transaction.atomic
def open_conversation(*, opening: Opening, now: datetime) -> Conversation:
    """Starts a conversation with its first message; it waits for an agent.

    Idempotent on the token: a repeated start returns the conversation that exists, whatever became
    of the first answer. Raises RuleBroken: chat_closed, too_many, text_empty,
    text_too_long, wrong_token.
    """
    token_hash = access.hashed(opening.token)
    existing = Conversation.objects.select_related("agent").filter(token_hash=token_hash).first()
    if existing:
        return existing
    text = checked_text(opening.text)
    rules = ChatRules.current()
    throttle.check("new-chat", key=opening.address, limit=rules.new_chats_per_hour, period_s=3_600)
    if availability(now=now, rules=rules).state == "closed":
        raise RuleBroken("chat_closed")
    try:
        with transaction.atomic():
            conversation = Conversation.objects.create(
                token_hash=token_hash,
                language=opening.language,
                page=cleaned(opening.page),
                name=" ".join(cleaned(opening.name).split()),
                first_words=" ".join(text.split())[:FIRST_WORDS],
                last_seq=1,
                opened_at=now,
                queued_at=now,
                last_text_at=now,
                citizen_alive_at=now,
                citizen_seen_at=now,
            )
    except IntegrityError:  # the same start, at the same moment, in another process
        return access.of_citizen(opening.token)
    message = Message.objects.create(
        conversation=conversation,
        seq=1,
        author=Author.CITIZEN,
        text=text,
        client_ref=opening.client_ref,
        stored_at=now,
    )
    subject = conversation.public_id
    eventlog.record("chat.queued", subject=subject, at=now, language=opening.language)
    eventlog.record("chat.message", subject=subject, at=now, author=Author.CITIZEN)
    events.announce_change(conversation, message, rules)
    return conversation


def post_citizen_message(
    *, conversation: Conversation, text: str, client_ref: UUID, now: datetime
) -> Stored:
    """Stores a text of the citizen and rings it; a repetition stores nothing and says its number.

    Raises RuleBroken: text_empty, text_too_long, too_fast, conversation_closed.
    """
    return _post(
        Text(
            conversation_id=conversation.pk,
            subject=conversation.public_id,
            author=Author.CITIZEN,
            agent_id=None,
            agent_name="",
            text=checked_text(text),
            client_ref=client_ref,
            now=now,
            per_minute=settings.CHAT_MESSAGES_PER_MINUTE,
        )
    )


def post_agent_message(
    *,
    conversation_id: int,
    public_id: UUID,
    agent: User,
    text: str,
    client_ref: UUID,
    now: datetime,
) -> Stored:
    """Stores a text of the agent who owns the conversation, and rings it.

    Ownership and role are checked in the same statement that stores. Raises RuleBroken: text_empty,
    text_too_long, conversation_closed, not_found, not_allowed.
    """
    return _post(
        Text(
            conversation_id=conversation_id,
            subject=public_id,
            author=Author.AGENT,
            agent_id=agent.pk,
            agent_name=agent.first_name,
            text=checked_text(text),
            client_ref=client_ref,
            now=now,
            per_minute=settings.CHAT_MESSAGES_PER_MINUTE,
        )
    )


def _post(text: Text) -> Stored:
    try:
        taken = append_text(text)
    except IntegrityError:  # the same send, at the same moment, on another connection
        taken = None
    if taken is None:
        return _stored_before(text)
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
    events.announce_text(text.subject, payload, owner_id=taken.owner_id)
    return Stored(taken.seq, text.now, payload)


def _stored_before(text: Text) -> Stored:
    """Nothing was stored: the acknowledgement of the earlier send, or the rule that forbade it."""
    earlier = Message.objects.filter(
        conversation_id=text.conversation_id,
        client_ref=text.client_ref,
        author=text.author,
        agent=text.agent_id,
    ).first()
    if earlier:
        return Stored(earlier.seq, earlier.stored_at, None)
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


@transaction.atomic
def mark_read(*, conversation: Conversation, reader: Author, seq: int) -> bool:
    """Moves the read mark of one side forward, never back. Returns whether it moved."""
    field = "citizen_read_seq" if reader == Author.CITIZEN else "agent_read_seq"
    moved = Conversation.objects.filter(
        pk=conversation.pk, last_seq__gte=seq, **{f"{field}__lt": seq}
    ).update(**{field: seq})
    if moved:
        fresh = Conversation.objects.select_related("agent").get(pk=conversation.pk)
        events.announce_head(fresh, ChatRules.current())
    return bool(moved)


def messages_after(conversation: Conversation, after: int, limit: int = 200) -> list[Message]:
    """Messages newer than number `after`, oldest first: `limit`, and one to say there is more."""
    return list(conversation.messages.filter(seq__gt=after).order_by("seq")[: limit + 1])
