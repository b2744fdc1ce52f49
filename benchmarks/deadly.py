"""An app for the settings of a benchmark: processes that die with -9 at the points that are armed.

A point is armed by a file `<point>.<step>.<question>` in the folder that ARMED names. Whoever comes
by takes the file away, writes down the death, and kills its whole process group: a worker with all
of its pool. What is wrapped is the portal's own code as it stands; nothing in it knows of this.
"""

import json
import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from django.apps import AppConfig

ANY = "any"


class Deadly(AppConfig):
    name = "benchmarks"
    label = "deadly"

    def ready(self) -> None:
        from common import background
        from questions import letters
        from questions.actions import chasing, registering, routing, sending

        if seconds := os.environ.get("HOLD_S"):
            sending.HOLD = timedelta(seconds=float(seconds))
        _after(sending, "_claim", "claimed", lambda won, key, *a, **kw: won and _step(key))
        _after(letters, "letter_of", "letter made", lambda _, step, **kw: _of(step))
        _after(letters, "send", "sent", lambda _, step, **kw: _of(step))
        _after(sending, "_finish", "done written", lambda _, step, **kw: _of(step))
        _before(routing, "want", "routing", lambda row, *a, **kw: ("route", row.pk))
        _after(sending, "route_chosen", "routed", lambda _, **kw: ("route", kw["escalation"].pk))
        _after(sending, "work_off", "not acknowledged", lambda took, **kw: took and (ANY, ANY))
        _before(chasing, "want", "chasing", lambda row, kind, **kw: (str(kind), row.pk))
        _after(chasing, "_one", "chased", lambda did, key, find, do, **kw: did and _job(do, key))
        _before(registering, "want", "registering", lambda row, *a, **kw: (ANY, ANY))
        _before(background, "wake", "no bell yet", lambda task: (ANY, ANY))


def _of(step: Any) -> tuple[str, Any]:
    return step.kind, step.escalation_id


def _step(key: int) -> tuple[str, Any]:
    from questions.models import Step

    return Step.objects.values_list("kind", "escalation_id").get(pk=key)


def _job(do: Callable[..., None], key: int) -> tuple[str, Any]:
    return {"_remind": "reminder", "_tell_head": "overdue"}.get(do.__name__, do.__name__), key


def _after(module: Any, name: str, point: str, whose: Callable[..., Any]) -> None:
    function = getattr(module, name)

    @wraps(function)
    def wrapped(*args: Any, **more: Any) -> Any:
        outcome = function(*args, **more)
        if found := whose(outcome, *args, **more):
            die(point, *found)
        return outcome

    setattr(module, name, wrapped)


def _before(module: Any, name: str, point: str, whose: Callable[..., Any]) -> None:
    function = getattr(module, name)

    @wraps(function)
    def wrapped(*args: Any, **more: Any) -> Any:
        die(point, *whose(*args, **more))
        return function(*args, **more)

    setattr(module, name, wrapped)


def die(point: str, step: str, question: Any) -> None:
    """Kills this process and its group when the point is armed, once."""
    folder = Path(os.environ["ARMED"])
    try:
        (folder / f"{point}.{step}.{question}").unlink()
    except FileNotFoundError:
        return
    note_death(folder, point, step, question)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def note_death(folder: Path, point: str, step: str, question: Any) -> None:
    with (folder.parent / "deaths").open("a") as deaths:
        deaths.write(json.dumps([point, step, question, time.time()]) + "\n")
        deaths.flush()
        os.fsync(deaths.fileno())
