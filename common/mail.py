"""Mails of the portal: a letter in text and HTML, and what is attached to it."""

import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import EmailValidator
from django.template.loader import render_to_string

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less its brackets
# No name of this machine, no quotes: nobody's real address needs them.
_is_mail = EmailValidator(allowlist=[])


@dataclass(frozen=True)
class Attached:
    """A file that goes along."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Letter:
    """What is mailed to one person, and to the others in `also`.

    `template` names two: `<template>.txt` and `<template>.html`, filled with `context`. `key` makes
    the Message-ID: the same letter, sent again because the first answer was lost, carries the same.
    `reply_to` is where a person reads the answer; empty when nobody does.
    """

    to: str
    subject: str
    template: str
    key: UUID
    reply_to: str = ""
    also: Sequence[str] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    attached: Sequence[Attached] = ()


def mail_of(letter: Letter) -> EmailMultiAlternatives:
    """The mail, in the active language; nothing is sent yet.

    It comes from the address that the mail server of the city lets the portal use. An automatic
    answer (out of office) stays away: RFC 3834.
    """
    headers = {"Message-ID": f"<{letter.key}@{_domain()}>", "Auto-Submitted": "auto-generated"}
    context = {**letter.context, "subject": letter.subject}
    mail = EmailMultiAlternatives(
        " ".join(letter.subject.split()),
        render_to_string(f"{letter.template}.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [letter.to, *letter.also],
        headers=headers,
        reply_to=[letter.reply_to] if letter.reply_to else None,
    )
    mail.attach_alternative(render_to_string(f"{letter.template}.html", context), "text/html")
    for one in letter.attached:
        mail.attach(one.name, one.content, one.media_type)
    return mail


def takes_mail(address: str) -> bool:
    """Whether a mail can be addressed so; no line break gets into the head of a mail."""
    try:
        _is_mail(address)
    except ValidationError:
        return False
    is_strange = any(sign in address for sign in '"[\\') or not address.isprintable()
    return not is_strange and len(address) <= LONGEST_ADDRESS


def refused_for_good(error: Exception) -> bool:
    """Whether the server says that this address takes no mail: another try would change nothing.

    Of a mail to several this is said only when none of them took it.
    """
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in error.recipients.values()
    )


def server_is_away(error: Exception) -> bool:
    """Whether the mail server could not be spoken to, so that other mails need not try now."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(
            error,
            smtplib.SMTPConnectError | smtplib.SMTPServerDisconnected | smtplib.SMTPHeloError,
        )
    return isinstance(error, OSError)


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
