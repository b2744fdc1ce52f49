"""`python -m benchmarks.weight`: what a page loads for the chat, gzip -9, as the portal serves it.

The loader is what each page carries. The opened widget is the loader, the panel with every module
it imports, and the panel's texts. With everything is also what it fetches only when somebody needs
it, by `import()`.
"""

import argparse
import gzip
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from benchmarks import report
from benchmarks.subjects import portal, private_valkey

LOADER, TEXTS = "/widget.js", "/chat/panel.json?lang=nl"
LOADER_BAR, OPENED_BAR = 3 * 1024, 20 * 1024
OTHERS = {"Live Helper Chat": "237 KB", "Chatwoot": "170 KiB"}  # measured for the design, gzip
AT_ONCE = re.compile(r"""(?:\bfrom|\bimport)\s*["'`]([^"'`]+\.js)["'`]""")
LATER = re.compile(r"""\bimport\(\s*["'`]([^"'`]+\.js)["'`]""")
PANEL = re.compile(r"""["'`]([^"'`]*/chat/widget/panel[^"'`]*\.js)["'`]""")


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when something that the widget names is not served."""
    parser = argparse.ArgumentParser(prog="benchmarks.weight", description=__doc__)
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    facts = report.about()
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        redis_url, _ = stack.enter_context(private_valkey(var))
        subject = portal("c", "portal", var=var, redis_url=redis_url)
        subject.prepare(static=1, demo=1)
        stack.enter_context(subject.serve())
        outcome = {**facts, **_outcome(*_weigh(subject.port))}
    _print(outcome)
    if options.write:
        report.write("weight", outcome)
    return 1 if outcome["missing"] else 0


def _weigh(port: int) -> tuple[dict[str, int], set[str], list[str]]:
    """Compressed bytes by address; which of them come later; and what gave no 200."""
    parts, late, missing = {}, set(), []
    for path, body, is_late in _served(port):
        if body is None:
            missing.append(path)
        else:
            parts[path] = len(gzip.compress(body, 9, mtime=0))
        if is_late:
            late.add(path)
    return parts, late, missing


def _served(port: int) -> Iterator[tuple[str, bytes | None, bool]]:
    """Follows the widget from its loader: each address once, what is fetched at once first.

    Gives the address, its content (None when it is not there) and whether it is fetched later.
    """
    at_once, later = [LOADER, TEXTS], list[str]()
    known = set[str]()
    while at_once or later:
        is_late = not at_once
        path = later.pop(0) if is_late else at_once.pop(0)
        if path in known:
            continue
        known.add(path)
        body = _get(port, path)
        yield path, body, is_late
        if body is None or not path.endswith(".js"):
            continue
        source = body.decode()
        pattern = PANEL if path == LOADER else AT_ONCE
        (later if is_late else at_once).extend(_named(pattern, source, path))
        later.extend(_named(LATER, source, path))


def _named(pattern: re.Pattern[str], source: str, path: str) -> list[str]:
    return [urljoin(path, name) for name in pattern.findall(source)]


def _get(port: int, path: str) -> bytes | None:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    return body if answer.status == 200 else None


def _outcome(parts: dict[str, int], late: set[str], missing: list[str]) -> dict[str, Any]:
    loader, everything = parts.get(LOADER, 0), sum(parts.values())
    opened = everything - sum(parts.get(path, 0) for path in late)
    return {
        "settings": {"bytes": "gzip -9 of each answer's body, as served after collectstatic"},
        "parts": parts,
        "later": sorted(late),
        "missing": missing,
        "everything": everything,
        "bars": [
            {"what": "loader", "bytes": loader, "bar": LOADER_BAR, "reached": loader <= LOADER_BAR},
            {
                "what": "opened widget",
                "bytes": opened,
                "bar": OPENED_BAR,
                "reached": opened <= OPENED_BAR and not missing,
            },
        ],
        "others": OTHERS,
    }


def _print(outcome: dict) -> None:
    report.describe(outcome, outcome["settings"])
    later = outcome["later"]
    rows = [
        [path, f"{size:,}", "when somebody needs it" if path in later else "at once"]
        for path, size in outcome["parts"].items()
    ]
    rows += [[path, "not served", ""] for path in outcome["missing"]]
    report.table("What an opened chat loads", ["", "bytes", "when"], rows)
    bars = [
        [
            b["what"],
            f"{b['bytes']:,}",
            f"≤ {b['bar']:,}",
            "reached" if b["reached"] else "NOT reached",
        ]
        for b in outcome["bars"]
    ]
    bars.append(["with everything", f"{outcome['everything']:,}", "", ""])
    bars += [[name, size, "", "for comparison"] for name, size in outcome["others"].items()]
    report.table("Weight, compressed", ["", "bytes", "bar", ""], bars)


if __name__ == "__main__":
    sys.exit(main())
