"""Typesets accessible PDF (PDF/UA-1 and PDF/A-2a) from a template and data.

`typeset("chat/transcript.typ", {...})` sets a template of the folder `templates`. What people wrote
goes in as data, never as source of typst, so that nothing in it is ever a command.

Typst runs in a process of its own (`child`), with limits that the kernel keeps: a document of four
million characters takes 0.9 GB, which the web process would keep until it ends, and a crash would
take the web process along. A new interpreter costs some 60 ms.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from common.errors import RuleBroken
from common.typesetting.signs import settable

BASE = Path(__file__).resolve().parent.parent.parent
WITHIN_S = 40.0
WAIT_FOR_A_PLACE_S = 20.0

_place = threading.BoundedSemaphore(1)  # for each process, because of the memory


def typeset(template: str, content: Mapping[str, Any]) -> bytes:
    """The PDF of `template` filled with `content`, which must fit JSON; takes up to a minute.

    The template reads `content` as `json(bytes(sys.inputs.content))`, with `lacks_signs` added:
    whether some sign was replaced because the fonts do not have it (`signs`).
    Never called in a transaction. Raises RuleBroken("failed").
    """
    clean, lacks_signs = settable(dict(content))
    source = json.dumps({**clean, "lacks_signs": lacks_signs}).encode()
    if not _place.acquire(timeout=WAIT_FOR_A_PLACE_S):
        raise RuleBroken("failed", retry_after_s=20)
    try:
        return _set(template, source)
    finally:
        _place.release()


def _set(template: str, source: bytes) -> bytes:
    try:
        child = subprocess.run(  # noqa: S603  our own interpreter and module
            [sys.executable, "-s", "-m", "common.typesetting.child", template],
            input=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a diagnostic of typst cites the text
            cwd=BASE,
            env={},
            timeout=WITHIN_S,
            check=True,
        )
    except subprocess.SubprocessError:
        # Without its context: the exception carries the output.
        raise RuleBroken("failed") from None
    return child.stdout
