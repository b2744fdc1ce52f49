"""A step of the outbox as a mail: to whom, in whose language, with which link."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from city.models import CityContact
from common.mail import Letter, mail_of
from questions.citizen_mails import CITIZEN_MAILS
from questions.links import url_of
from questions.mail_words import Words
from questions.models import Escalation, Step
from questions.recipients import contact_centre_mailbox, recipients
from questions.staff_mails import STAFF_MAILS, mailbox_test

TEMPLATE = "questions/mail/letter"
STAFF_LANGUAGE = "nl"


def send(step: Step, *, now: datetime) -> None:
    """Sends the mail of a step. Never in a transaction: a mail server takes its time.

    Raises RuleBroken("no_mailbox"), and what the mail server or the way to it makes of it.
    """
    with override(language_of(step)):
        mail_of(letter_of(step, now=now)).send()


def language_of(step: Step) -> str:
    """A citizen's mail is in the citizen's language, colleagues get Dutch."""
    to_citizen = step.escalation is not None and step.kind in CITIZEN_MAILS
    return step.escalation.language if step.escalation and to_citizen else STAFF_LANGUAGE


def letter_of(step: Step, *, now: datetime) -> Letter:
    """The letter in the active language; raises RuleBroken("no_mailbox").

    A person's reply by mail goes to the contact centre, and the mail says so. The Message-ID is the
    step's own, however often it goes.
    """
    first, *others = recipients(step, now=now)
    asked = step.escalation
    to_citizen = step.kind in CITIZEN_MAILS
    words, url = _words(step, asked, now), _url(asked, to_citizen=to_citizen)
    replies_to = CityContact.current().email or contact_centre_mailbox()
    return Letter(
        to=first,
        also=others,
        subject=words.subject,
        template=TEMPLATE,
        key=step.message_id,
        reply_to=replies_to,
        context={
            "words": words,
            "url": url,
            "quoted": words.quoted.split("\n") if words.quoted else [],
            "name": asked.name if asked and to_citizen else "",
            "to_citizen": to_citizen,
            "replies_to": replies_to,
            "city": CityContact.current(),
        },
    )


def _words(step: Step, asked: Escalation | None, now: datetime) -> Words:
    if asked is None:
        return mailbox_test(step)
    if step.kind in CITIZEN_MAILS:
        return CITIZEN_MAILS[step.kind](step, asked, now)
    return STAFF_MAILS[step.kind](step, asked)


def _url(asked: Escalation | None, *, to_citizen: bool) -> str:
    if asked is None:
        return ""
    if to_citizen:
        return url_of(asked)
    return settings.PORTAL_URL + reverse("question-detail", args=[asked.question.public_id])
