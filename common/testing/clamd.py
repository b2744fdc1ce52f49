"""A virus scanner for tests that speaks clamd's INSTREAM on localhost, and misbehaves on demand."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest

# What every scanner takes for a virus (eicar.org); in two pieces, so that none takes this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIZE_LIMIT = 25 * 1024 * 1024


class Scanner:
    """Takes one connection at a time. `seen` holds what it was given to scan."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.answer: Callable[[bytes], bytes] = verdict
        self.size_limit = SIZE_LIMIT
        self.closes_after_bytes: int | None = None
        self.waits_s = 0.0
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"tcp://127.0.0.1:{self._door.getsockname()[1]}"
        self._stopped = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Closes the door, and wakes who waits behind it."""
        self._stopped = True
        with socket.socket() as last:
            last.connect(self._door.getsockname())
        self._thread.join()
        self._door.close()

    def _serve(self) -> None:
        while True:
            wire, _ = self._door.accept()
            with wire:
                if self._stopped:
                    return
                try:
                    self._scan(wire)
                except OSError:
                    continue  # the client gave up

    def _scan(self, wire: socket.socket) -> None:
        command = wire.recv(10, socket.MSG_WAITALL)
        if command != b"zINSTREAM\0":
            wire.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := struct.unpack("!I", wire.recv(4, socket.MSG_WAITALL))[0]:
            content += wire.recv(length, socket.MSG_WAITALL)
            if self.closes_after_bytes is not None and len(content) >= self.closes_after_bytes:
                return
            if len(content) > self.size_limit:
                wire.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.seen.append(content)
        time.sleep(self.waits_s)
        wire.sendall(self.answer(content))


def verdict(content: bytes) -> bytes:
    """What clamd says: OK, or the name of what it found."""
    if EICAR in content:
        return b"stream: Win.Test.EICAR_HDB-1 FOUND\0"
    return b"stream: OK\0"


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    """A scanner that runs; set `settings.CLAMD_URL = scanner.url` to have files scanned."""
    running = Scanner()
    yield running
    running.stop()
