"""Words of the page, by their source text: the catalogue that the portal itself speaks from."""

import re

from django.utils.translation import gettext, override


def nl(sentence: str, **values: object) -> str:
    """What stands on the Dutch page. `{name}` and the like are filled in."""
    return said(sentence, "nl", **values)


def said(sentence: str, language: str, **values: object) -> str:
    with override(language):
        text = gettext(sentence)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def starting(words: str) -> re.Pattern[str]:
    """For a name that begins with `words`."""
    return re.compile(rf"^\s*{re.escape(words)}")


def containing(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words))
