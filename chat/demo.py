"""Demo content of the chat: its rules and hours. No invented conversations: the first is yours."""

from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone

from chat.models import ChatRules
from city.models import ClosingDay, OpeningSchedule, WeeklyPeriod, WeeklyWindow

PILOT_DAYS = 183
MIDNIGHT = time(0)


@transaction.atomic
def load() -> None:
    """Idempotent; keeps what an administrator changed."""
    if ChatRules.objects.exists():
        return
    ChatRules.objects.create(
        schedule=_day_and_night(),
        pilot_until=timezone.localdate() + timedelta(days=PILOT_DAYS),
        pilot_text="Daarna beslist de stad of de chat blijft.",
        pilot_text_en="After that the city decides whether the chat stays.",
    )


def _day_and_night() -> OpeningSchedule:
    """Hours without end, so that whoever tries the demo can chat at any time of the day.

    The real hours of the contact centre are one choice away: Rules of the chat, opening hours.
    """
    schedule, made = OpeningSchedule.objects.get_or_create(
        slug="chat-demo",
        defaults={
            "name": "Chat (demo: dag en nacht)",
            "name_en": "Chat (demo: day and night)",
        },
    )
    if made:
        period = WeeklyPeriod.objects.create(
            schedule=schedule, name="Demo: dag en nacht", valid_from=date(2020, 1, 1)
        )
        WeeklyWindow.objects.bulk_create(
            WeeklyWindow(period=period, weekday=day, opens_at=MIDNIGHT, closes_at=MIDNIGHT)
            for day in range(7)
        )
        for closing_day in ClosingDay.objects.all():
            closing_day.open_schedules.add(schedule)
    return schedule
