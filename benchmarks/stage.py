"""Runs inside the portal's settings: makes the rows a benchmark needs, counts what was stored.

`python -m benchmarks.stage prepare '{"pairs": 50, "waiting": 0}'` prints tokens, cookies and
ids; `python -m benchmarks.stage count` what the database holds; `messages` every message of it, to
compare with what clients have; `more '{"each": 34, "waiting": 9}'` makes more of them.
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
from chat.models import Conversation, Message, Presence  # noqa: E402
from chat.states import Author, Kind, State  # noqa: E402
from chat.testing import world  # noqa: E402
from common.models import Event  # noqa: E402

SQLITE_SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")
LOGIN = "allauth.account.auth_backends.AuthenticationBackend"


def prepare(wanted: dict[str, Any]) -> dict[str, Any]:
    """Migrates, then makes `pairs` (an agent in a conversation) and `waiting` conversations.

    Or a contact centre: `agents` who are available day and night, each with `each` conversations
    under way; `rules` are fields of ChatRules. Or for each of `questions` a conversation that waits
    with it as first text.
    """
    call_command("migrate", interactive=False, verbosity=0)
    if wanted.get("static"):
        call_command("collectstatic", interactive=False, verbosity=0)
    if wanted.get("demo"):
        call_command("load_demo", stdout=sys.stderr)
    if wanted.get("agents"):
        # These agents take by hand and without end: what is measured is not who gets what.
        unlimited = {"assigns_automatically": False, "default_cap": 1_000, "wrap_up_seconds": 0}
        hours = world.schedule_with(world.ROUND_THE_CLOCK)
        world.rules(schedule=hours, **{**unlimited, **wanted.get("rules", {})})
    return {
        "agents": [_available_agent(number) for number in range(wanted.get("agents", 0))],
        "live": more(wanted),
        "pairs": [_pair(number) for number in range(wanted.get("pairs", 0))],
        "waiting": _waiting(wanted.get("waiting", 0)),
        "asked": _asked(wanted.get("questions", [])),
        **({"supervisor": _supervisor()} if wanted.get("supervisor") else {}),
        "durability": durability(),
    }


def _supervisor() -> str:
    """The cookie of one who may switch for everybody."""
    person = User.objects.create_user("supervisor@bench.example", first_name="Nadia")
    person.role_grants.create(role=Role.SUPERVISOR)
    return _cookie(person)


def more(wanted: dict[str, Any]) -> list[str]:
    """The tokens of `each` new conversations under way for every agent."""
    tokens, rows = [], []
    for agent in User.objects.filter(role_grants__role=Role.AGENT).order_by("pk"):
        for _ in range(wanted.get("each", 0)):
            tokens.append(_token())
            under_way = {"state": State.ACTIVE, "agent": agent, "handled_by": agent}
            rows.append(_conversation(tokens[-1], **under_way))
    Conversation.objects.bulk_create(rows, batch_size=500)
    return tokens


def _available_agent(number: int) -> str:
    """The cookie of an agent who takes chats."""
    agent = _agent(number)
    Presence.objects.create(agent=agent, state=Presence.State.AVAILABLE, heard_at=timezone.now())
    return _cookie(agent)


def _agent(number: int) -> User:
    agent = User.objects.create_user(f"agent{number}@bench.example", first_name="Bieke")
    agent.role_grants.create(role=Role.AGENT)
    return agent


def _cookie(agent: User) -> str:
    browser = Client()
    browser.force_login(agent, backend=LOGIN)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={browser.cookies[name].value}"


def _pair(number: int) -> dict[str, str]:
    agent = _agent(number)
    token = _token()
    conversation = _conversation(token, state=State.ACTIVE, agent=agent, handled_by=agent)
    conversation.save()
    return {
        "token": token,
        "conversation": str(conversation.public_id),
        "cookie": _cookie(agent),
    }


def _waiting(count: int) -> list[str]:
    tokens = [_token() for _ in range(count)]
    Conversation.objects.bulk_create([_conversation(token) for token in tokens], batch_size=500)
    return tokens


def _asked(questions: list[str]) -> list[str]:
    """The public ids, in the order of the questions."""
    rows = [_conversation(_token(), last_seq=1, first_words=text[:160]) for text in questions]
    made = Conversation.objects.bulk_create(rows, batch_size=500)
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            seq=1,
            author=Author.CITIZEN,
            text=text,
            stored_at=timezone.now(),
        )
        for conversation, text in zip(made, questions, strict=True)
    )
    return [str(conversation.public_id) for conversation in made]


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


def messages() -> dict[str, list[list[Any]]]:
    """Every message, as `benchmarks.ledger.Row`, by the public id of its conversation."""
    rows = Message.objects.order_by("conversation", "seq").values_list(
        "conversation__public_id", "seq", "kind", "author", "text", "client_ref"
    )
    found: dict[str, list[list[Any]]] = {}
    for public_id, *row, ref in rows:
        found.setdefault(str(public_id), []).append([*row, str(ref) if ref else None])
    return found


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
    given = json.loads(rest[0]) if rest else {}
    verbs = {
        "prepare": lambda: prepare(given),
        "more": lambda: more(given) + _waiting(given.get("waiting", 0)),
        "messages": messages,
        "count": count,
    }
    print(json.dumps(verbs[verb]()))
