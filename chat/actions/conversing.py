"""Opening a conversation and reading it."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import unquote_plus
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import override

from accounts.models import User
from chat import access, events
from chat.actions.assigning import soon
from chat.actions.availability import require_open
from chat.actions.writing import checked_text
from chat.models import ChatRules, Conversation, Message
from chat.states import Author
from common import eventlog, throttle
from common.masking import masked
from common.texts import cleaned

FIRST_WORDS = 160
MAX_NAME, MAX_PAGE = 60, 500  # what was left out may have made them longer


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
    of the first answer. Raises RuleBroken: chat_closed, too_many, text_empty, text_too_long,
    wrong_token (also when that one ended long ago).
    """
    token_hash = access.hashed(opening.token)
    if Conversation.objects.filter(token_hash=token_hash).exists():
        return access.of_citizen(opening.token)  # not one that ended long ago
    rules = ChatRules.current()
    throttle.check("new-chat", key=opening.address, limit=rules.new_chats_per_hour, period_s=3_600)
    require_open(now=now, rules=rules)
    # Only now: a search takes up to 10 ms, and whoever is refused above may come 40 times a second.
    with override(opening.language):
        opening = _without_secrets(opening)
    return _store_opening(opening, token_hash, now=now, rules=rules)


def _without_secrets(opening: Opening) -> Opening:
    """What the citizen brings, as it will be stored; raises RuleBroken: text_empty, text_too_long.

    An address is looked at as a person reads it: `85%2E07` hides nothing. What `%00` and its like
    stand for goes out of it, too: PostgreSQL refuses a NUL.
    """
    name, page = cleaned(opening.name), cleaned(opening.page)
    readable = masked(cleaned(unquote_plus(page)))
    return replace(
        opening,
        text=checked_text(opening.text),
        name=masked(" ".join(name.split())).text[:MAX_NAME],
        page=(readable.text if readable.found else page)[:MAX_PAGE],
    )


@transaction.atomic
def _store_opening(
    opening: Opening, token_hash: str, *, now: datetime, rules: ChatRules
) -> Conversation:
    try:
        with transaction.atomic():
            conversation = Conversation.objects.create(
                token_hash=token_hash,
                language=opening.language,
                page=opening.page,
                name=opening.name,
                first_words=_first_words(opening),
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
        text=opening.text,
        client_ref=opening.client_ref,
        stored_at=now,
    )
    subject = conversation.public_id
    eventlog.record("chat.queued", subject=subject, at=now, language=opening.language)
    eventlog.record("chat.message", subject=subject, at=now, author=Author.CITIZEN)
    events.announce_change(conversation, message, rules)
    soon(now=now)
    return conversation


def _first_words(opening: Opening) -> str:
    """The beginning on one line; digits that stood far apart in the text may meet there."""
    with override(opening.language):
        line = masked(" ".join(opening.text.split())[: 2 * FIRST_WORDS])
    return line.text[:FIRST_WORDS]


def mark_read(*, conversation: Conversation, reader: Author, seq: int) -> bool:
    """Moves the read mark of one side forward, never back. Returns whether it moved."""
    field = "citizen_read_seq" if reader == Author.CITIZEN else "agent_read_seq"
    return _move_mark(Conversation.objects.filter(pk=conversation.pk), field, seq)


def mark_read_by_agent(*, public_id: UUID, agent: User, seq: int) -> bool:
    """`mark_read` in one statement: whose conversation it is stands in its condition."""
    own = access.in_hands_of(agent.pk).filter(public_id=public_id)
    return _move_mark(own, "agent_read_seq", seq)


@transaction.atomic
def _move_mark(rows: QuerySet[Conversation], field: str, seq: int) -> bool:
    moved = rows.filter(last_seq__gte=seq, **{f"{field}__lt": seq}).update(**{field: seq})
    if moved:
        events.announce_head(rows.select_related("agent").get(), ChatRules.current())
    return bool(moved)


def messages_after(conversation: Conversation, after: int, limit: int = 200) -> list[Message]:
    """Messages newer than number `after`, oldest first: `limit`, and one to say there is more."""
    newer = conversation.messages.select_related("attachment").filter(seq__gt=after)
    return list(newer.order_by("seq")[: limit + 1])
