"""What a page says of the chat before anything was asked: open, busy or closed, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from chat.actions.availability import Availability, availability
from chat.models import ChatRules
from city import wording
from city.context import bar_messages
from city.localised import localised
from city.models import CityContact

CHECK_AGAIN_S = 30


@dataclass(frozen=True)
class ChatStatus:
    """`state` is open, busy or closed; `sentence` fits under the launcher, without full stop."""

    state: str
    sentence: str
    announcement: str
    pilot: str


def chat_status(now: datetime) -> ChatStatus:
    """The state of the chat in the active language."""
    rules = ChatRules.current()
    found = availability(now=now, rules=rules)
    return ChatStatus(
        state=found.state,
        sentence=_sentence(found, now),
        announcement=" ".join(message.text for message in bar_messages()),
        pilot=pilot_text(rules),
    )


def pilot_text(rules: ChatRules) -> str:
    """The label that the chat is a test, until when, and what then; empty without a date."""
    if rules.pilot_until is None:
        return ""
    until = _("This chat is a test until %(day)s.") % {
        "day": wording.day_name(rules.pilot_until, with_year=True)
    }
    return f"{until} {localised(rules.pilot_text, rules.pilot_text_en)}".strip()


def contact_links() -> dict[str, object]:
    """Phone and mail, which stand in every state of the chat."""
    contact = CityContact.current()
    return {
        "phone": {"label": contact.phone, "href": contact.phone_uri if contact.phone else ""},
        "mail": contact.email,
    }


def _sentence(found: Availability, now: datetime) -> str:
    if found.state == "open":
        return _("Open now")
    if found.state == "busy":
        return _("Busy, answers take longer")
    if found.within_hours:
        return _("Nobody is available at the moment")
    return wording.closed(found.next_opening, now)
