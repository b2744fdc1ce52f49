"""What every page needs of the city: contact data and what it announces now."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from city.localised import localised
from city.models import Announcement, CityContact
from city.remembered import remembered, remembered_for


@dataclass(frozen=True)
class BarMessage:
    """One line of the announcement bar; `lang` only when it is not the language of the page."""

    kind: str
    text: str
    lang: str


def base(request: HttpRequest) -> dict[str, object]:
    """Costs nothing until a template uses it, then at most two queries."""
    return {
        "contact": SimpleLazyObject(_contact),
        "announcements": SimpleLazyObject(bar_messages),
    }


def bar_messages(now: datetime | None = None) -> list[BarMessage]:
    """What the bar shows now, newest first, in the reader's language."""
    now = now or timezone.now()
    return [
        _bar_message(row)
        for row in _switched_on()
        if row.starts_at <= now and (row.ends_at is None or now < row.ends_at)
    ]


def _bar_message(row: Announcement) -> BarMessage:
    text = localised(row.text, row.text_en)
    lang = "" if text.lang == (get_language() or "nl")[:2] else text.lang
    return BarMessage(row.kind, str(text), lang)


@remembered
def _contact() -> CityContact:
    return CityContact.current()


# Shorter than the rest: at rush the telephone must come first on the very next page.
@remembered_for(0.5)
def _switched_on() -> list[Announcement]:
    # Those to come are remembered too, so that one begins on the second.
    return list(Announcement.objects.unfinished_at(timezone.now()))
