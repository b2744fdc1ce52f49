"""A network cable between a browser and the portal that can go dead without a word."""

import contextlib
import socket
import threading
from collections.abc import Iterator

PIECE = 65_536


class Cable:
    """Forwards TCP to `port`. What hangs on it after `go_dead` hears nothing more, not even an end.

    New connections work: a laptop that wakes up finds the network, but its old socket is gone.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._dead = threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def go_dead(self) -> None:
        self._dead.set()
        self._dead = threading.Event()

    def close(self) -> None:
        for end in [self._door, *self._ends]:
            # Closing alone does not wake a thread that waits in accept or recv.
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    pump = (one, other, self._dead)
                    threading.Thread(target=self._pump, args=pump, daemon=True).start()

    @staticmethod
    def _pump(one: socket.socket, other: socket.socket, dead: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(PIECE):
                if not dead.is_set():
                    other.sendall(piece)
            if not dead.is_set():
                other.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def cable_to(port: int) -> Iterator[Cable]:
    cable = Cable(port)
    try:
        yield cable
    finally:
        cable.close()
