"""Demo content of the chat: its rules, hours and ready answers.

No invented conversations: the first is yours.
"""

import tomllib
from datetime import date, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from chat.models import ChatRules, ReadyAnswer
from city.models import ClosingDay, OpeningSchedule, Topic, WeeklyPeriod, WeeklyWindow

PILOT_DAYS = 183
MIDNIGHT = time(0)
ANSWERS = Path(__file__).resolve().parent / "demo_answers.toml"


@transaction.atomic
def load() -> None:
    """Idempotent; keeps what an administrator changed."""
    _ready_answers()
    if not ChatRules.objects.exists():
        _rules()


def _ready_answers() -> None:
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    for row in tomllib.loads(ANSWERS.read_text("utf-8"))["answer"]:
        values = {**row, "topic": topics.get(row.get("topic", ""))}
        ReadyAnswer.objects.get_or_create(shortcut=values.pop("shortcut"), defaults=values)


def _rules() -> None:
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
