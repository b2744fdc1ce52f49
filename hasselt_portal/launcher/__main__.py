"""`python -m hasselt_portal.launcher`: check, prepare, start, keep, stop."""

import os
import sys
from pathlib import Path

from common import catalogue
from hasselt_portal.environment import Environment, embedded_socket
from hasselt_portal.launcher import checks
from hasselt_portal.launcher.children import Child
from hasselt_portal.launcher.house import House, Stopped
from hasselt_portal.launcher.signals import Signals
from hasselt_portal.launcher.valkey import NoValkey, server_command
from hasselt_portal.launcher.welcome import welcome

BASE = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Returns 0 after a wanted stop, 1 when the portal refuses to start."""
    try:
        settings = checks.read_environment(os.environ, base=BASE)
        checks.check_folder(settings.var)
        with checks.lock_folder(settings.var):
            own_redis = _private_redis(settings)
            checks.check_database(settings.database_url)
            checks.check_port(settings.port)
            with Signals() as signals:
                run(settings, own_redis, House(signals, say))
    except (checks.Refused, NoValkey) as error:
        print(f"The portal does not start.\n{error}", file=sys.stderr)
        return 1
    return 0


def run(settings: Environment, own_redis: list[str] | None, house: House) -> None:
    """Everything between the checks and the last process gone."""
    var = settings.var
    try:
        say("Preparing the portal …")
        catalogue.compile_all(BASE / "locale")
        if own_redis:
            house.start(Child("valkey", own_redis, var))
        house.run_to_end(Child("prepare", manage("prepare"), var, restarts=False))
        house.start(Child("web", web_command(settings.port), var))
        house.start(Child("worker", worker_command(var), var))
        house.wait_until_ready(settings.port, settings.allowed_hosts[0].lstrip("."))
        say(welcome(settings))
        house.keep_open()
    except Stopped:
        pass
    finally:
        say("Stopping …")
        # Who takes in work goes first, then who finishes it, and last what both talk through.
        house.close(["prepare", "web", "worker"], ["valkey"])
        say("Stopped.")


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(BASE / "manage.py"), *arguments]


def web_command(port: int) -> list[str]:
    """Daphne on loopback. The client's address is our own reckoning (common.throttle)."""
    return [
        *(sys.executable, "-m", "daphne", "--bind", "127.0.0.1", "--port", str(port)),
        # A socket whose other end vanished (a laptop asleep) is gone after ping and time-out.
        *("--ping-interval", "20", "--ping-timeout", "30"),
        *("--http-timeout", "60", "--application-close-timeout", "5"),
        *("--verbosity", "0", "--no-server-name"),
        "hasselt_portal.asgi:application",
    ]


def worker_command(var: Path) -> list[str]:
    """One Celery worker with the periodic clock in it: exactly one per portal."""
    return [
        *(sys.executable, "-m", "celery", "--app", "hasselt_portal", "worker"),
        *("--beat", "--schedule", str(var / "celerybeat-schedule")),
        *("--queues", "celery,mail,escalations"),
        *("--concurrency", "2", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def say(text: str) -> None:
    print(text, flush=True)


def _private_redis(settings: Environment) -> list[str] | None:
    if os.environ.get("REDIS_URL"):
        checks.check_redis(settings.redis_url)
        return None
    return server_command(socket=embedded_socket(settings.var))


if __name__ == "__main__":
    sys.exit(main())
