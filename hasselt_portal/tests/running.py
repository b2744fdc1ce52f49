"""A portal that really runs, started by the launcher in a folder and on a port of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

BASE = Path(__file__).resolve().parent.parent.parent
FOREIGN = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DJANGO_SETTINGS_MODULE"}
START_S = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(question: Callable[[], object], *, within_s: float, what: str) -> None:
    """Asks until the answer is truthy. The limit only bounds a failure, it measures nothing."""
    deadline = time.monotonic() + within_s
    while not question():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie that nobody has collected yet does not."""
    listed = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip()) and not listed.stdout.strip().startswith("Z")


class Portal:
    """One launcher and its processes. Ends with `stop`, or by leaving `running`."""

    def __init__(self, var: Path, port: int | None = None, **environment: str) -> None:
        self.var = var
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {name: text for name, text in os.environ.items() if name not in FOREIGN}
        self.environment = inherited | {
            "PORTAL_DEMO": "1",
            "PORTAL_VAR": str(var),
            "PORT": str(self.port),
            **environment,
        }
        nearest = next(folder for folder in var.parents if folder.is_dir())
        self.output = nearest / f"launcher-{self.port}.out"
        self.launcher: subprocess.Popen[bytes] | None = None

    def launch(self) -> "Portal":
        """Starts the launcher and leaves it to it."""
        with self.output.open("wb") as output:
            self.launcher = subprocess.Popen(
                [sys.executable, "-m", "hasselt_portal.launcher"],
                cwd=BASE,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def wait_until_ready(self) -> "Portal":
        eventually(
            lambda: "The portal is ready." in self.said() or self.has_ended(),
            within_s=START_S,
            what=f"a portal that is ready; it said: {self.said()}",
        )
        assert not self.has_ended(), self.said()
        return self

    def said(self) -> str:
        """What the launcher printed so far."""
        return self.output.read_text()

    def has_ended(self) -> bool:
        return self.launcher is not None and self.launcher.poll() is not None

    def pid(self, name: str) -> int:
        """The process id of `web`, `worker` or `valkey`; 0 while there is none."""
        with contextlib.suppress(OSError, ValueError):
            return int((self.var / "run" / f"{name}.pid").read_text())
        return 0

    def kill(self, name: str) -> int:
        """kill -9 of one process; returns the id it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def is_ready(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            answer = httpx.get(self.url + "/health/ready", timeout=2, trust_env=False)
            return answer.status_code == httpx.codes.OK
        return False

    def descendants(self) -> set[int]:
        """Every process that came from the launcher, itself included."""
        assert self.launcher is not None
        listing = subprocess.run(
            ["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True
        ).stdout
        parent = dict(tuple(map(int, line.split())) for line in listing.splitlines())
        family = {self.launcher.pid}
        while grown := {pid for pid, ppid in parent.items() if ppid in family} - family:
            family |= grown
        return family

    def stop(self, number: int = signal.SIGINT) -> int:
        """Asks the launcher to stop and returns its exit code."""
        assert self.launcher is not None
        if not self.has_ended():
            self.launcher.send_signal(number)
        try:
            return self.launcher.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.launcher.pid, signal.SIGKILL)
            raise


@contextlib.contextmanager
def running(var: Path, port: int | None = None, **environment: str) -> Iterator[Portal]:
    """A portal that is ready, and that is gone afterwards."""
    portal = Portal(var, port, **environment).launch()
    try:
        yield portal.wait_until_ready()
    finally:
        portal.stop()
