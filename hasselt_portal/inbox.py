"""The demo inbox: the mails that the portal wrote to files instead of sending them."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

# What Django's file backend writes after each mail.
SEPARATOR = b"\n" + b"-" * 79 + b"\n"
MOST_SHOWN = 50


@dataclass(frozen=True)
class Mail:
    """One mail as a person reads it."""

    to: str
    subject: str
    sent_at: datetime | None
    body: str
    attached: list[str]


def newest_mails(folder: Path) -> list[Mail]:
    """The mails in `folder`, newest first; none when nothing was ever sent."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    mails: list[Mail] = []
    for path in files:
        mails += reversed(list(_mails_in(path)))
        if len(mails) >= MOST_SHOWN:
            break
    return sorted(mails, key=_moment, reverse=True)[:MOST_SHOWN]


def remove_mails(folder: Path, *, before: datetime, limit: int) -> int:
    """Removes at most `limit` files that were written last at `before` or earlier; how many."""
    old = [path for path in folder.glob("*.log") if path.stat().st_mtime <= before.timestamp()]
    for path in old[:limit]:
        path.unlink(missing_ok=True)
    return len(old[:limit])


def _mails_in(path: Path) -> Iterator[Mail]:
    for source in path.read_bytes().split(SEPARATOR):
        if source.strip():
            yield _read(source.lstrip())


def _read(source: bytes) -> Mail:
    message = email.message_from_bytes(source, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # the default policy makes no other
    text = message.get_body(preferencelist=("plain", "html"))
    date = message["Date"]
    return Mail(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=_aware(date.datetime) if date is not None else None,
        body=text.get_content().strip() if text is not None else "",
        attached=[part.get_filename("") for part in message.iter_attachments()],
    )


def _aware(moment: datetime) -> datetime:
    """Django writes UTC as "-0000", which Python reads as a moment without a zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment(mail: Mail) -> float:
    return mail.sent_at.timestamp() if mail.sent_at else 0.0
