"""What a page says of the chat before anything was asked: open, busy or closed, in plain words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from chat import rush
from chat.actions.availability import Availability, availability
from chat.models import ChatRules
from city import wording
from city.context import bar_messages
from city.localised import localised
from city.models import CityContact
from city.remembered import remembered_for

CHECK_AGAIN_S = 30


@dataclass(frozen=True)
class ChatStatus:
    """`state` is open, busy or closed; `sentence` fits under the launcher.

    Ours has no full stop; what a supervisor wrote stands as it was written.
    """

    state: str
    sentence: str
    announcement: str
    pilot: str

    @property
    def full_sentence(self) -> str:
        """To stand in a text, with a full stop."""
        return self.sentence if self.sentence.endswith((".", "!", "?")) else f"{self.sentence}."


def chat_status(now: datetime) -> ChatStatus:
    """The state of the chat in the active language."""
    rules = ChatRules.current()
    found = availability(now=now, rules=rules)
    state = found.state
    if state == "open" and rush.current(now):
        state = "busy"  # answers do take longer now
    return ChatStatus(
        state=state,
        sentence=_sentence(found, state, now),
        announcement=" ".join(message.text for message in bar_messages(now)),
        pilot=pilot_text(rules),
    )


def in_each_language(now: datetime) -> dict[str, dict[str, Any]]:
    """The `status` frame of the protocol, by language."""
    frames = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            frames[language] = status_frame(now)
    return frames


@remembered_for(0.3)
def recent_frame(language: str) -> dict[str, Any]:
    """The `status` frame of this moment, worked out once for all who ask at the same time."""
    with override(language):
        return status_frame(timezone.now())


def status_frame(now: datetime) -> dict[str, Any]:
    """The `status` frame in the active language."""
    found = chat_status(now)
    return {
        "type": "status",
        "state": found.state,
        "sentence": found.sentence,
        "announcement": found.announcement,
    }


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


def _sentence(found: Availability, state: str, now: datetime) -> str:
    if state == "open":
        return _("Open now")
    if state == "busy":
        return _("Busy, answers take longer")
    if found.stop:
        return str(localised(found.stop.text, found.stop.text_en))
    if found.within_hours:
        return _("Nobody is available at the moment")
    return wording.closed(found.next_opening, now)
