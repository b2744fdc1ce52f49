"""The virus scan, by clamd: its INSTREAM command (docs.clamav.net/manual/Usage/ClamdProtocol.html).

A client of our own, because the rule is strict: nothing but the one good answer in time counts as
clean, whatever else comes or fails to come.
"""

import logging
import socket
import struct
import time
from urllib.parse import urlsplit

from common.errors import RuleBroken

log = logging.getLogger(__name__)

CHUNK_BYTES = 64 * 1024
MAX_ANSWER_BYTES = 4_096
SCAN_WITHIN_S = 15.0


def scan(content: bytes, *, url: str, within_s: float = SCAN_WITHIN_S) -> None:
    """Returns when clamd at `url` (tcp://host:port, unix:///path) finds `content` clean.

    Raises RuleBroken: file_virus; file_unscanned when clamd is away, too slow or answers oddly.
    """
    try:
        answer = _answer(content, url, until=time.monotonic() + within_s)
    except OSError as error:
        log.warning("clamd did not answer: %s", type(error).__name__)
        raise RuleBroken("file_unscanned") from error
    if answer == b"stream: OK":
        return
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
        raise RuleBroken("file_virus")
    log.warning("clamd answered neither OK nor FOUND")
    raise RuleBroken("file_unscanned")


def _answer(content: bytes, url: str, *, until: float) -> bytes:
    with _connected(url, until) as wire:
        _send(wire, b"zINSTREAM\0", until)
        for start in range(0, len(content), CHUNK_BYTES):
            chunk = content[start : start + CHUNK_BYTES]
            _send(wire, struct.pack("!I", len(chunk)) + chunk, until)
        _send(wire, struct.pack("!I", 0), until)
        answer = b""
        # The whole answer ends in a zero byte: one that was cut off is no answer.
        while not answer.endswith(b"\0"):
            wire.settimeout(_left(until))
            piece = wire.recv(MAX_ANSWER_BYTES)
            answer += piece
            if not piece or len(answer) > MAX_ANSWER_BYTES:
                raise ConnectionError
        return answer[:-1]


def _connected(url: str, until: float) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname, parts.port), timeout=_left(until))
    wire = socket.socket(socket.AF_UNIX)
    wire.settimeout(_left(until))
    try:
        wire.connect(parts.path)
    except OSError:
        wire.close()
        raise
    return wire


def _send(wire: socket.socket, part: bytes, until: float) -> None:
    wire.settimeout(_left(until))
    wire.sendall(part)


def _left(until: float) -> float:
    """Seconds that are left; the limit is for the whole scan, not for each step of it."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
