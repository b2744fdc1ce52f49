"""`manage.py apply_retention`: what the nightly task does, now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.retention import apply_all


class Command(BaseCommand):
    help = "Removes the personal data whose time is over, and says how much it was."

    def handle(self, *args: Any, **options: Any) -> None:
        reports = apply_all(now=timezone.now())
        for run in reports:
            period = "" if run.days is None else f"{run.days} days"
            self.stdout.write(f"{run.policy:20} {period:>10} {run.count:>7} {run.error or 'done'}")
        if any(run.error for run in reports):
            raise CommandError("Not everything was done; the next run tries again.")
