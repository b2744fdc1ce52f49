"""The servers that are compared: each a daphne of its own with the same arguments."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from benchmarks.processes import CLEARED, ROOT, free_port, python, running
from hasselt_portal.launcher.__main__ import web_command
from hasselt_portal.launcher.valkey import server_command

DEFAULT_LAYER = "channels_redis.core.RedisChannelLayer"
PUBSUB_LAYER = "channels_redis.pubsub.RedisPubSubChannelLayer"
POSTGRES_URL = "postgres://postgres@127.0.0.1:5432/postgres"


@dataclass
class Subject:
    """One server under measurement."""

    key: str
    title: str
    kind: str  # "bare" or "portal"
    env: dict[str, str]
    var: Path
    port: int = field(default_factory=free_port)
    pid: int = 0
    stage: dict[str, Any] = field(default_factory=dict)

    def serve(self) -> AbstractContextManager[int]:
        app = "benchmarks.bare" if self.kind == "bare" else "hasselt_portal.asgi"
        command = [*web_command(self.port)[:-1], f"{app}:application"]
        return running("web", command, var=self.var, env=self.env, ready=self.port)

    def prepare(self, **wanted: Any) -> None:
        """Makes the rows; see `benchmarks.stage`."""
        self.stage = self._staged("prepare", json.dumps(wanted))

    def stored(self) -> dict[str, int]:
        return self._staged("count")

    def _staged(self, *arguments: str) -> Any:
        done = subprocess.run(
            python("benchmarks.stage", *arguments),
            env={**clean_environment(), **self.env},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
            timeout=120,
        )
        return json.loads(done.stdout)


def bare(key: str, title: str, layer: str, *, var: Path, redis_url: str) -> Subject:
    env = {"BARE_LAYER": layer, "REDIS_URL": redis_url}
    return Subject(key, title, "bare", env, var / key)


def portal(
    key: str, title: str, *, var: Path, redis_url: str, database_url: str | None = None
) -> Subject:
    """The portal with `benchmarks.settings`, on SQLite unless another database is named."""
    env = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "PORTAL_DEMO": "1",
        "PORTAL_VAR": str(var / key),
        "REDIS_URL": redis_url,
        **({"DATABASE_URL": database_url} if database_url else {}),
    }
    (var / key).mkdir(parents=True, exist_ok=True)
    return Subject(key, title, "portal", env, var / key)


@contextmanager
def private_valkey(var: Path) -> Iterator[tuple[str, int]]:
    """A Valkey server of this run alone; gives its address and process id."""
    socket = var / "valkey.sock"
    with running("valkey", server_command(socket=socket), var=var, env={}, ready=socket) as pid:
        yield f"unix://{socket}?db=0", pid


@contextmanager
def own_database() -> Iterator[str | None]:
    """A PostgreSQL database that is made for this run and dropped after it.

    `BENCH_POSTGRES` names a server and a user who may create databases. Gives None when no server
    answers: then PostgreSQL is not measured, and the table says so.
    """
    server = os.environ.get("BENCH_POSTGRES", POSTGRES_URL)
    name = f"portal_bench_{os.getpid()}"
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=5) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.OperationalError:
        yield None
        return
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True, connect_timeout=5) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in CLEARED}
