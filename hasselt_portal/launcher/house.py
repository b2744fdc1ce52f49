"""Opens the house, keeps it open, closes it."""

import http.client
import signal
import time
from collections.abc import Callable, Iterable

from hasselt_portal.launcher.checks import Refused
from hasselt_portal.launcher.children import Child, last_lines
from hasselt_portal.launcher.signals import Signals

READY_WITHIN_S = 60.0
GIVE_UP_AFTER = 3  # failures of one process before the house was ever ready


class Stopped(Exception):
    """Somebody asked to stop while the house was still opening."""


class House:
    """The processes of the portal, in the order in which they start."""

    def __init__(self, signals: Signals, say: Callable[[str], None]) -> None:
        self.signals = signals
        self.say = say
        self.children: list[Child] = []

    def start(self, child: Child) -> None:
        self.children.append(child)
        child.start(now=time.monotonic())

    def run_to_end(self, job: Child) -> None:
        """Runs a process that must end well before the next may start."""
        self.start(job)
        while not job.has_ended():
            self.tend(until=None)
        code = job.process.returncode if job.process else None
        self.children.remove(job)
        job.make_stop()
        if code != 0:
            raise Refused(f"{job.name} failed:\n{last_lines(job.log_path, 15)}")

    def wait_until_ready(self, port: int, host: str) -> None:
        """Returns when /health/ready says so; refuses when a process cannot stay alive."""
        deadline = time.monotonic() + READY_WITHIN_S
        while not answers(port, host):
            self.tend(until=time.monotonic() + 0.1)
            for child in self.children:
                if child.failures >= GIVE_UP_AFTER:
                    log = last_lines(child.log_path, 15)
                    raise Refused(f"{child.name} does not stay alive:\n{log}")
            if time.monotonic() > deadline:
                raise Refused(f"not ready after {READY_WITHIN_S:.0f} s; see the logs in var/log")

    def keep_open(self) -> None:
        """Starts again what dies, until somebody asks to stop."""
        try:
            while True:
                self.tend(until=None)
        except Stopped:
            return

    def tend(self, *, until: float | None) -> None:
        """Waits for the next event (at most `until`, monotonic) and does what it asks for."""
        moments = [child.start_again_at for child in self.children if child.start_again_at]
        wake_at = min([*moments, *([until] if until else [])], default=None)
        self.signals.wait(None if wake_at is None else max(0.0, wake_at - time.monotonic()))
        if self.signals.stop_asked_at is not None:
            raise Stopped
        now = time.monotonic()
        for child in self.children:
            if child.start_again_at and child.start_again_at <= now:
                child.start(now=now)
        self._notice_deaths(now)

    def _notice_deaths(self, now: float) -> None:
        for child in self.children:
            if child.has_ended() and child.restarts:
                reason = _reason(child)
                pause_s = child.plan_restart(now=now)
                self.say(f"{child.name} {reason}; starts again in {pause_s:.1f} s")

    def close(self, *groups: Iterable[str]) -> None:
        """Stops the named groups one after the other, then the rest. A second Ctrl-C forces."""
        for names in [*groups, [child.name for child in self.children]]:
            self._stop([child for child in self.children if child.name in set(names)])

    def _stop(self, children: list[Child]) -> None:
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + max((c.stop_patience_s for c in children), default=0)
        while any(child.process and not child.has_ended() for child in children):
            if self.signals.force or time.monotonic() >= deadline:
                break
            self.signals.wait(max(0.0, deadline - time.monotonic()))
        for child in children:
            child.make_stop()


def answers(port: int, host: str) -> bool:
    """Whether the portal on `port` says that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health/ready", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reason(child: Child) -> str:
    code = child.process.returncode if child.process else 0
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
