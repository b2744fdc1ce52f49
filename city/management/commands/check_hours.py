"""Holds the opening-hours engine against the slow reference, minute by minute, for years."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from city.hours import BRUSSELS, Hours, hours_of
from city.models import OpeningSchedule
from city.testing.slow_hours import differences, random_hours

EVERY_MINUTES = 7  # "until when?" and "when again?"; open or closed is compared on each minute


class Command(BaseCommand):
    help = (
        "Compares the opening hours of every schedule, and of random ones, with a slow reference "
        "for every minute of the coming years. Ends with an error when they differ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--years", type=int, default=10)
        parser.add_argument("--from", type=date.fromisoformat, dest="first", help="default 1 Jan")
        parser.add_argument("--days", type=int, default=365, help="of which a year is made")
        parser.add_argument("--random", type=int, default=1, help="random schedules a year")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.now().astimezone(BRUSSELS).date()
        first = options["first"] or date(today.year, 1, 1)
        for _year in range(options["years"]):
            # Two days of overlap, so that a stretch over midnight is met whole.
            last = first + timedelta(days=options["days"] + 2)
            for name, hours in self._schedules(first, last, options):
                self._compare(name, hours)
            first += timedelta(days=options["days"])

    def _schedules(
        self, first: date, last: date, options: dict[str, Any]
    ) -> Iterator[tuple[str, Hours]]:
        for schedule in OpeningSchedule.objects.order_by("slug"):
            yield schedule.slug, hours_of(schedule, start=first, end=last)
        for number in range(options["random"]):
            seed = f"{options['seed']}/{first}/{number}"
            yield f"random {seed}", random_hours(Random(seed), start=first, end=last)  # noqa: S311

    def _compare(self, name: str, hours: Hours) -> None:
        found = differences(hours, every=EVERY_MINUTES)
        if found:
            raise CommandError("\n".join([f"{name} differs:", *found]))
        self.stdout.write(f"{hours.start} – {hours.end} {name}: equal on every minute")
