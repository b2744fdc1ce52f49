"""Canaries in a portal that really runs: nothing of them is left in its folder, logs included.

The database is SQLite, whose files keep what was deleted unless somebody sees to it, and the web
process and the worker have it open all the while.
"""

import contextlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis

from accounts.demo import LOGINS
from chat.testing.world import new_token
from hasselt_portal.tests.running import BASE, Portal, running
from tests.e2e.office import Office, open_office

pytestmark = [pytest.mark.slow, pytest.mark.once]
SAID, NAME = "kanariezin", "Kanariette"
TALKS, TEXTS = 4, 10


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    folder = Path(tempfile.mkdtemp(prefix="canaries-"))
    with running(folder / "var") as portal:
        yield portal
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def office(portal) -> Iterator[Office]:
    with open_office(portal.environment) as office:
        office.always_open()
        office.presence(email=LOGINS[0].email, state="available", hours=1)
        yield office


def a_talk(portal: Portal) -> str:
    """A whole conversation on the page without JavaScript; returns its token."""
    token = new_token()
    with httpx.Client(base_url=portal.url, trust_env=False, follow_redirects=True) as browser:

        def post(**fields: str) -> None:
            key = browser.get("/chat/").text.partition('name="csrfmiddlewaretoken" value="')[2]
            form = {"csrfmiddlewaretoken": key.partition('"')[0], "ref": str(uuid.uuid4())}
            answer = browser.post("/chat/", data={**form, **fields})
            assert answer.status_code == 200, answer.text

        post(step="start", token=token, text=f"{SAID} eerst", name=NAME)
        for number in range(TEXTS):
            post(text=f"{SAID} {number} " * (number * 4 + 1))
        post(step="end")
    return token


def files_with(var: Path, *words: str) -> set[str]:
    """The files in which one of these words stands."""
    paths = [path for path in var.rglob("*") if path.is_file()]
    found = {path for path in paths if any(word.encode() in _content(path) for word in words)}
    return {path.relative_to(var).as_posix() for path in found}


def _content(path: Path) -> bytes:
    with contextlib.suppress(FileNotFoundError):  # SQLite takes its own side files away
        return path.read_bytes()
    return b""


def test_after_the_job_nothing_is_left_in_the_folder_of_the_portal(portal, office):
    tokens = [a_talk(portal) for _ in range(TALKS)]
    held = files_with(portal.var, SAID, NAME)
    assert held
    assert all(name.startswith("portal.sqlite3") for name in held), "only the database holds words"
    assert files_with(portal.var, *tokens) == set(), "a token is kept nowhere"

    with sqlite3.connect(portal.var / "portal.sqlite3", timeout=15) as database:
        moved = database.execute(
            "UPDATE chat_conversation SET closed_at = datetime(closed_at, '-91 days')"
        )
        assert moved.rowcount == TALKS
    database.close()
    done = subprocess.run(
        [sys.executable, "manage.py", "apply_retention"],
        cwd=BASE, env=portal.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    [report] = [line.split() for line in done.stdout.splitlines() if line.startswith("chat ")]
    assert report == ["chat", "90", "days", str(TALKS), "done"]

    assert files_with(portal.var, SAID, NAME) == set()
    with redis.Redis(unix_socket_path=str(portal.var / "valkey.sock")) as client:
        kept = [client.dump(key) for key in client.scan_iter()]
        assert not [value for value in kept if SAID.encode() in value]
    assert portal.is_ready()
    assert office.count() == TALKS
