"""A mail server that speaks the real protocol and behaves as badly as a test wants."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

DIE = "die"  # takes the mail and is gone before it says so
STALL = "stall"  # takes the mail and says nothing


class MailServer:
    """Keeps what it took. What it says next to a recipient or a content is in lists; then ok."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.to_recipient: list[str] = []
        self.to_content: list[str] = []

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient:
            return self.to_recipient.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.to_content.pop(0) if self.to_content else "250 OK"
        if answer in {"250 OK", DIE, STALL}:
            self.recipients += envelope.rcpt_tos
            message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
        if answer == DIE:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if answer == STALL:
            await asyncio.sleep(3)
        return answer


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A mail server on this machine, to which the portal sends."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it would log what no log may hold
    handler = MailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_TIMEOUT = 1
    yield handler
    controller.stop()
