"""What all benchmarks share on paper: where and with what, the table, the JSON, the statistics."""

import json
import os
import platform
import sqlite3
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("Django", "channels", "channels-redis", "daphne", "psycopg", "redis", "msgspec")


def about() -> dict[str, Any]:
    """Machine, versions, commit and moment."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": _commit(),
        "machine": {
            "cores": os.cpu_count(),
            "cpu": _cpu_model(),
            "system": f"{platform.system()} {platform.machine()}",
            "load_before": [round(value, 2) for value in os.getloadavg()],
        },
        "versions": {
            "Python": platform.python_version(),
            **{name: version(name) for name in PACKAGES},
            "SQLite": sqlite3.sqlite_version,
        },
    }


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!benchmarks")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" + changes" if changed else "")


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints columns; the first is text, the others are numbers and stand to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    print(f"\n{title}")
    for number, line in enumerate(lines):
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        print("  " + "  ".join(cells).rstrip())
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))


def describe(facts: dict[str, Any], settings: dict[str, Any]) -> None:
    """Prints where the numbers come from."""
    machine, versions = facts["machine"], facts["versions"]
    print(f"{facts['date']}, commit {facts['commit']}")
    print(
        f"{machine['cores']} cores, {machine['cpu']}, {machine['system']}; "
        f"load before: {machine['load_before']}"
    )
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    for name, value in settings.items():
        pairs = value.items() if isinstance(value, dict) else ()
        print(f"{name}: {', '.join(f'{k} {v}' for k, v in pairs) or value}")


def write(name: str, outcome: dict[str, Any]) -> None:
    """Keeps the outcome in results/<name>.json."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(outcome, indent=1, ensure_ascii=False) + "\n")
    print(f"\nWritten: {path.relative_to(ROOT)}")


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, lowest and highest of the rounds."""
    return {
        "median": round(statistics.median(values), 3),
        "low": round(min(values), 3),
        "high": round(max(values), 3),
    }


def with_spread(found: dict[str, float], digits: int = 0) -> str:
    return f"{found['median']:.{digits}f} ({found['low']:.{digits}f}–{found['high']:.{digits}f})"
