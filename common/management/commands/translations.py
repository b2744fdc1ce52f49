"""Keeps locale/nl/LC_MESSAGES/django.po in step with the source texts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import catalogue


class Command(BaseCommand):
    help = "Updates the Dutch catalogue from the source; --check only reports what is wrong."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="fail on anything incomplete")
        what.add_argument("--compile", action="store_true", help="make the .mo files")
        what.add_argument("--merge", type=Path, metavar="DIR", help="add translations from *.json")

    def handle(self, *args: Any, **options: Any) -> None:
        locale = Path(settings.LOCALE_PATHS[0])
        if options["compile"]:
            catalogue.compile_all(locale)
        elif options["check"]:
            self._check(settings.BASE_DIR, locale)
        else:
            self._update(settings.BASE_DIR, locale, options["merge"])

    def _check(self, base: Path, locale: Path) -> None:
        problems = catalogue.problems(catalogue.extracted(base), catalogue.load(locale))
        if problems:
            lines = "\n".join(f"  {problem}" for problem in problems)
            raise CommandError(f"{len(problems)} problems in the Dutch catalogue:\n{lines}")

    def _update(self, base: Path, locale: Path, merge: Path | None) -> None:
        found = catalogue.extracted(base)
        result = catalogue.updated(found, catalogue.load(locale))
        for path in sorted(merge.glob("*.json")) if merge else []:
            unknown = catalogue.merge(result, json.loads(path.read_text(encoding="utf-8")))
            for key in unknown:
                self.stderr.write(f"{path.name}: no source text {key!r}")
        catalogue.write(result, locale)
        catalogue.compile_all(locale)
        left = catalogue.problems(found, result)
        self.stdout.write(f"{len(result)} texts, {len(left)} still to do")
        for problem in left:
            self.stdout.write(f"  {problem}")
