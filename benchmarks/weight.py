"""`python -m benchmarks.weight`: what a page loads for the chat, gzip -9, as the portal serves it.

The loader is what each page carries. The opened widget is the loader, the panel with every module
it imports (also later, by `import()`), what those fetch beside them, and the panel's texts.
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
from urllib.parse import urljoin

from benchmarks import report
from benchmarks.subjects import portal, private_valkey

LOADER, TEXTS = "/widget.js", "/chat/panel.json?lang=nl"
LOADER_BAR, OPENED_BAR = 3 * 1024, 20 * 1024
OTHERS = {"Live Helper Chat": "237 KB", "Chatwoot": "170 KiB"}  # measured for the design, gzip
IMPORTED = (
    re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+\.js)["']"""),
    re.compile(r"""new URL\(\s*["']([^"']+)["']\s*,\s*import\.meta\.url"""),
)
PANEL = re.compile(r"""["']([^"']*/chat/widget/panel[^"']*\.js)["']""")


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
        parts, missing = _weigh(subject.port)
    outcome = {**facts, **_outcome(parts, missing)}
    _print(outcome)
    if options.write:
        report.write("weight", outcome)
    return 1 if missing else 0


def _weigh(port: int) -> tuple[dict[str, int], list[str]]:
    """Compressed bytes by address, and the addresses that gave no 200."""
    parts, missing = {}, []
    for path, body in _served(port):
        if body is None:
            missing.append(path)
        else:
            parts[path] = len(gzip.compress(body, 9, mtime=0))
    return parts, missing


def _served(port: int) -> Iterator[tuple[str, bytes | None]]:
    """Follows the widget from its loader: each address once, None when it is not there."""
    waiting, known = [LOADER, TEXTS], {LOADER, TEXTS}
    while waiting:
        path = waiting.pop(0)
        body = _get(port, path)
        yield path, body
        if body is None or not path.endswith(".js"):
            continue
        source = body.decode()
        names = [name for pattern in IMPORTED for name in pattern.findall(source)]
        if path == LOADER:
            names = PANEL.findall(source)
        for found in (urljoin(path, name) for name in names):
            if found not in known:
                known.add(found)
                waiting.append(found)


def _get(port: int, path: str) -> bytes | None:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    return body if answer.status == 200 else None


def _outcome(parts: dict[str, int], missing: list[str]) -> dict[str, object]:
    loader, opened = parts.get(LOADER, 0), sum(parts.values())
    return {
        "settings": {"bytes": "gzip -9 of each answer's body, as served after collectstatic"},
        "parts": parts,
        "missing": missing,
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
    rows = [[path, f"{size:,}"] for path, size in outcome["parts"].items()]
    rows += [[path, "not served"] for path in outcome["missing"]]
    report.table("What an opened chat loads", ["", "bytes"], rows)
    bars = [
        [
            b["what"],
            f"{b['bytes']:,}",
            f"≤ {b['bar']:,}",
            "reached" if b["reached"] else "NOT reached",
        ]
        for b in outcome["bars"]
    ]
    bars += [[name, size, "", "for comparison"] for name, size in outcome["others"].items()]
    report.table("Weight, compressed", ["", "bytes", "bar", ""], bars)


if __name__ == "__main__":
    sys.exit(main())
