"""What people typed, as it may be kept."""

import unicodedata

from common.errors import RuleBroken
from common.masking import masked

BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def checked(text: str, *, limit: int) -> str:
    """The text as it will be stored; raises RuleBroken: text_empty, text_too_long.

    Length counts code points of what was typed: what is said in place of a national number, an
    account or a card (`common.masking`, in the active language) may make it longer.
    """
    clean = cleaned(text).strip()
    if not any(c.isprintable() and not c.isspace() for c in clean):
        raise RuleBroken("text_empty")
    if len(clean) > limit:
        raise RuleBroken("text_too_long", limit=limit, length=len(clean))
    return masked(clean).text


def cleaned(text: str) -> str:
    """What people typed, without what only harms.

    Control characters other than line breaks and tabs go out (PostgreSQL refuses a NUL),
    bidirectional overrides too: they can make a text read otherwise than it is (CVE-2021-42574).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or not _invisible(c))


def one_line(text: str) -> str:
    """A name or number: no line breaks, so that it can stand in the head of a mail."""
    return " ".join(cleaned(text).split())


def _invisible(character: str) -> bool:
    category = unicodedata.category(character)
    return category in {"Cc", "Cs"} or character in BIDI_OVERRIDES
