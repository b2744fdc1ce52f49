"""Sending a file: checked, stored beside its numbered message, and removed again with it."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import override

from accounts.models import User
from chat import events
from chat.actions import writing
from chat.append import Text, append_text
from chat.models import Attachment, ChatRules, Conversation, Message
from chat.models.conversations import random_place
from chat.states import OPEN_STATES, Author, Kind, State
from common import eventlog, realtime
from common.errors import RuleBroken
from common.uploads.checking import CleanFile, checked

MAX_FILES = 20
MAX_TOTAL_BYTES = 100 * 1024 * 1024
ORPHAN_AFTER = timedelta(days=1)
FOLDER = "chat"


def share_file(
    *,
    conversation: Conversation,
    author: Author,
    agent: User | None,
    upload: "UploadedFile[Any]",
    client_ref: UUID,
    now: datetime,
) -> writing.Stored:
    """Checks a file, stores it as the next message and rings it; `payload` is that message.

    Idempotent on `client_ref`: a repetition stores nothing, reads nothing of `upload` and gives the
    message of the first time. Takes its number by the same statement as a text, so that the right
    to write, the rate and the moments of the conversation are those of a text. Never called in a
    transaction: the check may take a minute.

    Raises RuleBroken: files_off, conversation_closed, too_fast, too_many_files, what
    `common.uploads.checking.checked` raises; for an agent also not_found, not_allowed.
    """
    line = _line(conversation, author, agent, client_ref, now)
    earlier = _stored_before(line)
    if earlier:
        return earlier
    if not ChatRules.current().files_allowed:
        raise RuleBroken("files_off")
    if not _may_write(conversation, line):
        return writing.stored_before(line)  # which knows why not, and raises it
    _require_room(conversation.pk, upload.size or 0)
    # What is masked in the name of a file is said in the language of who sent it.
    with override(conversation.language if agent is None else "nl"):
        clean = _checked(upload, line)
    return _store(replace(line, file_type=clean.media_type), clean)


def _line(
    conversation: Conversation,
    author: Author,
    agent: User | None,
    client_ref: UUID,
    now: datetime,
) -> Text:
    return Text(
        conversation_id=conversation.pk,
        subject=conversation.public_id,
        author=author,
        agent_id=agent.pk if agent else None,
        agent_name=agent.first_name if agent else "",
        text="",
        client_ref=client_ref,
        now=now,
        per_minute=settings.CHAT_MESSAGES_PER_MINUTE,
        kind=Kind.FILE,
    )


def _stored_before(line: Text) -> writing.Stored | None:
    earlier = (
        Message.objects.select_related("attachment")
        .filter(
            conversation=line.conversation_id,
            client_ref=line.client_ref,
            author=line.author,
            agent=line.agent_id,
        )
        .first()
    )
    if earlier is None:
        return None
    payload = events.message_payload(earlier)
    return writing.Stored(earlier.seq, earlier.stored_at, earlier.text, payload)


def _may_write(conversation: Conversation, line: Text) -> bool:
    """A first look, to spare the check of a file that is refused anyway; the statement decides."""
    if line.author == Author.AGENT:
        return conversation.state == State.ACTIVE and conversation.agent_id == line.agent_id
    return conversation.state in OPEN_STATES


def _require_room(conversation_id: int, size_bytes: int) -> None:
    """Raises RuleBroken("too_many_files") when the conversation holds as much as it may."""
    held = Attachment.objects.filter(message__conversation=conversation_id).aggregate(
        files=Count("pk"), size_bytes=Sum("size_bytes", default=0)
    )
    if held["files"] >= MAX_FILES or held["size_bytes"] + size_bytes > MAX_TOTAL_BYTES:
        raise RuleBroken("too_many_files", limit=MAX_FILES)


def _checked(upload: "UploadedFile[Any]", line: Text) -> CleanFile:
    # A check takes seconds, in which this thread must not sit on one of the pool's connections.
    if not connection.in_atomic_block:
        connection.close()
    try:
        return checked(upload)
    except RuleBroken as error:
        if error.code == "file_virus":
            author = line.author.value
            eventlog.record("chat.virus", subject=line.subject, at=line.now, author=author)
        raise


def _store(line: Text, clean: CleanFile) -> writing.Stored:
    """Writes the content, then its rows; when they do not come to be, the content goes again.

    Only when that is certain: an error of the connection may have come after the commit. What then
    has no row, like what a kill leaves between the two, `remove_orphans` finds.
    """
    place = _content().save(random_place(Attachment(), ""), ContentFile(clean.content))
    try:
        stored = _stored(line, clean, place)
    except IntegrityError:  # the same send, at the same moment, on another connection
        stored = None
    except RuleBroken:
        _content().delete(place)
        raise
    if stored:
        return stored
    _content().delete(place)
    return _stored_before(line) or writing.stored_before(line)


@transaction.atomic
def _stored(line: Text, clean: CleanFile, place: str) -> writing.Stored | None:
    taken = append_text(line)
    if taken is None:
        return None
    # Under the lock that the number took, so that two files at once cannot both be the last one.
    _require_room(line.conversation_id, len(clean.content))
    message = Message.objects.get(conversation=line.conversation_id, seq=taken.seq)
    message.attachment = Attachment.objects.create(
        message=message,
        name=clean.name,
        media_type=clean.media_type,
        size_bytes=len(clean.content),
        width_px=clean.width_px,
        height_px=clean.height_px,
        content=place,
    )
    payload = events.message_payload(message)
    realtime.announce(*events.text_bell(line.subject, payload, owner_id=taken.owner_id))
    return writing.Stored(taken.seq, message.stored_at, "", payload)


def remove_files_of(conversations: QuerySet[Conversation]) -> int:
    """Removes the rows of all files of these conversations, and after the commit their content.

    Their messages stay, without a file. Returns how many. Run it in the caller's transaction,
    before the conversations themselves go: Django removes rows with them, but no content.
    """
    files = Attachment.objects.filter(message__conversation__in=conversations)
    places = list(files.values_list("content", flat=True))
    files.delete()
    transaction.on_commit(lambda: remove_contents(places))
    return len(places)


def remove_contents(places: Sequence[str]) -> None:
    """Removes what lies in these places; what is gone already is fine."""
    for place in places:
        _content().delete(place)


def remove_orphans(*, now: datetime) -> int:
    """Removes contents without a row: a process was killed between content and row, or after it.

    Only those older than a day, because a young one may still get its row. Returns how many.
    """
    found = list(orphans(now=now))
    remove_contents(found)
    return len(found)


def orphans(*, now: datetime) -> Iterator[str]:
    """The places of contents older than a day that no row knows; a query for each folder."""
    content = _content()
    with contextlib.suppress(FileNotFoundError):
        for folder in content.listdir(FOLDER)[0]:
            inside = f"{FOLDER}/{folder}/"
            known = set(
                Attachment.objects.filter(content__startswith=inside).values_list(
                    "content", flat=True
                )
            )
            for name in content.listdir(inside)[1]:
                place = inside + name
                if place not in known and _is_old(content, place, now):
                    yield place


def _is_old(content: Storage, place: str, now: datetime) -> bool:
    return content.get_modified_time(place) < now - ORPHAN_AFTER


def _content() -> Storage:
    return Attachment._meta.get_field("content").storage
