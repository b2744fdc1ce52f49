"""Where a day begins."""

from datetime import datetime, time

from django.utils import timezone


def day_began(now: datetime) -> datetime:
    """Midnight in Brussels of the day of `now`, also on the two days that are not 24 hours long."""
    return timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
