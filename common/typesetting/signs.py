"""Which signs a document can show, and what stands for the others.

PDF/UA and PDF/A allow no sign without a glyph: one of them, and there would be no document. So what
lies outside the scripts of the fonts becomes □ here, and the template says so. The holes within
these scripts are filled by the font `Portal Box`, which draws the same box for every sign.
"""

import re
import unicodedata
from typing import Any

NOT_SHOWN = "□"
# Latin to Arabic, Georgian, Latin and Greek with marks, punctuation and symbols, what these became
# in their presentation forms, emoji and the tags that make flags of them.
SHOWN = (
    (0x20, 0x6FF),
    (0x10A0, 0x10FF),
    (0x1E00, 0x27BF),
    (0x2B00, 0x2BFF),
    (0xFB00, 0xFB4F),
    (0xFE00, 0xFE0F),
    (0xFE70, 0xFEFC),
    (0x1F000, 0x1FAFF),
    (0xE0020, 0xE007F),
)
LONGEST_WORD = 60
PIECE = 30
_LONG_WORDS = re.compile(rf"\S{{{LONGEST_WORD},}}")
_PIECES = re.compile(rf".{{1,{PIECE}}}", re.DOTALL)
# Controls and halves of a pair; U+FEFF and U+FFFE are what ISO 19005-2, 6.2.11.7.2 forbids.
_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe]"
# Signs without ink become one with the letter before them, also where the PDF says which letter a
# glyph stands for: every such letter of the document would then be copied with that sign.
_NO_INK = r"[\xad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f]"
# These make one emoji of several; after letters they are without ink too.
_JOINERS = r"(?<![\u2000-\u2bff\ufe0e\ufe0f\U0001f000-\U0001faff])[\u200d\ufe00-\ufe0f]"
_TAGS = r"(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007f]"
# More marks on one letter than any language has (UAX #15, 13.1); the time they take grows by the
# square of their number.
_MARKS = "".join(
    chr(code)
    for low, high in SHOWN
    for code in range(low, high + 1)
    if unicodedata.category(chr(code)) in {"Mn", "Me"} and not 0xFE00 <= code <= 0xFE0F
)
_TOO_MANY_MARKS = rf"(?<=[{_MARKS}]{{30}})[{_MARKS}]+"
_GOES = re.compile("|".join((_CONTROLS, _NO_INK, _JOINERS, _TAGS, _TOO_MANY_MARKS)))
_NOT_SHOWN = re.compile("[^\n\t" + "".join(f"{chr(low)}-{chr(high)}" for low, high in SHOWN) + "]")


def settable(content: Any) -> tuple[Any, bool]:
    """`content` with every text in it as the fonts can show it; whether a sign had to go."""
    if isinstance(content, str):
        return _settable_text(content)
    if isinstance(content, dict):
        values, lacks = _settable_all(list(content.values()))
        return dict(zip(content, values, strict=True)), lacks
    if isinstance(content, list | tuple):
        return _settable_all(list(content))
    return content, False


def _settable_all(values: list[Any]) -> tuple[list[Any], bool]:
    pairs = [settable(value) for value in values]
    return [clean for clean, _ in pairs], any(lacks for _, lacks in pairs)


def _settable_text(text: str) -> tuple[str, bool]:
    shown, lacking = _NOT_SHOWN.subn(NOT_SHOWN, _GOES.sub("", text))
    # A line breaks between words only; what is longer than a line would leave the page.
    return _LONG_WORDS.sub(_with_places_to_break, shown), lacking > 0


def _with_places_to_break(word: re.Match[str]) -> str:
    """A zero width space after each thirty signs."""
    return "\u200b".join(_PIECES.findall(word[0]))
