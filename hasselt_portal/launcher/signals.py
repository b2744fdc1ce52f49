"""Signals as something to wait for, so that the launcher never polls."""

import select
import signal
import socket
import time
from types import FrameType, TracebackType

STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# One wish to stop may arrive twice at once: from the terminal and from make.
SAME_WISH_S = 0.5


class Signals:
    """Remembers who asked to stop, and wakes `wait` on that and on the end of a child."""

    def __init__(self) -> None:
        self.stop_asked_at: float | None = None
        self.force = False
        self._ears, self._mouth = socket.socketpair()
        self._ears.setblocking(False)
        self._mouth.setblocking(False)

    def __enter__(self) -> "Signals":
        signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for number in STOP:
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        signal.set_wakeup_fd(-1)
        self._ears.close()
        self._mouth.close()

    def wait(self, timeout_s: float | None) -> None:
        """Returns on the next signal, or after `timeout_s`."""
        select.select([self._ears], [], [], timeout_s)
        try:
            while self._ears.recv(512):
                pass
        except BlockingIOError:
            pass

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self.stop_asked_at is None:
            self.stop_asked_at = now
        elif number == signal.SIGINT and now - self.stop_asked_at > SAME_WISH_S:
            self.force = True
