"""The launcher with real processes: start, restart, refuse, stop."""

import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from hasselt_portal.tests.running import Portal, eventually, is_alive, running

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a unix socket lives in it."""
    path = Path(tempfile.mkdtemp(prefix="portal-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def launch(folder: Path) -> Iterator[Callable[..., Portal]]:
    """Starts launchers and sees to it that none outlives its test."""
    launched = []

    def start(var: Path, port: int | None = None, **environment: str) -> Portal:
        launched.append(Portal(var, port, **environment).launch())
        return launched[-1]

    yield start
    for portal in launched:
        portal.stop()


@pytest.fixture
def refusal(launch) -> Callable[..., str]:
    """What a portal says that must not start."""

    def answer(var: Path, port: int | None = None, **environment: str) -> str:
        portal = launch(var, port, **environment)
        eventually(portal.has_ended, within_s=60, what="a refusal")
        assert portal.stop() == 1
        assert "Traceback (most" not in portal.said().split("prepare failed")[0]
        return portal.said()

    return answer


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    path = Path(tempfile.mkdtemp(prefix="portal-"))
    with running(path / "var") as portal:
        yield portal
    shutil.rmtree(path)


def test_prints_the_addresses_and_the_demo_logins(portal):
    said = portal.said()
    assert f"http://localhost:{portal.port}/" in said
    for name in ("agent1", "agent2", "supervisor", "specialist", "administrator"):
        assert f"{name}@hasselt.example" in said


def test_is_ready_with_database_and_redis(portal):
    answer = httpx.get(portal.url + "/health/ready", trust_env=False)
    assert answer.json() == {"status": "ok", "failing": []}


def test_keeps_the_socket_to_this_user(portal):
    assert (portal.var / "valkey.sock").stat().st_mode & 0o077 == 0
    assert portal.var.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["web", "worker", "valkey"])
def test_a_killed_process_is_started_again(portal, name):
    before = portal.kill(name)
    eventually(
        lambda: portal.pid(name) not in {0, before} and is_alive(portal.pid(name)),
        within_s=20,
        what=f"a new {name}",
    )
    eventually(portal.is_ready, within_s=30, what="ready again")


def test_a_killed_worker_leaves_no_clock_behind(portal):
    eventually(lambda: portal.pid("worker"), within_s=20, what="a worker")
    worker = portal.pid("worker")
    eventually(
        lambda: len(session(portal, worker)) >= 4,
        within_s=30,
        what="the worker, two for its work and its clock",
    )
    old = session(portal, worker)
    portal.kill("worker")
    eventually(
        lambda: not any(is_alive(pid) for pid in old), within_s=20, what="the whole session gone"
    )


def session(portal: Portal, leader: int) -> set[int]:
    found = set()
    for pid in portal.descendants():
        try:
            if os.getsid(pid) == leader:
                found.add(pid)
        except ProcessLookupError:
            continue
    return found


def test_a_second_portal_runs_beside_it(portal, folder):
    with running(folder / "var") as second:
        assert second.is_ready()
        assert portal.is_ready()
        assert second.port != portal.port
        assert not portal.descendants() & second.descendants()


def test_the_same_folder_twice_is_refused(portal, refusal):
    said = refusal(portal.var)
    assert "PORTAL_VAR" in said
    assert str(portal.launcher.pid) in said
    assert portal.is_ready()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_nothing_behind(folder, launch, number):
    portal = launch(folder / "var").wait_until_ready()
    family = portal.descendants()
    assert len(family) >= 4
    assert portal.stop(number) == 0
    assert not [pid for pid in family if is_alive(pid)]
    assert not (portal.var / "valkey.sock").exists()
    assert not list((portal.var / "run").iterdir())
    assert "Traceback" not in portal.said()


def test_a_stop_while_it_is_opening_leaves_nothing_behind(folder, launch):
    portal = launch(folder / "var")
    eventually(lambda: portal.pid("prepare"), within_s=30, what="the preparation")
    family = portal.descendants()
    assert portal.stop() == 0
    assert not [pid for pid in family if is_alive(pid)]


def test_a_second_ctrl_c_does_not_wait(folder, launch):
    portal = launch(folder / "var").wait_until_ready()
    family = portal.descendants()
    os.kill(portal.pid("web"), signal.SIGSTOP)  # it cannot answer the first wish
    portal.launcher.send_signal(signal.SIGINT)
    eventually(lambda: "Stopping" in portal.said(), within_s=10, what="the first wish")
    while not portal.has_ended():
        portal.launcher.send_signal(signal.SIGINT)
        time.sleep(0.6)
    assert not [pid for pid in family if is_alive(pid)]


@pytest.mark.skipif(not os.path.exists("/proc"), reason="only Linux tells children of a death")
def test_a_killed_launcher_takes_its_processes_along(folder, launch):
    portal = launch(folder / "var").wait_until_ready()
    family = portal.descendants()
    portal.stop(signal.SIGKILL)
    eventually(
        lambda: not [pid for pid in family if is_alive(pid)], within_s=20, what="nobody left"
    )


def test_a_port_in_use_is_refused_by_its_name(folder, refusal):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refusal(folder / "var", port)
    assert "PORT" in said
    assert str(port) in said


def test_a_folder_that_cannot_be_written_is_refused_by_its_name(folder, refusal):
    (folder / "file").write_text("")
    assert "PORTAL_VAR" in refusal(folder / "file" / "var")


def test_a_folder_too_deep_for_a_socket_is_refused_by_its_name(folder, refusal):
    assert "PORTAL_VAR" in refusal(folder / ("x" * 100))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "eighty"),
        ("TRUSTED_PROXIES", "many"),
        ("SECRET_KEY", "k" * 50),
        ("ALLOWED_HOSTS", "portal.hasselt.example"),
        ("DATABASE_URL", "mysql://db/portal"),
        ("DATABASE_URL", "postgres://nobody@127.0.0.1:9/portal"),
        ("REDIS_URL", "redis://127.0.0.1:9/0"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(folder, refusal, name, text):
    assert name in refusal(folder / "var", **{name: text})


def test_a_failing_migration_is_told_and_nothing_stays(folder, refusal):
    var = folder / "var"
    var.mkdir()
    (var / "portal.sqlite3").write_text("this is no database, but a long enough piece of text")
    assert "prepare failed" in refusal(var)
    assert not (var / "valkey.sock").exists()
