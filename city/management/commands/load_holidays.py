"""Loads the public holidays of the coming years."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from city.holidays import load, public_holidays
from city.hours import BRUSSELS


class Command(BaseCommand):
    help = "Adds the Belgian public holidays as closing days. Days that exist are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--years", type=int, default=5, help="how many years, with this one")
        parser.add_argument("--from", type=int, dest="first", help="first year; default this year")

    def handle(self, *args: Any, **options: Any) -> None:
        first = options["first"] or timezone.now().astimezone(BRUSSELS).year
        years = range(first, first + options["years"])
        made = load(day for year in years for day in public_holidays(year))
        self.stdout.write(f"{made} holidays added for {years.start}–{years.stop - 1}")
