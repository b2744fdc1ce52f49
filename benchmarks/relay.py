"""The least a WebSocket server can do, to see how fast the load generator itself can go.

Two sockets with the same path are a pair; each text goes to both. No Channels, no Redis, no JSON.
"""

import asyncio
import base64
import hashlib
import sys
from collections import defaultdict

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
pairs: dict[bytes, set["Relay"]] = defaultdict(set)


class Relay(asyncio.Protocol):
    """One connection. Expects what `benchmarks.sockets` sends: short frames with a zero mask."""

    def __init__(self) -> None:
        self.buffer = b""
        self.path = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def connection_lost(self, error: Exception | None) -> None:
        pairs[self.path].discard(self)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.path:
            self._shake_hands()
        while len(self.buffer) >= 2:
            length, start = self.buffer[1] & 0x7F, 6
            if length == 126:
                length, start = int.from_bytes(self.buffer[2:4], "big"), 8
            if len(self.buffer) < start + length:
                return
            opcode, payload = self.buffer[0] & 0x0F, self.buffer[start : start + length]
            self.buffer = self.buffer[start + length :]
            if opcode == 1:
                self._pass_on(payload)

    def _pass_on(self, payload: bytes) -> None:
        length = len(payload)
        head = bytes((0x81, length)) if length < 126 else b"\x81\x7e" + length.to_bytes(2, "big")
        for socket in pairs[self.path]:
            socket.transport.write(head + payload)

    def _shake_hands(self) -> None:
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in lines[1:])
        accept = base64.b64encode(hashlib.sha1(headers[b"Sec-WebSocket-Key"] + MAGIC).digest())
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self.path, self.buffer = lines[0].split()[1], rest
        pairs[self.path].add(self)


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Relay, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
