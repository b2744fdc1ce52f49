"""Telling Celery that there is work now. A row of the database holds the work; this is only a bell.

Whoever relies on the bell alone is wrong: the broker may be away. A task of the clock finds what is
still to do within its period.
"""

import logging

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)
EXPIRES_S = 60


def wake(task: str) -> None:
    """Lets a run of the task begin now. A broker that is away is not waited for."""
    try:
        current_app.send_task(task, expires=EXPIRES_S, retry=False)
    except OperationalError:
        log.warning("the broker is away; %s begins by the clock", task)


def wake_after_commit(task: str) -> None:
    """The same once the transaction has committed, however often it is asked for in it."""
    asked = (getattr(hook, "wakes", "") for _, hook, *_ in connection.run_on_commit)
    if task in asked:
        return

    def ring() -> None:
        wake(task)

    ring.wakes = task  # type: ignore[attr-defined]  # so that it is recognised above
    transaction.on_commit(ring, robust=True)
