"""Log lines that say where it broke and never what somebody wrote.

The words of an error may hold words of people: a database quotes the row, a task its arguments, a
parser the text. So a line carries the class of the error and the places in the code, no more.
"""

import copy
import logging
import re
import traceback
from typing import Any


class WordlessFormatter(logging.Formatter):
    """The formatter of the portal's handlers; it also takes the words out of what libraries log.

    Django logs the address of a page that refuses. `secret_links` matches what stands before the
    secret in such an address (group 1) and the secret itself, which is left out.
    """

    def __init__(self, *args: Any, secret_links: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._secret_links = re.compile(secret_links) if secret_links else None

    def format(self, record: logging.LogRecord) -> str:
        wordless = copy.copy(record)
        wordless.exc_text = None  # another handler may have kept its own, with words
        wordless.args = _without_words(record.args, record)
        if record.name == "asyncio" and isinstance(record.msg, str):
            # Its first line says what happened, the others show the failed task with its error.
            wordless.msg = record.msg.partition("\n")[0]
        line = super().format(wordless)
        return self._secret_links.sub(r"\1…", line) if self._secret_links else line

    def formatException(self, ei: Any) -> str:  # noqa: N802  the name is of the library
        """The places, innermost last, and the classes of the error and of what caused it."""
        error, where = ei[1], ei[2]
        lines, seen = [], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append("".join(traceback.format_tb(where)) + _class_of(error))
            error = error.__cause__ or error.__context__
            where = error.__traceback__ if error else None
        return "\nafter\n".join(lines)


def _without_words(args: Any, record: logging.LogRecord) -> Any:
    """The values of a line; of each error only its class."""
    if isinstance(args, dict):
        return {key: _wordless(value, key, record) for key, value in args.items()}
    if isinstance(args, tuple):
        return tuple(_wordless(value, "", record) for value in args)
    return args


def _wordless(value: Any, key: str, record: logging.LogRecord) -> Any:
    if isinstance(value, BaseException):
        return _class_of(value)
    if key == "exc" and record.name.startswith("celery"):
        # Celery has made a text of the error already (celery.app.trace).
        error = record.exc_info[1] if record.exc_info else None
        return _class_of(error) if error else "an error"
    return value


def _class_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
