"""Files in conversations, for tests."""

import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from chat.actions import sharing, writing
from chat.models import Attachment, Conversation
from chat.states import Author
from chat.testing.world import NOW
from common.testing.uploads import picture, uploaded


@pytest.fixture
def disk() -> Iterator[Path]:
    """The private folder, empty before and after."""
    folder = Path(settings.PRIVATE_FILES)
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def contents(disk: Path) -> list[str]:
    """The places of everything that lies in the private folder."""
    return sorted(str(path.relative_to(disk)) for path in disk.rglob("*") if path.is_file())


def places() -> list[str]:
    """The places that the rows know."""
    return sorted(Attachment.objects.values_list("content", flat=True))


def citizen_shares(
    conversation: Conversation, content: bytes | None = None, now: datetime = NOW, **fields: Any
) -> writing.Stored:
    """The citizen sends a photo, or `content`; `fields` may hold `ref` and `name`."""
    return _shared(conversation, content, now, agent=None, **fields)


def agent_shares(
    conversation: Conversation,
    agent: User,
    content: bytes | None = None,
    now: datetime = NOW,
    **fields: Any,
) -> writing.Stored:
    """The same by an agent."""
    return _shared(conversation, content, now, agent=agent, **fields)


def _shared(
    conversation: Conversation,
    content: bytes | None,
    now: datetime,
    *,
    agent: User | None,
    ref: uuid.UUID | None = None,
    name: str = "foto.jpg",
) -> writing.Stored:
    return sharing.share_file(
        conversation=conversation,
        author=Author.AGENT if agent else Author.CITIZEN,
        agent=agent,
        upload=uploaded(picture() if content is None else content, name),
        client_ref=ref or uuid.uuid4(),
        now=now,
    )
