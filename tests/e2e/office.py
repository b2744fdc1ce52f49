"""The back office: a process with the portal's own environment that reads and prepares its data.

Browser tests never touch the portal's database from their own process, whose settings name another
one. They ask `Office`; `office_desk.py` answers from a process of its own, one JSON line for each.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from hasselt_portal.tests.running import BASE


class Office:
    """`office.always_open()` runs the function of that name in office_desk.py."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __getattr__(self, name: str) -> Any:
        return lambda **arguments: self._ask(name, arguments)

    def _ask(self, name: str, arguments: dict[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([name, arguments]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the back office has ended"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["value"]


@contextlib.contextmanager
def open_office(environment: dict[str, str]) -> Iterator[Office]:
    """A back office for the portal with this environment."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.office_desk"],
        cwd=BASE,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:  # leaving closes its input, which ends it
        yield Office(process)
