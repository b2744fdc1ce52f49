"""Processes that a run starts for itself, and what they cost. Linux, for /proc."""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hasselt_portal.launcher.children import Child, last_lines

ROOT = Path(__file__).resolve().parent.parent
STARTS_WITHIN_S = 90.0
# Settings of a person's shell must not leak into what is measured.
CLEARED = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_URL", "HTTPS", "TRUSTED_PROXIES")


@contextmanager
def running(
    name: str, command: list[str], *, var: Path, env: Mapping[str, str], ready: int | Path
) -> Iterator[int]:
    """A process with its own environment, until the block ends; gives its process id.

    `ready` is the port or the socket file that it must answer on first. Its output is in var/log.
    """
    child = child_with(name, command, var=var, env=env)
    child.start(now=time.monotonic())
    try:
        wait_until_it_answers(child, ready)
        assert child.process is not None
        yield child.process.pid
    finally:
        stop(child)


def child_with(name: str, command: list[str], *, var: Path, env: Mapping[str, str]) -> Child:
    """A process, not yet started, with its own environment instead of a person's."""
    var.mkdir(parents=True, exist_ok=True)
    cleared = [part for setting in CLEARED for part in ("-u", setting)]
    # Everybody in a benchmark comes from one address.
    settings = {"PYTHONPATH": str(ROOT), "CHAT_SOCKETS_PER_ADDRESS": "100000", **env}
    own = [f"{setting}={value}" for setting, value in settings.items()]
    return Child(name, ["/usr/bin/env", *cleared, *own, *command], var)


def wait_until_it_answers(child: Child, ready: int | Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while not _answers(ready):
        if child.has_ended() or time.monotonic() > deadline:
            raise RuntimeError(f"{child.name} did not start:\n{last_lines(child.log_path, 20)}")
        time.sleep(0.1)


def _answers(ready: int | Path) -> bool:
    family = socket.AF_INET if isinstance(ready, int) else socket.AF_UNIX
    with socket.socket(family) as probe:
        try:
            probe.connect(("127.0.0.1", ready) if isinstance(ready, int) else str(ready))
        except OSError:
            return False
    return True


def stop(child: Child) -> None:
    child.ask_to_stop()
    deadline = time.monotonic() + child.stop_patience_s
    while child.process is not None and not child.has_ended() and time.monotonic() < deadline:
        time.sleep(0.05)
    child.make_stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def cpu_seconds(pid: int) -> float:
    """What a process has used up so far, user and system, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def family_cpu_seconds(pid: int) -> float:
    """`cpu_seconds` of a process and its descendants, also of those that ended meanwhile."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended while we looked
            fields = stat.read_text().rpartition(")")[2].split()
            parents[int(stat.parent.name)] = int(fields[1])
    family = {pid}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    return sum(_cpu_with_ended_children(member) for member in family)


def _cpu_with_ended_children(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(fields[n]) for n in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")


def resident_kib(pid: int) -> int:
    """The memory that a process holds now (RSS)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError(f"process {pid} shows no VmRSS")
