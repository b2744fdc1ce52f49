"""Loads the demo content, once."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts import demo as accounts_demo
from common import eventlog
from common.models import Event

KIND = "portal.demo_loaded"


class Command(BaseCommand):
    help = "Loads the demo content of each room that has a demo.py, once. Demo mode only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo content is for demo mode: set PORTAL_DEMO=1.")
        for room in rooms_with_demo():
            if load_once(room):
                self.stdout.write(f"loaded the demo content of {room}")
        self.stdout.write(f"All demo logins have the password {accounts_demo.PASSWORD}")
        for login in accounts_demo.LOGINS:
            self.stdout.write(f"  {login.email}  {login.first_name}, {login.title}")


def rooms_with_demo() -> list[str]:
    """Rooms with a `demo.load`, lowest first: the settings name the apps in that order."""
    names = [config.name for config in apps.get_app_configs()]
    return [name for name in names if "." not in name and find_spec(f"{name}.demo")]


def load_once(room: str) -> bool:
    """Loads one room unless the event log says that it was; content and mark stand or fall as one.

    So what a person deletes from the demo stays away, and a room that is added later is loaded.
    """
    subject = uuid5(NAMESPACE_URL, f"{KIND}/{room}")
    with transaction.atomic():
        if Event.objects.filter(kind=KIND, subject=subject).exists():
            return False
        import_module(f"{room}.demo").load()
        eventlog.record(KIND, subject=subject, at=timezone.now())
    return True
