"""What must be right before anything starts. Each refusal names the culprit."""

import fcntl
import os
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import environ
import psycopg
import redis
from django.core.exceptions import ImproperlyConfigured

from hasselt_portal import environment
from hasselt_portal.environment import Environment

PATIENCE_S = 5


class Refused(Exception):
    """The portal does not start; the message tells a person what to change."""


def read_environment(source: Mapping[str, str], *, base: Path) -> Environment:
    """The settings, or a refusal that names the wrong one."""
    if sys.version_info < (3, 11):  # noqa: UP036  make looks too, but this door has no make
        raise Refused(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    try:
        return environment.read(source, base=base)
    except ImproperlyConfigured as error:
        raise Refused(str(error)) from error


def check_folder(var: Path) -> None:
    """Makes PORTAL_VAR and writes in it. A folder of our own making is ours alone (0700)."""
    try:
        var.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=var):
            pass
    except OSError as error:
        raise Refused(f"PORTAL_VAR: cannot write in {var} ({error.strerror}).") from error


def lock_folder(var: Path) -> TextIO:
    """Takes PORTAL_VAR for this launcher alone, for as long as the answer stays open."""
    stream = (var / "launcher.lock").open("a+")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        stream.seek(0)
        owner = stream.read().strip() or "unknown"
        stream.close()
        raise Refused(
            f"PORTAL_VAR: a portal already runs on {var} (process {owner}). "
            "Stop it, or choose another PORTAL_VAR and PORT."
        ) from error
    stream.truncate(0)
    stream.write(str(os.getpid()))
    stream.flush()
    return stream


def check_port(port: int) -> None:
    with socket.socket() as probe:
        # As daphne binds, so that a connection in TIME_WAIT is no obstacle here either.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refused(
                f"PORT: {port} cannot be used ({error.strerror}). "
                f"Choose another, for example: make run PORT={port % 65535 + 1}"
            ) from error


def check_database(url: str) -> None:
    """Whether the PostgreSQL that was named answers. SQLite makes its own file."""
    if not url.startswith("postgres"):
        return
    config = environ.Env.db_url_config(url)
    try:
        psycopg.connect(
            dbname=config["NAME"],
            user=config["USER"] or None,
            password=config["PASSWORD"] or None,
            host=config["HOST"] or None,
            port=config["PORT"] or None,
            connect_timeout=PATIENCE_S,
        ).close()
    except psycopg.Error as error:
        raise Refused(f"DATABASE_URL: the database does not let us in: {error}") from error


def check_redis(url: str) -> None:
    """Whether the Redis that was named answers. The address is not shown: it may hold a secret."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=PATIENCE_S) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        raise Refused(f"REDIS_URL: the server does not answer: {error}") from error
