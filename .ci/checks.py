"""`make check`: every check that needs no running portal, one line each, two at a time.

`make check ARGS="types format"` runs only those. A check that this machine lacks a tool for is
skipped with the reason; with CI=true that is an error.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
CONFIG = tomllib.loads((BASE / "pyproject.toml").read_text())["tool"]
ROOMS: list[str] = CONFIG["importlinter"]["root_packages"]
TEMPLATES = [path for path in ("templates", *ROOMS) if any((BASE / path).rglob("*.html"))]
BIOME = BASE / "node_modules" / ".bin" / "biome"
SPACE_BETWEEN = 14
# `node --check` takes one file at a time; this reads them all as modules in one process.
PARSE = """
const { readFileSync } = require("node:fs");
const { SourceTextModule } = require("node:vm");
for (const file of process.argv.slice(1)) {
  try {
    new SourceTextModule(readFileSync(file, "utf8"), { identifier: file });
  } catch (error) {
    console.error(`${file}: ${error}`);
    process.exitCode = 1;
  }
}
"""


class Skipped(Exception):
    """This machine cannot run the check; the message says what is missing."""


@dataclass(frozen=True)
class Check:
    """One question to the tree; it passes when every command ends with code 0."""

    name: str
    commands: Callable[[], list[list[str]]]
    environment: dict[str, str] = field(default_factory=dict)


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def manage(*arguments: str) -> list[str]:
    return python("-W", "error", "manage.py", *arguments)


def tool(name: str, *arguments: str) -> list[str]:
    """A console script of the environment that runs this file."""
    return [str(Path(sys.executable).with_name(name)), *arguments]


def biome() -> list[list[str]]:
    npm = shutil.which("npm")
    if npm is None:
        raise Skipped("npm is not installed")
    lock, installed = BASE / "package-lock.json", BASE / "node_modules" / ".package-lock.json"
    # Not `npm ci`: it refuses a lock file that does not name the linter of every platform there is.
    install = [[npm, "install", "--no-save", "--silent", "--no-audit", "--no-fund"]]
    fresh = installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime
    return [*([] if fresh else install), [str(BIOME), "ci", "--colors=off"]]


def node() -> list[list[str]]:
    if shutil.which("node") is None:
        raise Skipped("Node is not installed")
    scripts = [*(BASE / "static").rglob("*.js"), *(BASE / "tests").rglob("*.js")]
    parse = ["node", "--no-warnings", "--experimental-vm-modules", "-e", PARSE]
    return [[*parse, *map(str, scripts)]] if scripts else []


def demo(var: str) -> dict[str, str]:
    return {"PORTAL_DEMO": "1", "PORTAL_VAR": var}


def production(var: str) -> dict[str, str]:
    return {
        "PORTAL_VAR": var,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "portal.hasselt.example",
        "TRUSTED_PROXIES": "1",
        "HSTS_SUBDOMAINS": "1",
    }


def all_checks(var: str) -> list[Check]:
    """Slowest first, so that both lanes end together."""
    return [
        Check("types", lambda: [python("-m", "mypy", *ROOMS)], demo(var)),
        Check("templates", _templates),
        Check("biome", biome),
        Check("contracts", lambda: [tool("lint-imports", "--no-cache")]),
        Check(
            "deploy",
            lambda: [manage("check", "--deploy", "--fail-level", "WARNING")],
            production(var),
        ),
        Check("migrations", lambda: [manage("makemigrations", "--check", "--dry-run")], demo(var)),
        Check("translations", lambda: [manage("translations", "--check")], demo(var)),
        Check("node", node),
        Check("lint", lambda: [python("-m", "ruff", "check", "--quiet", ".")]),
        Check("format", lambda: [python("-m", "ruff", "format", "--check", "--quiet", ".")]),
    ]


def _templates() -> list[list[str]]:
    if not TEMPLATES:
        return []
    return [
        python("-m", "djlint", *TEMPLATES, "--quiet", "--lint"),
        python("-m", "djlint", *TEMPLATES, "--quiet", "--check"),
    ]


def run(check: Check) -> bool:
    """Runs one check and prints its line, with the output of what failed."""
    started_at = time.monotonic()
    foreign = {"PORTAL_DEMO", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "HTTPS"}
    inherited = {name: text for name, text in os.environ.items() if name not in foreign}
    output, failed = "", False
    try:
        for command in check.commands():
            done = subprocess.run(
                command,
                cwd=BASE,
                env=inherited | check.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                output, failed = output + done.stdout + done.stderr, True
        verdict = "FAILED" if failed else "ok"
    except Skipped as reason:
        verdict = f"FAILED: {reason}" if os.environ.get("CI") else f"skipped: {reason}"
    took_s = time.monotonic() - started_at
    report = f"{check.name:<{SPACE_BETWEEN}}{took_s:5.1f} s  {verdict}\n{output}"
    sys.stdout.write(report)
    sys.stdout.flush()
    return not verdict.startswith("FAILED")


def main(wanted: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="portal-") as var:
        checks = all_checks(var)
        unknown = set(wanted) - {check.name for check in checks}
        if unknown:
            sys.exit(f"There is no check named {', '.join(sorted(unknown))}.")
        chosen = [check for check in checks if not wanted or check.name in wanted]
        with ThreadPoolExecutor(max_workers=2) as lanes:
            good = list(lanes.map(run, chosen))
    print(f"{sum(good)} of {len(good)} checks passed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
