"""A proxy before the portal that can refuse WebSockets, as some offices and hotels do."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

PIECE = 65_536
WANTS_SOCKET = re.compile(rb"\r\nupgrade:\s*websocket", re.IGNORECASE)
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Gate:
    """Forwards HTTP to `port`; sockets only while it is `open`. Counts what went through."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._sockets: list[socket.socket] = []
        self._ends: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self.is_open = True
        self.hangs = False
        self.refused = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def block(self, *, hangs: bool = False) -> None:
        """Refuses sockets from now on (or never answers them) and ends those that are open."""
        self.is_open, self.hangs = False, hangs
        while self._sockets:
            self._end(self._sockets.pop())

    def unblock(self) -> None:
        self.is_open = True

    def close(self) -> None:
        for end in [self._door, *self._ends]:
            self._end(end)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                self._ends.append(near)
                threading.Thread(target=self._lead, args=(near,), daemon=True).start()

    def _lead(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                piece = near.recv(PIECE)
                if not piece:
                    near.close()
                    return
                head += piece
            wants_socket = bool(WANTS_SOCKET.search(head))
            if wants_socket and not self.is_open:
                self.refused += 1
                if not self.hangs:
                    near.sendall(REFUSED)
                    self._end(near)
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            self._ends.append(far)
            if wants_socket:
                self._sockets += [near, far]
            far.sendall(head)
            threading.Thread(target=self._pump, args=(far, near), daemon=True).start()
            self._pump(near, far)

    @staticmethod
    def _pump(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(PIECE):
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)

    @staticmethod
    def _end(end: socket.socket) -> None:
        # Closing alone does not wake a thread that waits in accept or recv.
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextlib.contextmanager
def gate_to(port: int) -> Iterator[Gate]:
    gate = Gate(port)
    try:
        yield gate
    finally:
        gate.close()
