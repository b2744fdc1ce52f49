"""Runs inside the portal's settings: makes the rows a benchmark needs, counts what was stored.

`python -m benchmarks.stage prepare '{"pairs": 50, "waiting": 0}'` prints tokens, cookies and
ids; `python -m benchmarks.stage count` what the database holds.
"""

import base64
import json
import os
import secrets
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
django.setup()

from django.conf import settings  # noqa: E402  Django must be set up first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count, Max, Min  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Role, User  # noqa: E402
from chat.access import hashed  # noqa: E402
from chat.models import Conversation, Message  # noqa: E402
from chat.states import Kind, State  # noqa: E402
from common.models import Event  # noqa: E402

SQLITE_SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


def prepare(wanted: dict[str, int]) -> dict[str, Any]:
    """Migrates, then makes `pairs` (an agent in a conversation) and `waiting` conversations."""
    call_command("migrate", interactive=False, verbosity=0)
    if wanted.get("static"):
        call_command("collectstatic", interactive=False, verbosity=0)
    if wanted.get("demo"):
        call_command("load_demo", stdout=sys.stderr)
    return {
        "pairs": [_pair(number) for number in range(wanted.get("pairs", 0))],
        "waiting": _waiting(wanted.get("waiting", 0)),
        "durability": durability(),
    }


def _pair(number: int) -> dict[str, str]:
    agent = User.objects.create_user(f"agent{number}@bench.example", first_name="Bieke")
    agent.role_grants.create(role=Role.AGENT)
    browser = Client()
    browser.force_login(agent, backend=LOGIN)
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    token = _token()
    conversation = _conversation(token, state=State.ACTIVE, agent=agent, handled_by=agent)
    conversation.save()
    return {
        "token": token,
        "conversation": str(conversation.public_id),
        "cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}",
    }


def _waiting(count: int) -> list[str]:
    tokens = [_token() for _ in range(count)]
    Conversation.objects.bulk_create([_conversation(token) for token in tokens], batch_size=500)
    return tokens


def _conversation(token: str, **fields: Any) -> Conversation:
    now = timezone.now()
    return Conversation(
        token_hash=hashed(token),
        opened_at=now,
        queued_at=now,
        last_text_at=now,
        citizen_alive_at=now,
        citizen_seen_at=now,
        **fields,
    )


def _token() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def durability() -> dict[str, str]:
    """What the database itself says of this connection's durability."""
    if connection.vendor == "postgresql":
        names = ("server_version", "synchronous_commit", "fsync", "full_page_writes")
        asked = {name: f"SHOW {name}" for name in names}
    else:
        asked = {
            "sqlite": "SELECT sqlite_version()",
            "journal_mode": "PRAGMA journal_mode",
            "synchronous": "PRAGMA synchronous",
        }
    with connection.cursor() as cursor:
        return {
            name: _named(name, cursor.execute(sql).fetchone()[0]) for name, sql in asked.items()
        }


def _named(setting: str, value: object) -> str:
    # SQLite answers this one with a number (sqlite.org/pragma.html#pragma_synchronous).
    return SQLITE_SYNCHRONOUS[int(str(value))] if setting == "synchronous" else str(value)


def count() -> dict[str, int]:
    """Texts in the database, and what would betray a loss or a double."""
    texts = Message.objects.filter(kind=Kind.TEXT)
    numbers = texts.values("conversation").annotate(n=Count("pk"), low=Min("seq"), high=Max("seq"))
    return {
        "texts": texts.count(),
        "refs": texts.values("client_ref").distinct().count(),
        "holes": sum(row["high"] - row["low"] + 1 - row["n"] for row in numbers),
        "events": Event.objects.filter(kind="chat.message").count(),
    }


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    print(json.dumps(prepare(json.loads(rest[0])) if verb == "prepare" else count()))
