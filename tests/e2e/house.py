"""A whole portal for the browser: its own folder, port, database and Redis, and a back office."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg import sql

from hasselt_portal.tests.running import Portal, running
from tests.e2e.office import Office, open_office

# Of a Redis that was given: beside the numbers that the other tests empty.
REDIS_NUMBER_AFTER = 4


@dataclass(frozen=True)
class House:
    """A portal that runs, and who can look into its database."""

    portal: Portal
    office: Office

    @property
    def url(self) -> str:
        """The address as it is printed. Cookies and storage belong to this host."""
        return f"http://localhost:{self.portal.port}"

    def status(self) -> dict[str, Any]:
        """What the portal tells of the chat now."""
        return httpx.get(f"{self.portal.url}/chat/status.json", trust_env=False).json()

    def html(self, path: str) -> str:
        return httpx.get(f"{self.portal.url}{path}", trust_env=False).text

    @property
    def has_own_redis(self) -> bool:
        return "REDIS_URL" not in self.portal.environment


@contextlib.contextmanager
def open_house() -> Iterator[House]:
    """Starts a portal with demo content; afterwards nothing of it is left."""
    folder = Path(tempfile.mkdtemp(prefix="e2e-"))
    try:
        with (
            _own_database() as environment,
            running(folder / "var", **environment) as portal,
            open_office(portal.environment) as office,
        ):
            yield House(portal, office)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _own_database() -> Iterator[dict[str, str]]:
    """What of the servers that were given is this portal's alone; nothing when none was given."""
    environment = {}
    if redis_url := os.environ.get("REDIS_URL"):
        number = int(urlsplit(redis_url).path.strip("/") or 0) + REDIS_NUMBER_AFTER
        environment["REDIS_URL"] = with_name(redis_url, str(number))
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield environment
        return
    name = f"portal_e2e_{os.getpid()}"
    with psycopg.connect(with_name(given, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield environment | {"DATABASE_URL": with_name(given, name)}
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            server.execute(drop.format(sql.Identifier(name)))


def with_name(url: str, name: str) -> str:
    """The same server, with another database on it."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()
