"""Rows that every page needs, kept in the process for two seconds.

A change in the admin shows at once in its own process (signals clear it) and within two seconds in
the others. Inside a transaction nothing is remembered or recalled: the transaction sees its own
truth, and what it has not committed must not leak to other requests.
"""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import connection, transaction

KEEP_S = 2.0
MAX_ENTRIES = 500

P = ParamSpec("P")
Result = TypeVar("Result")
_kept: dict[Hashable, tuple[float, Any]] = {}


def remembered(load: Callable[P, Result]) -> Callable[P, Result]:
    """Keeps what `load` returned, per arguments (positional and hashable)."""
    return remembered_for(KEEP_S)(load)


def remembered_for(keep_s: float) -> Callable[[Callable[P, Result]], Callable[P, Result]]:
    """`remembered` for another time than two seconds."""

    def decorate(load: Callable[P, Result]) -> Callable[P, Result]:
        @wraps(load)
        def recall(*args: P.args, **kwargs: P.kwargs) -> Result:
            if connection.in_atomic_block:
                return load(*args, **kwargs)
            key = (load.__module__, load.__qualname__, args, tuple(sorted(kwargs.items())))
            entry = _kept.get(key)
            if entry and time.monotonic() < entry[0]:
                return cast(Result, entry[1])
            result = load(*args, **kwargs)
            if len(_kept) >= MAX_ENTRIES:
                _kept.clear()
            _kept[key] = (time.monotonic() + keep_s, result)
            return result

        return recall

    return decorate


def forget(**_: object) -> None:
    """Drops everything."""
    _kept.clear()


def forget_after_commit(**_: object) -> None:
    """Receives the signals of rows that are remembered; connected in the apps.py of their room."""
    transaction.on_commit(forget)
