"""Copies of a conversation by mail: asked here, sent by a task, repeated until the server takes it.

The row is written before anything is sent, so that no request is lost; it is worked off by
`chat.tasks.mail_transcripts`. A mail goes out at least once: killed between the server's yes and
our commit, it goes again, with the same Message-ID.
"""

import hashlib
import logging
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import override

from chat.models import Conversation, TranscriptMail
from chat.states import OPEN_STATES
from chat.transcript import Transcript, file_name, pdf_of, text_of, transcript_of
from common import eventlog, throttle
from common.background import wake_after_commit
from common.errors import RuleBroken
from common.mail import (
    Attached,
    Letter,
    mail_of,
    refused_for_good,
    server_is_away,
    takes_mail,
)

log = logging.getLogger(__name__)
MAIL_TRANSCRIPTS = "chat.tasks.mail_transcripts"
MOST_PER_CONVERSATION = 3
MOST_PER_ADDRESS_A_DAY = 10
# After each failed attempt; the one after the last wait, a day later, is the last.
WAITS_MINUTES = (1, 5, 15, 60, 180, 360, 840)
LAST_ATTEMPT = len(WAITS_MINUTES) + 1
WITHOUT_PDF_FROM = 3
# Longer than a run may take, so that two never hold the same mail. What a killed run held comes
# back when this is over.
HOLD = timedelta(minutes=10)
RUN_TAKES = 5
SHOWN_IN_MAIL = 200


def ask_transcript_mail(*, conversation: Conversation, address: str, now: datetime) -> None:
    """Writes down that this address gets a copy, and wakes who sends it.

    Who asks during the conversation gets all of it when it has ended. The same address again, while
    its mail has not gone yet, is the same request. Raises RuleBroken: bad_mail, too_many_mails,
    wrong_token when the conversation was anonymised at this very moment.
    """
    address = _checked(address)
    _require_not_too_many(address)
    with transaction.atomic():
        # Two requests at once count each other.
        locked = Conversation.objects.select_for_update().get(pk=conversation.pk)
        if locked.anonymised_at:
            raise RuleBroken("wrong_token")
        if locked.transcript_mails.filter(address__iexact=address).exists():
            return
        if locked.transcript_mails.count() >= MOST_PER_CONVERSATION:
            raise RuleBroken("too_many_mails")
        TranscriptMail.objects.create(
            conversation=locked, address=address, asked_at=now, due_at=now
        )
        wake_after_commit(MAIL_TRANSCRIPTS)


def _checked(address: str) -> str:
    address = address.strip()
    if not takes_mail(address):
        raise RuleBroken("bad_mail")
    return address


def _require_not_too_many(address: str) -> None:
    key = hashlib.sha256(address.lower().encode()).hexdigest()
    try:
        throttle.check(
            "transcript-mail", key=key, limit=MOST_PER_ADDRESS_A_DAY, period_s=24 * 3_600
        )
    except RuleBroken:
        raise RuleBroken("too_many_mails") from None


def mail_due_transcripts(*, now: datetime) -> int:
    """Sends what is due, five at most; returns how many went. Never called in a transaction.

    Each is claimed first by moving its next attempt, so that of two workers one sends it. When the
    mail server is away the others wait for the next run.
    """
    sent = 0
    for mail in _due(now).select_related("conversation").order_by("due_at", "pk")[:RUN_TAKES]:
        if not _claim(mail, now) or _was_cut_off(mail, now):
            continue
        try:
            _send(mail)
        except SoftTimeLimitExceeded:  # no fault of this mail; it comes back when its hold is over
            raise
        except Exception as error:
            _postpone(mail, error, now=now)
            if server_is_away(error):
                break
        else:
            _finish(mail, now=now)
            sent += 1
    return sent


def _due(now: datetime) -> "QuerySet[TranscriptMail]":
    """Open and due, of conversations that have ended.

    Without a join: Django would claim by `id IN (SELECT …)`, and PostgreSQL does not look at that
    again when the claim of another worker was waited for, so that both would win.
    """
    ended = Conversation.objects.exclude(state__in=OPEN_STATES)
    return TranscriptMail.objects.filter(
        due_at__lte=now, sent_at=None, given_up_at=None, conversation__in=ended
    )


def _claim(mail: TranscriptMail, now: datetime) -> bool:
    claimed = _due(now).filter(pk=mail.pk, attempts=mail.attempts)
    won = claimed.update(due_at=now + HOLD, attempts=F("attempts") + 1)
    mail.attempts += won
    return bool(won)


def _was_cut_off(mail: TranscriptMail, now: datetime) -> bool:
    """Gives up a mail whose every attempt ended in a kill: it may be what kills."""
    hopeless = mail.attempts > LAST_ATTEMPT
    if hopeless:
        _give_up(mail, now=now)
    return hopeless


def _send(mail: TranscriptMail) -> None:
    conversation = mail.conversation
    copy = transcript_of(conversation)
    text = text_of(copy)
    with override(conversation.language):
        letter = Letter(
            to=mail.address,
            subject=copy.title,
            template="chat/mail/transcript",
            key=mail.message_id,
            reply_to=copy.mail,
            context={"copy": copy, "text": text, "shows_all": copy.count <= SHOWN_IN_MAIL},
            attached=[
                *_pdf(copy, mail),
                Attached(f"{file_name()}.txt", text.encode(), "text/plain"),
            ],
        )
        mail_of(letter).send()


def _pdf(copy: Transcript, mail: TranscriptMail) -> list[Attached]:
    """The PDF; none when it failed before, so that a talk that cannot be set is mailed as text."""
    try:
        return [Attached(f"{file_name()}.pdf", pdf_of(copy), "application/pdf")]
    except RuleBroken:
        if mail.attempts < WITHOUT_PDF_FROM:
            raise
        return []


def _finish(mail: TranscriptMail, *, now: datetime) -> None:
    """The address is needed for nothing any more."""
    with transaction.atomic():
        if TranscriptMail.objects.filter(pk=mail.pk).update(sent_at=now, address=""):
            subject = mail.conversation.public_id
            eventlog.record("chat.transcript_mailed", subject=subject, at=now)


def _postpone(mail: TranscriptMail, error: Exception, *, now: datetime) -> None:
    """Sets the next attempt, or gives up; the log names the error's class only."""
    log.warning("copy %s: attempt %s: %s", mail.pk, mail.attempts, type(error).__name__)
    if mail.attempts >= LAST_ATTEMPT or refused_for_good(error):
        _give_up(mail, now=now)
    else:
        wait = timedelta(minutes=WAITS_MINUTES[mail.attempts - 1])
        TranscriptMail.objects.filter(pk=mail.pk).update(due_at=now + wait)


def _give_up(mail: TranscriptMail, *, now: datetime) -> None:
    log.warning("copy %s: given up", mail.pk)
    TranscriptMail.objects.filter(pk=mail.pk).update(given_up_at=now, address="")
