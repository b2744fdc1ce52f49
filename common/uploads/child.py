"""The process that decodes one file: `python -m common.uploads.child image/png < file > copy`.

Says a line of JSON and then the copy. A rule that was broken is said in that line; every other
failure is an exit code, and the parent takes it for a broken file.
"""

import contextlib
import json
import os
import resource
import sys
from pathlib import Path
from types import ModuleType

from common.errors import RuleBroken

CPU_S = 20
# A picture of 50 million pixels with transparency takes 200 MB, and is turned, converted, encoded.
MEMORY_BYTES = 1_536 * 1024 * 1024
OPEN_FILES = 64


def main(media_type: str) -> None:
    """Reads standard input, writes standard output."""
    limit()
    content = sys.stdin.buffer.read()
    try:
        copy, width_px, height_px = _reader(media_type).rewritten(content, media_type)
    except RuleBroken as error:
        _say({"refused": error.code}, b"")
    else:
        _say({"width_px": width_px, "height_px": height_px}, copy)


def limit() -> None:
    """Limits kept by the kernel (setrlimit(2)), and the chat of others goes first."""
    # When memory runs out on the machine, this is what the kernel gives up, not the database.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes to a pipe, never to a file
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)


def _reader(media_type: str) -> ModuleType:
    if media_type == "application/pdf":
        from common.uploads import documents

        return documents
    from common.uploads import pictures

    return pictures


def _say(header: dict[str, object], copy: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + copy)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
