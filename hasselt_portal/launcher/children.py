"""One process of the portal: start it, notice its end, start it again, stop it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 30.0  # who lived this long starts again at once, whatever came before
MAX_LOG_BYTES = 5 * 1024 * 1024
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass
class Child:
    """A process that shall run. It leads its own session, so a Ctrl-C reaches the launcher only.

    Its output goes to var/log/<name>.log and its process id to var/run/<name>.pid.
    """

    name: str
    command: list[str]
    var: Path
    restarts: bool = True
    stop_patience_s: float = 10.0
    failures: int = 0
    started_at: float = 0.0
    start_again_at: float | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def log_path(self) -> Path:
        return self.var / "log" / f"{self.name}.log"

    @property
    def pid_path(self) -> Path:
        return self.var / "run" / f"{self.name}.pid"

    def start(self, *, now: float) -> None:
        """Starts the process; `now` is monotonic seconds."""
        for path in (self.log_path, self.pid_path):
            path.parent.mkdir(exist_ok=True)
        _rotate(self.log_path)
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509  the launcher has no threads
            )
        self.pid_path.write_text(str(self.process.pid))
        self.started_at, self.start_again_at = now, None

    def has_ended(self) -> bool:
        """Whether a process that was started is gone; its code is then in `returncode`."""
        return self.process is not None and self.process.poll() is not None

    def plan_restart(self, *, now: float) -> float:
        """Clears up after a process that ended; returns the pause before it starts again."""
        self._clear_up()
        self.failures = 1 if now - self.started_at > STEADY_AFTER_S else self.failures + 1
        pause: float = min(FIRST_PAUSE_S * 2 ** (self.failures - 1), LONGEST_PAUSE_S)
        self.start_again_at = now + pause
        return pause

    def ask_to_stop(self) -> None:
        """SIGTERM to the process itself; it takes its own children along in its own order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def make_stop(self) -> None:
        """Ends whatever is left of the process and its children."""
        if self.process is not None:
            self._clear_up()

    def _clear_up(self) -> None:
        process, self.process = self.process, None
        assert process is not None
        # What a killed process leaves in its group (Celery's pool and clock) would go on working
        # beside its successor. Of a group that is gone, macOS says "not permitted".
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.pid_path.unlink(missing_ok=True)


def last_lines(path: Path, count: int) -> str:
    """The end of a log, for a person to read."""
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return "\n".join(lines[-count:])


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _die_with(launcher_pid: int) -> Callable[[], None] | None:
    """Makes the child end when the launcher is killed. Only Linux has this."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != launcher_pid:  # it was killed before we could ask
            os._exit(1)

    return before_exec
