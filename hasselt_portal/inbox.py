"""The demo inbox: the mails that the portal wrote to files instead of sending them."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
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


def newest_mails(folder: Path) -> list[Mail]:
    """The mails in `folder`, newest first; none when nothing was ever sent."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    mails: list[Mail] = []
    for path in files:
        mails += reversed(list(_mails_in(path)))
        if len(mails) >= MOST_SHOWN:
            break
    return sorted(mails, key=_moment, reverse=True)[:MOST_SHOWN]


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
        sent_at=date.datetime if date is not None else None,
        body=text.get_content().strip() if text is not None else "",
    )


def _moment(mail: Mail) -> float:
    return mail.sent_at.timestamp() if mail.sent_at else 0.0
