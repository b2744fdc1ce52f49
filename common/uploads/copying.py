"""A file of a stranger is decoded in a process of its own, with limits that the kernel keeps.

A decoder that loops, eats memory or crashes takes that process with it and nothing else. A new
interpreter each time costs some 100 ms beside an upload of seconds, and needs no care for the
threads of the web process, which a fork would.
"""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from common.errors import RuleBroken

BASE = Path(__file__).resolve().parent.parent.parent
WITHIN_S = 25.0
AT_ONCE = 2  # for each web process: each may take the memory of a picture of 50 million pixels
WAIT_FOR_A_PLACE_S = 10.0

_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Copy:
    """What was read, written anew. The size in pixels is 0 by 0 for a PDF."""

    content: bytes
    width_px: int
    height_px: int


def copied(content: bytes, media_type: str, *, within_s: float = WITHIN_S) -> Copy:
    """The file written anew: only what a reader understood of it is left.

    Raises RuleBroken: file_broken (also when it takes more time or memory than an honest file),
    file_too_large_picture, file_locked; failed when no place came free.
    """
    if not _places.acquire(timeout=WAIT_FOR_A_PLACE_S):
        raise RuleBroken("failed", retry_after_s=10)
    try:
        said = _said(content, media_type, within_s)
    finally:
        _places.release()
    header, _, rest = said.partition(b"\n")
    found = json.loads(header)
    if "refused" in found:
        raise RuleBroken(found["refused"])
    return Copy(rest, found["width_px"], found["height_px"])


def _said(content: bytes, media_type: str, within_s: float) -> bytes:
    # What the child complains about may hold pieces of the file, so nobody reads or logs it.
    try:
        child = subprocess.run(  # noqa: S603  our own interpreter and module
            [sys.executable, "-s", "-m", "common.uploads.child", media_type],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=BASE,
            env={},
            timeout=within_s,
            check=True,
        )
    except subprocess.SubprocessError:
        # Without its context: the exception carries the output.
        raise RuleBroken("file_broken") from None
    return child.stdout
