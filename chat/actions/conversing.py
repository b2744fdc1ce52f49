"""Opening a conversation and reading it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from chat import access, events
from chat.actions.availability import availability
from chat.actions.writing import checked_text, cleaned
from chat.models import ChatRules, Conversation, Message
from chat.states import Author
from common import eventlog, throttle
from common.errors import RuleBroken

FIRST_WORDS = 160


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
    return _store_opening(opening, token_hash, text, now=now, rules=rules)


@transaction.atomic
def _store_opening(
    opening: Opening, token_hash: str, text: str, *, now: datetime, rules: ChatRules
) -> Conversation:
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
