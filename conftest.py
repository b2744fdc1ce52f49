"""The ground every test stands on: its own folder, its own Valkey, the portal in demo mode.

The environment is set while this file is imported, before anything reads the settings; that is
why pytest.ini does not name them.
"""

import asyncio
import atexit
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import django
import hypothesis
import pytest
import pytest_django
import redis

from common import catalogue
from hasselt_portal.launcher.valkey import server_command

# Machines are shared: how long an example takes says nothing about the portal.
hypothesis.settings.register_profile(
    "portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("portal")

pytest_plugins = ["common.testing.cast", "common.testing.clamd"]

BASE = Path(__file__).resolve().parent
# Short, because a unix socket lives in it and its path may have 107 bytes.
VAR = Path(tempfile.mkdtemp(prefix="portal-"))
# pytest-xdist runs several of us at once: gw0, gw1, …
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
# What a developer's shell may hold and the demo mode refuses or would be steered by.
FOREIGN = [
    *("SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "EMAIL_URL", "TRUSTED_PROXIES"),
    "CLAMD_URL",
]


def start_valkey(socket: Path) -> subprocess.Popen[bytes]:
    """Starts the private server and returns when it answers."""
    server = subprocess.Popen(server_command(socket=socket), stdout=subprocess.DEVNULL)
    with redis.Redis(unix_socket_path=str(socket)) as client:
        for _ in range(100):
            try:
                client.ping()
                return server
            except redis.ConnectionError:
                time.sleep(0.02)
    raise RuntimeError("Valkey did not start")


def prepare_environment() -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="hasselt_portal.settings", PORTAL_DEMO="1", PORTAL_VAR=str(VAR)
    )
    (VAR / "static").mkdir()
    atexit.register(shutil.rmtree, VAR, ignore_errors=True)
    if given := os.environ.get("REDIS_URL"):
        parts = urlsplit(given)
        number = int(parts.path.strip("/") or 0) + WORKER
        os.environ["REDIS_URL"] = parts._replace(path=f"/{number}").geturl()
    else:
        server = start_valkey(VAR / "valkey.sock")
        atexit.register(server.wait)
        atexit.register(server.terminate)


prepare_environment()
catalogue.compile_all(BASE / "locale")
django.setup()
# A worker of pytest-xdist inherits it and would read the settings with our folder, before its own
# conftest.py is imported.
del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.fixture(autouse=True, scope="session")
def test_settings(django_test_environment: None) -> None:
    """Plain names of static files, fast passwords."""
    from django.conf import settings

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """Before PostgreSQL drops the test database, ends what tests left open there.

    The thread in which asgiref runs the database calls of a coroutine keeps its connection, and
    nobody can reach into that thread any more. SQLite does not mind.
    """
    yield
    from django.db import connection

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True, scope="session")
def quick_emptying() -> Iterator[None]:
    """Between tests PostgreSQL deletes rows: TRUNCATE of nearly empty tables took 100 × as long."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    def delete_rows(
        self: DatabaseOperations, style: object, tables: list[str], **options: object
    ) -> list[str]:
        # In any order: Django's foreign keys are checked at the commit.
        return [f"DELETE FROM {self.quote_name(table)};" for table in tables]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", delete_rows)
        yield


@pytest.fixture(autouse=True, scope="session")
def loops_that_close() -> Iterator[None]:
    """Cancels what a test left on its loop until it has ended; asyncio itself does so once.

    The receiver of the channel layer misses a cancellation that comes in the very moment when its
    wait for a message ends. Then the loop would never close, and the run hang.
    """

    def cancel_all(loop: asyncio.AbstractEventLoop) -> None:
        for _ in range(20):
            if not (tasks := asyncio.all_tasks(loop)):
                return
            for task in tasks:
                task.cancel()
            loop.run_until_complete(asyncio.wait(tasks, timeout=1))
        raise RuntimeError("a task of a test does not end")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio.runners, "_cancel_all_tasks", cancel_all)
        yield


@pytest.fixture(scope="session")
def redis_client() -> Iterator[redis.Redis]:
    from django.conf import settings

    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture(autouse=True)
def empty_redis(redis_client: redis.Redis) -> None:
    """Counters and queues of one test never reach the next. A REDIS_URL given is emptied too!"""
    redis_client.flushdb()


@pytest.fixture(autouse=True)
def default_language() -> None:
    """A request for an English page leaves its thread in English; no test may inherit that."""
    from django.utils import translation

    translation.deactivate()
