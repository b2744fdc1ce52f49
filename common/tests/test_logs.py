"""A log line says where it broke and never what somebody wrote."""

import asyncio
import logging
import sys

import pytest

from common.logs import WordlessFormatter

WORDS = "mijngeheimpje"


def line(name="portal", message="it broke: %s", args=(), *, exc_info=None):
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, exc_info)
    return WordlessFormatter("{name} {message}", style="{").format(record)


def broken():
    """The traceback of an error that came while another was handled, both with words."""
    try:
        try:
            raise KeyError(WORDS)
        except KeyError as first:
            raise ValueError(f"DETAIL: Failing row contains ({first})") from first
    except ValueError:
        return sys.exc_info()


def test_a_traceback_shows_places_and_classes_without_words():
    said = line(message="it broke", exc_info=broken())
    assert WORDS not in said
    assert "ValueError\nafter\n" in said
    assert "KeyError" in said
    assert "test_logs.py" in said
    assert "in broken" in said


def test_an_error_among_the_values_is_its_class():
    assert line(args=(ValueError(WORDS),)) == "portal it broke: ValueError"
    said = line(message="%(what)s", args=({"what": ValueError(WORDS)},))
    assert said == "portal ValueError"


def test_an_ordinary_line_is_unchanged():
    assert line(message="%s texts, %d ms", args=(3, 12)) == "portal 3 texts, 12 ms"
    assert line(message="100 %") == "portal 100 %"


def test_what_another_handler_kept_is_not_used():
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it broke", (), broken())
    plain = logging.Formatter().format(record)
    assert WORDS in plain
    assert WORDS not in WordlessFormatter().format(record)
    assert WORDS in logging.Formatter().format(record)  # its record is as it was


def test_an_error_that_caused_itself_comes_to_an_end():
    error = ValueError(WORDS)
    other = KeyError(WORDS)
    error.__context__, other.__context__ = other, error
    said = line(message="it broke", exc_info=(ValueError, error, None))
    assert said == "portal it broke\nValueError\nafter\nKeyError"


@pytest.mark.parametrize("info", [None, (None, None, None)])
def test_a_line_without_error_has_no_traceback(info):
    assert line(message="fine", exc_info=info).startswith("portal fine")


def test_celerys_text_of_an_error_becomes_its_class():
    args = ({"name": "x", "exc": f"ValueError('{WORDS}')"},)
    said = line("celery.app.trace", "Task %(name)s: %(exc)s", args, exc_info=broken())
    assert said.startswith("celery.app.trace Task x: ValueError")
    assert WORDS not in said
    assert WORDS not in line("celery.app.trace", "Task %(name)s: %(exc)s", args)


async def test_a_task_whose_error_nobody_took_is_named_without_its_words():
    async def fail():
        raise ValueError(WORDS)

    task = asyncio.ensure_future(fail())
    await asyncio.wait([task])
    message = f"Task exception was never retrieved\nfuture: {task!r}"
    assert WORDS in message
    error = task.exception()
    said = line("asyncio", message, exc_info=(type(error), error, error.__traceback__))
    assert said.startswith("asyncio Task exception was never retrieved\n")
    assert WORDS not in said


def test_the_portals_own_handler_uses_it():
    ours = [h for h in logging.getLogger().handlers if isinstance(h.formatter, WordlessFormatter)]
    assert len(ours) == 1


def test_the_secret_of_a_link_is_left_out_of_an_address():
    formatter = WordlessFormatter(secret_links=r"(/doos/)[^/\s]+")
    record = logging.LogRecord(
        "django.request", 30, "", 1, "Gone: %s", ("/en/doos/geheim/x/",), None
    )
    assert formatter.format(record) == "Gone: /en/doos/…/x/"
