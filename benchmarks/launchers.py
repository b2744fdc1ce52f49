"""Open widgets that nobody chats in: each asks for the state of the chat now and then.

As `static/chat/widget/loader.js` does: every 30 s, with the ETag of the last answer, over a
connection that the browser keeps. The least of HTTP/1.1 that daphne's answers need.
"""

import asyncio
import random
import time

ASK_EVERY_S = 30.0
PATIENCE_S = 20.0


class Launcher(asyncio.Protocol):
    """One widget. `answers` gets (moment, seconds, status), status 0 when none came."""

    def __init__(self, port: int, answers: list[tuple[float, float, int]]) -> None:
        self._port, self._answers = port, answers
        self._transport: asyncio.Transport | None = None
        self._buffer, self._tag = b"", b""
        self._asked_at = 0.0
        self._heard: asyncio.Future[int] | None = None

    async def keep_asking(self, chance: random.Random) -> None:
        await asyncio.sleep(chance.random() * ASK_EVERY_S)
        while True:
            await self._ask()
            await asyncio.sleep(ASK_EVERY_S * (0.95 + chance.random() / 10))

    def leave(self) -> None:
        if self._transport:
            self._transport.abort()

    async def _ask(self) -> None:
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE_S):
                if self._transport is None:
                    await loop.create_connection(lambda: self, "127.0.0.1", self._port)
                self._heard = loop.create_future()
                self._send()
                status = await self._heard
        except (OSError, TimeoutError):
            self.leave()
            status = 0
        now = time.perf_counter()
        self._answers.append((now, now - began, status))

    def _send(self) -> None:
        head = f"GET /chat/status.json?lang=nl HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
        known = b"If-None-Match: " + self._tag + b"\r\n" if self._tag else b""
        assert self._transport
        self._transport.write(head.encode() + b"Accept-Encoding: gzip\r\n" + known + b"\r\n")

    # --- asyncio.Protocol ----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._buffer = transport, b""  # type: ignore[assignment]

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._heard and not self._heard.done():
            self._heard.set_exception(ConnectionError("closed before the answer"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        status, fields = _read_head(head)
        if status == 304 or _is_complete(fields, body):
            self._buffer = b""
            self._tag = fields.get(b"etag", self._tag)
            if self._heard and not self._heard.done():
                self._heard.set_result(status)


def _read_head(head: bytes) -> tuple[int, dict[bytes, bytes]]:
    first, *lines = head.split(b"\r\n")
    fields = (line.split(b":", 1) for line in lines)
    return int(first.split()[1]), {name.lower(): value.strip() for name, value in fields}


def _is_complete(fields: dict[bytes, bytes], body: bytes) -> bool:
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        return body.endswith(b"0\r\n\r\n")
    return len(body) >= int(fields.get(b"content-length", b"0"))
