"""A copy of a conversation for the citizen who had it, in its language: as text and as PDF."""

import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from chat.models import ChatRules, Conversation, Message
from chat.states import Author, Kind
from chat.texts import WIDGET_TEXTS
from city import wording
from city.hours import BRUSSELS
from city.models import CityContact
from common.typesetting import typeset

INDENT = "    "
MOST_LINES = 100
SAID = (Kind.TEXT, Kind.FILE, Kind.CARD)


@dataclass(frozen=True)
class Typed:
    """One line of what somebody typed. `rtl`: it is read from the right."""

    text: str
    rtl: bool


@dataclass(frozen=True)
class Line:
    """A message. `who` is empty when something happened and nobody spoke."""

    author: str
    who: str
    clock: str
    lines: list[Typed]
    href: str = ""  # of a link card: where its first line leads


@dataclass(frozen=True)
class Day:
    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Way:
    """To reach the contact centre."""

    label: str
    text: str
    href: str


@dataclass(frozen=True)
class Transcript:
    """What stands in a copy. The PDF gets it as it is, field by field."""

    title: str
    language: str
    city: str
    mail: str  # of the contact centre
    about: list[str]
    contact: list[Way]
    box_note: str
    days: list[Day]

    @property
    def count(self) -> int:
        """How many messages stand in it."""
        return sum(len(day.lines) for day in self.days)


def as_text(conversation: Conversation) -> str:
    """The conversation as plain text."""
    return text_of(transcript_of(conversation))


def as_pdf(conversation: Conversation) -> bytes:
    """The conversation as PDF/UA-1 and PDF/A-2a; takes seconds when it is long.

    Raises RuleBroken("failed"). Never called in a transaction.
    """
    return pdf_of(transcript_of(conversation))


def text_of(copy: Transcript) -> str:
    return "\n".join(_text_lines(copy))


def pdf_of(copy: Transcript) -> bytes:
    # For seconds this thread must not sit on one of the pool's connections.
    if not connection.in_atomic_block:
        connection.close()
    return typeset("chat/transcript.typ", asdict(copy))


def file_name() -> str:
    """What a copy is called in the active language, without what follows the dot."""
    return pgettext("name of a file", "chat")


def transcript_of(conversation: Conversation) -> Transcript:
    """What stands in a copy of this conversation, in its language. Three queries."""
    with override(conversation.language):
        contact = CityContact.current()
        city = str(contact.local.name)
        return Transcript(
            title=_("Your chat with %(city)s") % {"city": city},
            language=conversation.language,
            city=city,
            mail=contact.email,
            about=list(_about(conversation)),
            contact=list(_ways(contact)),
            box_note=_("What this document cannot show stands as □."),
            days=list(_days(conversation, city)),
        )


def _about(conversation: Conversation) -> Iterator[str]:
    opened_on = wording.day_name(_day(conversation.opened_at), with_year=True)
    yield _("This is a copy of your chat of %(day)s.") % {"day": opened_on}
    days = ChatRules.current().retention_days
    if conversation.closed_at is None:
        yield _("The city keeps a chat for %(days)s days after its end.") % {"days": days}
    else:
        kept_until = wording.day_name(
            _day(conversation.closed_at + timedelta(days=days)), with_year=True
        )
        yield _("The city keeps this chat until %(day)s.") % {"day": kept_until}


def _ways(contact: CityContact) -> Iterator[Way]:
    if contact.phone:
        yield Way(_("Phone:"), contact.phone, contact.phone_uri)
    if contact.email:
        yield Way(_("E-mail:"), contact.email, f"mailto:{contact.email}")


def _days(conversation: Conversation, city: str) -> Iterator[Day]:
    messages = conversation.messages.select_related("attachment").order_by("seq")
    for day, of_that_day in groupby(messages, lambda message: _day(message.stored_at)):
        lines = [_line(message, city) for message in of_that_day]
        yield Day(wording.day_name(day, with_year=True), lines)


def _line(message: Message, city: str) -> Line:
    return Line(
        author=message.author,
        who=_who(message, city) if message.kind in SAID else "",
        clock=wording.clock(message.stored_at.astimezone(BRUSSELS)),
        lines=[Typed(line, _is_rtl(line)) for line in _broken(_words(message))],
        href=message.card["url"] if message.card else "",
    )


def _broken(words: str) -> list[str]:
    """Lines as they were typed. Who only breaks lines gets the rest in one, to spare memory."""
    lines = words.splitlines()
    kept, rest = lines[: MOST_LINES - 1], lines[MOST_LINES - 1 :]
    return [*kept, " ".join(rest)] if rest else kept


def _who(message: Message, city: str) -> str:
    if message.author == Author.CITIZEN:
        return str(WIDGET_TEXTS["you"])
    return message.agent_name or city


def _words(message: Message) -> str:
    if message.kind == Kind.TEXT:
        return message.text
    if message.kind == Kind.FILE:
        return _file_words(message)
    if message.kind == Kind.CARD:
        return _card_words(message)
    return str(WIDGET_TEXTS[_key(message)]).replace("{name}", message.agent_name)


def _file_words(message: Message) -> str:
    kept = getattr(message, "attachment", None)
    if kept is None:
        return str(WIDGET_TEXTS["file_gone"])
    return f"{WIDGET_TEXTS['file']} {kept.name}"


def _card_words(message: Message) -> str:
    """Title, summary and address, each on a line."""
    card = message.card or {}
    return "\n".join(card[part] for part in ("title", "summary", "url") if card.get(part))


def _key(message: Message) -> str:
    """Which text of the widget says what happened."""
    if message.kind == Kind.CLOSED:
        return f"closed_{message.reason}"
    if message.kind == Kind.LEFT:
        key = f"left_{message.reason.removeprefix('agent_')}"
        return key if key in WIDGET_TEXTS else "left_gone"
    return message.kind


def _text_lines(copy: Transcript) -> Iterator[str]:
    yield from (copy.title, "=" * len(copy.title), "", *copy.about)
    yield from (f"{way.label} {way.text}" for way in copy.contact)
    for day in copy.days:
        yield from ("", day.name, "-" * len(day.name))
        for line in day.lines:
            yield from ("", *_text_of(line))
    yield ""


def _text_of(line: Line) -> Iterator[str]:
    """One message. What people typed is indented, so that it cannot pass for another message."""
    if not line.who:
        yield f"{line.lines[0].text} ({line.clock})"
        return
    yield f"{line.who}, {line.clock}:"
    yield from (f"{INDENT}{typed.text}".rstrip() for typed in line.lines)


def _day(moment: datetime) -> date:
    return moment.astimezone(BRUSSELS).date()


def _is_rtl(line: str) -> bool:
    """By its first letter that has a direction (UAX #9, P2 and P3)."""
    directions = (unicodedata.bidirectional(sign) for sign in line)
    first = next((found for found in directions if found in {"L", "R", "AL"}), "L")
    return first != "L"
