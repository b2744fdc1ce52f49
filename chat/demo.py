"""Demo content of the chat: its rules. No invented conversations: the first one is yours."""

from datetime import timedelta

from django.utils import timezone

from chat.models import ChatRules
from city.models import OpeningSchedule

PILOT_DAYS = 183


def load() -> None:
    """Idempotent; keeps what an administrator changed."""
    if ChatRules.objects.exists():
        return
    ChatRules.objects.create(
        schedule=OpeningSchedule.objects.filter(slug="contactcentrum").first(),
        pilot_until=timezone.localdate() + timedelta(days=PILOT_DAYS),
        pilot_text="Daarna beslist de stad of de chat blijft.",
        pilot_text_en="After that the city decides whether the chat stays.",
    )
