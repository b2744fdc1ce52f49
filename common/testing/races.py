"""Two who do something at the same moment, in real threads with connections of their own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from common.errors import RuleBroken


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Calls all at the same moment; what each returned, or the code of the rule that it broke."""
    outcomes: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls), timeout=20)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            outcomes[place] = call()
        except RuleBroken as error:
            outcomes[place] = error.code
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
