"""Passing a question on: registered once, with a reference, a term and a department at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import phonenumbers
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from city.models import Department, Topic
from common import texts
from common.errors import RuleBroken
from common.mail import takes_mail
from common.masking import masked
from questions import events
from questions.actions.course import (
    CITIZEN,
    By,
    by_staff,
    checked_text,
    record,
    running,
    update,
    want,
    write,
)
from questions.models import Escalation, Question, QuestionRules, Step
from questions.references import take_reference
from questions.states import Kind, Urgency, Way
from questions.terms import term_of

LONGEST_NAME = 80


@dataclass(frozen=True)
class Contact:
    """How the citizen is reached, asked once."""

    way: Way
    name: str = ""
    mail: str = ""
    phone: str = ""


@dataclass(frozen=True)
class PassedOn:
    """A question as it comes in. `client_ref` names the send, so that twice is once.

    Without a department (the contact form) the contact centre chooses one. `origin` is for the room
    above in which it began.
    """

    client_ref: UUID
    channel: Question.Channel
    text: str
    contact: Contact
    department: Department | None = None
    topic: Topic | None = None
    urgency: Urgency = Urgency.NORMAL
    language: str = "nl"
    origin: str = ""


@transaction.atomic
def pass_on(*, passed: PassedOn, by: User | None, now: datetime) -> Escalation:
    """Registers a question and asks Celery to send it to its department.

    The same send again returns the question that stands. Announces `events.passed_on`.

    Raises RuleBroken: text_empty, text_too_long, bad_mail, bad_phone, name_too_long, no_mail,
    no_phone, no_contact (an answer in the chat needs one of both, for when the chat is over),
    no_mailbox and department_gone (the department), ref_used.
    """
    contact = checked_contact(passed.contact)
    text = checked_text(passed.text, language=passed.language)
    if passed.department:
        require_reachable(passed.department)
    question, made = Question.objects.get_or_create(
        client_ref=passed.client_ref,
        defaults={
            "channel": passed.channel,
            "topic": passed.topic,
            "registered_by": by,
            "registered_at": now,
        },
    )
    if not made:
        return _the_same(question, by, text)
    return _begin(question, passed, contact, text, by=by_staff(by) if by else CITIZEN, now=now)


def _the_same(question: Question, by: User | None, text: str) -> Escalation:
    """The question of the earlier send. Another one in an old page must not be swallowed by it."""
    found = Escalation.objects.joined().filter(question=question).first()
    if found is None or question.registered_by_id != (by.pk if by else None) or found.text != text:
        raise RuleBroken("ref_used")
    return found


def _begin(
    question: Question, passed: PassedOn, contact: Contact, text: str, *, by: By, now: datetime
) -> Escalation:
    escalation = Escalation.objects.create(
        question=question,
        reference=take_reference(timezone.localdate(now).year),
        text=text,
        way=contact.way,
        name=contact.name,
        mail=contact.mail,
        phone=contact.phone,
        language=passed.language,
        urgency=passed.urgency,
        origin=passed.origin,
        department=passed.department,
        passed_on_at=now,
    )
    rules = QuestionRules.current()
    term = term_of(passed.department, passed.urgency, rules=rules, now=now)
    update(escalation, **running(term))
    entry = write(escalation, Kind.ASKED, by=by, now=now, text=text)
    record(escalation, "passed_on", by=by, now=now)
    want(escalation, Step.Kind.ROUTE, now=now, once=str(entry.seq))
    if contact.mail:
        want(escalation, Step.Kind.RECEIPT, now=now, once="", entry=entry)
    events.passed_on.send(Escalation, escalation=escalation, entry=entry, now=now)
    return escalation


def require_reachable(department: Department) -> None:
    """Raises RuleBroken: department_gone, no_mailbox."""
    if not department.is_active:
        raise RuleBroken("department_gone", department=department.name)
    if not department.email:
        raise RuleBroken("no_mailbox", department=department.name)


def checked_contact(contact: Contact) -> Contact:
    """Contact data as they are stored; raises RuleBroken as `pass_on` does."""
    name, mail = texts.one_line(contact.name), contact.mail.strip()
    if len(name) > LONGEST_NAME:
        raise RuleBroken("name_too_long", limit=LONGEST_NAME)
    if mail and not takes_mail(mail):
        raise RuleBroken("bad_mail")
    phone = checked_phone(contact.phone) if contact.phone.strip() else ""
    missing = {
        Way.MAIL: "" if mail else "no_mail",
        Way.PHONE: "" if phone else "no_phone",
        Way.CHAT: "" if mail or phone else "no_contact",
    }[contact.way]
    if missing:
        raise RuleBroken(missing)
    # What is said in place of a number may be longer than the number was.
    return Contact(contact.way, masked(name).text[:LONGEST_NAME], mail, phone)


def checked_phone(written: str) -> str:
    """The number as people write it: "0470 12 34 56", abroad "+31 6 12345678"; or bad_phone."""
    try:
        number = phonenumbers.parse(texts.one_line(written), "BE")
    except phonenumbers.NumberParseException:
        raise RuleBroken("bad_phone") from None
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        raise RuleBroken("bad_phone")
    kind = phonenumbers.PhoneNumberFormat
    at_home = number.country_code == 32
    return phonenumbers.format_number(number, kind.NATIONAL if at_home else kind.INTERNATIONAL)
