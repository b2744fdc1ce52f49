"""Prints the table of docs/roles.md, made from the doors themselves."""

from typing import Any

from django.core.management.base import BaseCommand

from hasselt_portal.addresses import staff_table


class Command(BaseCommand):
    help = "Prints which roles open which staff address, for docs/roles.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(staff_table())
