"""A WebSocket client that costs little, so that the load generator is not what is measured.

Enough of RFC 6455 for our own servers on this machine: text frames, ping, close, no fragments.
"""

import asyncio
import base64
import os
from collections.abc import Callable

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
ACCEPTED = b"HTTP/1.1 101"


class Socket(asyncio.Protocol):
    """One connection; `on_text` gets the bytes of each text frame."""

    def __init__(
        self,
        request: bytes,
        on_text: Callable[[bytes], None],
        on_closed: Callable[[], None] = lambda: None,
    ) -> None:
        self.on_text, self.on_closed = on_text, on_closed
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False
        self._request = request
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("refused before the handshake ended"))
        else:
            self.on_closed()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.opened.done() and not self._shake_hands():
            return
        while frame := self._next_frame():
            opcode, payload = frame
            if opcode == TEXT:
                self.on_text(payload)
            elif opcode == PING:
                self.transport.write(encoded(payload, PONG))
            elif opcode == CLOSE:
                self.transport.close()

    def send(self, text: bytes) -> None:
        self.transport.write(encoded(text))

    def close(self) -> None:
        self.transport.write(encoded(b"\x03\xe8", CLOSE))
        self.transport.close()

    def _shake_hands(self) -> bool:
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return False
        if not head.startswith(ACCEPTED):
            self.opened.set_exception(ConnectionError(head.split(b"\r\n")[0].decode()))
            self.transport.abort()
            return False
        self._buffer = rest
        self.opened.set_result(None)
        return True

    def _next_frame(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        length, start = buffer[1], 2
        if length == 126:
            length, start = int.from_bytes(buffer[2:4], "big"), 4
        elif length == 127:
            length, start = int.from_bytes(buffer[2:10], "big"), 10
        end = start + length
        if len(buffer) < end:
            return None
        self._buffer = buffer[end:]
        return buffer[0] & 0x0F, buffer[start:end]


def encoded(payload: bytes, opcode: int = TEXT) -> bytes:
    """A whole client frame. Its mask is zero: that protects proxies, of which there are none."""
    length = len(payload)
    if length < 126:
        head = bytes((0x80 | opcode, 0x80 | length))
    else:
        head = bytes((0x80 | opcode, 0x80 | 126)) + length.to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload


async def connected(
    port: int,
    path: str,
    on_text: Callable[[bytes], None],
    *,
    cookie: str = "",
    on_closed: Callable[[], None] = lambda: None,
) -> Socket:
    """An open socket to a server on this machine; raises ConnectionError when it is refused."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        f"Origin: http://127.0.0.1:{port}",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(
        lambda: Socket(request, on_text, on_closed), "127.0.0.1", port, ssl=None
    )
    try:
        await asyncio.wait_for(socket.opened, 30)
    except (TimeoutError, asyncio.CancelledError):
        socket.transport.abort()
        raise
    return socket
