"""A whole portal on one machine: database, Valkey, web processes, worker; each may be killed.

Everything is started here, on free ports and in a temporary folder, so that what is killed is our
own. The worker carries the periodic clock, as under `make run`.
"""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis

from benchmarks.processes import (
    ROOT,
    STARTS_WITHIN_S,
    child_with,
    free_port,
    python,
    stop,
    wait_until_it_answers,
)
from benchmarks.subjects import clean_environment, own_database
from hasselt_portal.launcher.__main__ import web_command, worker_command
from hasselt_portal.launcher.children import Child
from hasselt_portal.launcher.valkey import server_command

POSTGRES_BINARIES = Path("/usr/lib/postgresql")  # where Debian has them


@dataclass
class Server:
    """A process of the fleet, and where it answers (None: it does not)."""

    child: Child
    ready: int | Path | None
    kills: int = 0

    @property
    def pid(self) -> int:
        return self.child.process.pid if self.child.process else 0

    def start(self) -> None:
        """Starts it (again) and returns when it answers; a database may need a second try."""
        for last_try in (False, False, True):
            self.child.start(now=time.monotonic())
            try:
                if self.ready is not None:
                    wait_until_it_answers(self.child, self.ready)
            except RuntimeError:
                if last_try:
                    raise
                self.child.make_stop()
                time.sleep(1)
            else:
                return

    def kill(self) -> None:
        """kill -9, to the process and all of its group."""
        self.kills += 1
        self.child.make_stop()


@dataclass
class Fleet:
    """The servers by name, and the rows that `benchmarks.stage` made."""

    var: Path
    env: dict[str, str]
    web_ports: list[int]
    servers: dict[str, Server] = field(default_factory=dict)
    stage: dict[str, Any] = field(default_factory=dict)
    flushes: int = 0
    # Linux ends a child when the thread that started it ends (prctl(2), PR_SET_PDEATHSIG), so the
    # threads that start servers again live as long as the fleet, not as long as an event loop.
    threads: ThreadPoolExecutor = field(default_factory=ThreadPoolExecutor)

    def launch(self, stack: ExitStack, name: str, server: Server) -> None:
        self.servers[name] = server
        stack.callback(stop, server.child)
        server.start()

    async def kill_and_start(self, name: str, *, away_s: float) -> None:
        """Kills a server and starts it again after a while, beside the event loop."""
        loop, server = asyncio.get_running_loop(), self.servers[name]
        await loop.run_in_executor(self.threads, server.kill)
        await asyncio.sleep(away_s)
        await loop.run_in_executor(self.threads, server.start)

    async def flush(self) -> None:
        """Empties Valkey; when it is away at this moment it has nothing to lose."""
        self.flushes += 1
        with redis.Redis.from_url(self.env["REDIS_URL"]) as client:
            await asyncio.to_thread(client.flushall)

    def staged(self, verb: str, **wanted: Any) -> Any:
        """What `benchmarks.stage` answers inside the fleet's settings."""
        done = subprocess.run(
            python("benchmarks.stage", verb, json.dumps(wanted)),
            env={**clean_environment(), **self.env},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=True,
            timeout=300,
        )
        return json.loads(done.stdout)


@contextmanager
def fleet(
    var: Path,
    *,
    settings: str,
    database_url: str | None,
    webs: int,
    wanted: Mapping[str, Any],
    postgres: Server | None = None,
    extra: Mapping[str, str] | None = None,
) -> Iterator[Fleet]:
    """Everything up and ready, with the rows of `wanted` (see `benchmarks.stage`) made."""
    var.mkdir(parents=True, exist_ok=True)
    socket = var / "valkey.sock"
    env = {
        "DJANGO_SETTINGS_MODULE": settings,
        "PORTAL_DEMO": "1",
        "PORTAL_VAR": str(var),
        "REDIS_URL": f"unix://{socket}?db=0",
        "CHAT_SOCKETS_PER_ADDRESS": "100000",  # all of them come from this one machine
        **({"DATABASE_URL": database_url} if database_url else {}),
        **(extra or {}),
    }
    with ExitStack() as stack:
        whole = Fleet(var, env, [free_port() for _ in range(webs)])
        stack.callback(whole.threads.shutdown)
        if postgres:
            whole.servers["postgres"] = postgres
        own = _own(var, env)
        whole.launch(stack, "valkey", own("valkey", server_command(socket=socket), socket))
        whole.stage = whole.staged("prepare", **wanted)
        for number, port in enumerate(whole.web_ports, 1):
            name = f"web-{number}"
            whole.launch(stack, name, own(name, web_command(port), port))
        whole.launch(stack, "worker", own("worker", worker_command(var), None))
        yield whole


def _own(var: Path, env: Mapping[str, str]) -> Any:
    def server(name: str, command: list[str], ready: int | Path | None) -> Server:
        return Server(child_with(name, command, var=var, env=env), ready)

    return server


@contextmanager
def database(kind: str, var: Path) -> Iterator[tuple[str | None, Server | None]]:
    """The address of a database for this run alone, and its server when that is our own.

    `sqlite`: a file in `var`. `postgres`: a private server, which may be killed. `shared`: a
    database on the server that `BENCH_POSTGRES` names, which must be left alone.
    """
    if kind == "sqlite":
        yield None, None
    elif kind == "postgres":
        with _private_postgres(var) as (url, server):
            yield url, server
    else:
        with own_database() as url:
            if url is None:
                raise RuntimeError("no PostgreSQL answers; BENCH_POSTGRES names one")
            yield url, None


@contextmanager
def _private_postgres(var: Path) -> Iterator[tuple[str, Server]]:
    """A PostgreSQL of this run alone, with its safe defaults (fsync, synchronous_commit on)."""
    initdb = max(POSTGRES_BINARIES.glob("*/bin/initdb"), default=None)
    if initdb is None:
        raise RuntimeError(f"no initdb under {POSTGRES_BINARIES}")
    folder, port = var / "pg", free_port()
    folder.mkdir(parents=True)
    var.chmod(0o755)
    become = _become_postgres(folder)
    made = [*become, str(initdb), "-D", str(folder), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    subprocess.run(made, stdout=subprocess.DEVNULL, check=True, cwd="/", timeout=120)
    command = [*become, str(initdb.with_name("postgres")), "-D", str(folder), "-p", str(port)]
    command += ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}"]
    server = Server(child_with("postgres", command, var=var, env={}), port)
    with ExitStack() as stack:
        stack.callback(stop, server.child)
        server.start()
        address = f"postgres://postgres@127.0.0.1:{port}"
        with _let_in(f"{address}/postgres") as admin:
            admin.execute("CREATE DATABASE portal")
        yield f"{address}/portal", server


def _let_in(address: str) -> psycopg.Connection:
    """A server that listens may still be starting up, and says so."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            return psycopg.connect(address, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _become_postgres(folder: Path) -> list[str]:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return []
    subprocess.run(["chown", "postgres", str(folder)], check=True)
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
