"""Notes that agents write for each other about a conversation. The citizen never sees one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from accounts.models import User
from chat import events
from chat.actions.writing import checked_text
from chat.models import Conversation, InternalNote
from common import eventlog, realtime
from common.errors import RuleBroken

MAX_NOTES = 100  # of one conversation


def write_note(
    *, conversation: Conversation, agent: User, text: str, client_ref: UUID, now: datetime
) -> InternalNote:
    """Stores a note, masked like a message, and rings it to every console that shows it.

    Idempotent on `client_ref`: a repetition gives the note of the first time. Locks the row of the
    conversation, so that no note comes after its content was removed.

    Raises RuleBroken: text_empty, text_too_long, too_many_notes, not_found.
    """
    with override("nl"):
        clean = checked_text(text)
    with transaction.atomic():
        _hold(conversation)
        notes = InternalNote.objects.filter(conversation=conversation)
        earlier = notes.filter(client_ref=client_ref, author=agent).select_related("author").first()
        if earlier:
            return earlier
        if notes.count() >= MAX_NOTES:
            raise RuleBroken("too_many_notes")
        note = InternalNote.objects.create(
            conversation=conversation,
            author=agent,
            client_ref=client_ref,
            text=clean,
            written_at=now,
        )
        eventlog.record("chat.noted", subject=conversation.public_id, at=now, actor=agent.pk)
        realtime.announce(*events.note_bell(conversation, note))
        return note


def notes_of(conversation: Conversation) -> list[InternalNote]:
    """The notes about this one conversation, oldest first. One query."""
    return list(InternalNote.objects.filter(conversation=conversation).select_related("author"))


def _hold(conversation: Conversation) -> None:
    kept = Conversation.objects.select_for_update().filter(anonymised_at=None, pk=conversation.pk)
    if not kept.exists():
        raise RuleBroken("not_found")
