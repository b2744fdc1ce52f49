"""Sending a link card: a product of the city as the next message of a conversation."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from chat import events
from chat.actions import writing
from chat.append import Text, append_text
from chat.models import Conversation, Message
from chat.states import Author, Kind
from city.models import Product
from common import eventlog, realtime
from common.errors import RuleBroken

Card = dict[str, str]


def send_card(
    *,
    conversation_id: int,
    agent: User,
    slug: str,
    origin: str,
    client_ref: UUID,
    now: datetime,
) -> writing.Stored:
    """Stores the card of a product as the next message and rings it; `payload` is that message.

    `origin` is the portal's own scheme and host, because the page that shows the card may be one of
    another site. Idempotent on `client_ref`. Takes its number by the same statement as a text, so
    that the right to write and the moments of the conversation are those of a text.

    Raises RuleBroken: unknown_product, conversation_closed, not_found, not_allowed.
    """
    conversation = Conversation.objects.get(pk=conversation_id)
    line = _line(conversation, agent, client_ref, now)
    if Message.objects.filter(conversation=conversation, client_ref=client_ref).exists():
        return writing.stored_before(line)
    card = card_of(_published(slug, now), language=conversation.language, origin=origin)
    try:
        stored = _stored(line, slug, card)
    except IntegrityError:  # the same send, at the same moment, on another connection
        stored = None
    return stored or writing.stored_before(line)


def card_of(product: Product, *, language: str, origin: str) -> Card:
    """What the citizen sees of a product: title, summary and the whole address of its page."""
    with override(language):
        return {
            "title": str(product.local.title),
            "summary": str(product.local.summary),
            "url": origin + reverse("product", args=[product.slug]),
        }


def _published(slug: str, now: datetime) -> Product:
    found = Product.objects.published(timezone.localdate(now)).filter(slug=slug).first()
    if found is None:
        raise RuleBroken("unknown_product")
    return found


def _line(conversation: Conversation, agent: User, client_ref: UUID, now: datetime) -> Text:
    return Text(
        conversation_id=conversation.pk,
        subject=conversation.public_id,
        author=Author.AGENT,
        agent_id=agent.pk,
        agent_name=agent.first_name,
        text="",
        client_ref=client_ref,
        now=now,
        per_minute=settings.CHAT_MESSAGES_PER_MINUTE,
        kind=Kind.CARD,
    )


@transaction.atomic
def _stored(line: Text, slug: str, card: Card) -> writing.Stored | None:
    taken = append_text(line)
    if taken is None:
        return None
    message = Message.objects.get(conversation=line.conversation_id, seq=taken.seq)
    message.card = card
    message.save(update_fields=["card"])
    eventlog.record(
        "chat.card", subject=line.subject, at=line.now, actor=line.agent_id, product=slug
    )
    payload = events.message_payload(message)
    realtime.announce(*events.text_bell(line.subject, payload, owner_id=taken.owner_id))
    return writing.Stored(taken.seq, message.stored_at, "", payload)
