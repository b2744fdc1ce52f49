"""Leaves out of a text the numbers of persons that nobody may need here, before anybody keeps it.

National register numbers (BIS numbers too), bank accounts (IBAN) and payment cards. `masked` runs
before a database, log, broker or mail sees the text; `static/chat/widget/masking.js` finds the same
while somebody types. Both pass tests/masking-examples.json.

Digits may be many things, so finding is reading: a chain of groups of digits is cut into telephone
numbers, dates, national numbers and cards such that most of its digits are explained. That is what
tells `0470/12.34.56 - 011/22.33.44` (two telephones, although 12.34.56-011.22 is built like a
national number) from `37.01.01-008.67 4111 1111 1111 1111`. A reading starts and ends where a group
does, so nothing is found inside a longer number.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum import numdb
from stdnum.iso7064 import mod_97_10


class Secret(StrEnum):
    """What is left out."""

    NATIONAL_NUMBER = "rrn"
    BANK_ACCOUNT = "iban"
    CARD = "card"


@dataclass(frozen=True)
class Masked:
    """A text without such numbers, and what they were, in order."""

    text: str
    found: tuple[Secret, ...]


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    kind: Secret


def masked(text: str) -> Masked:
    """Replaces each such number by a word in brackets, in the active language.

    The result may be longer than `text`. Masking it again changes nothing. The time grows with the
    length of the text, whatever stands in it.
    """
    plain = text.translate(_PLAIN)
    if not _DIGIT.search(plain):
        return Masked(text, ())
    places: list[int] | range = range(len(plain))
    if _INVISIBLE in plain:
        places = [place for place, character in enumerate(plain) if character != _INVISIBLE]
        plain = plain.replace(_INVISIBLE, "")
    spans = _found(plain)
    text = _with_spans(
        text,
        [(places[span.start], places[span.end - 1] + 1, _word(span.kind)) for span in spans],
    )
    return Masked(text, tuple(span.kind for span in spans))


def _with_spans(text: str, spans: list[tuple[int, int, str]]) -> str:
    """`text` with other words from start to end of each span; the spans stand in order."""
    parts, done = list[str](), 0
    for start, end, words in spans:
        parts += text[done:start], words
        done = end
    return "".join(parts) + text[done:]


def _word(kind: Secret) -> str:
    if kind == Secret.NATIONAL_NUMBER:
        return _("[national register number left out]")
    if kind == Secret.BANK_ACCOUNT:
        return _("[account number left out]")
    return _("[card number left out]")


def _found(plain: str) -> list[_Span]:
    accounts = list(_accounts(plain))
    others = _with_spans(
        plain, [(span.start, span.end, _OTHER * (span.end - span.start)) for span in accounts]
    )
    return sorted([*accounts, *_numbers(others)], key=lambda span: span.start)


# What people type, brought to few characters, one for one: digits of any script, capital letters,
# `+`, `,`, a space for any white space, `-` for whatever else people put between groups of digits.
_INVISIBLE = "\0"
_OTHER = "|"
_BETWEEN = frozenset("-._/\\()·•‧∙⋅−⁄∕⁃ˑ")
_MOST_REMEMBERED = 10_000  # characters; Unicode has a hundred times as many
_DIGIT = re.compile("[0-9]")


class _Plain(dict[int, str]):
    """The table for `str.translate`; it grows with the characters that are used."""

    def __missing__(self, code: int) -> str:
        plain = _plain_character(chr(code))
        if len(self) < _MOST_REMEMBERED:
            self[code] = plain
        return plain


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace():
        return " "
    if category in {"Cc", "Cf", "Mn", "Me"}:  # zero width, soft hyphens, accents standing apart
        return _INVISIBLE
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    known = unicodedata.normalize("NFKC", character).upper()
    if category == "Pd" or known in _BETWEEN:
        return "-"
    return known if len(known) == 1 and known in "ABCDEFGHIJKLMNOPQRSTUVWXYZ+," else _OTHER


_PLAIN = _Plain({code: _plain_character(chr(code)) for code in range(256)})

# --- Bank accounts ---
_GAP = "[ -]{0,5}"
_ACCOUNT_START = re.compile(f"[A-Z]{{2}}(?={_GAP}[0-9]{_GAP}[0-9])")
# A word among the letters of an account, behind the code of the bank: then it is a sentence that
# starts like one ("om 12 200 mensen zijn er niet" has the length of an account in Oman).
_SENTENCE = re.compile(r"(?:[0-9A-Z][ -]*){8}.*[0-9A-Z] +(?:[A-Z]{2,3}|[A-Z]{5,}) +[0-9A-Z]")


def _account_patterns() -> dict[str, re.Pattern[str]]:
    """By country: that many characters, letters only where the country has any (SWIFT registry)."""
    patterns = {}
    for _length, country, _last, about, _parts in numdb.get("iban").prefixes:
        parts = re.findall(r"(\d+)!([nac])", about["bban"])
        size = sum(int(count) for count, _kind in parts)
        kind = "[0-9]" if {kind for _count, kind in parts} == {"n"} else "[0-9A-Z]"
        patterns[country] = re.compile(f"[A-Z]{{2}}(?:{_GAP}[0-9]){{2}}(?:{_GAP}{kind}){{{size}}}")
    return patterns


def _accounts(plain: str) -> Iterator[_Span]:
    end = 0
    for start in _ACCOUNT_START.finditer(plain):
        pattern = _ACCOUNTS.get(start[0])
        whole = pattern.match(plain, start.start()) if pattern and start.start() >= end else None
        if whole and _is_account(whole[0]):
            end = whole.end()
            yield _Span(whole.start(), end, Secret.BANK_ACCOUNT)


def _is_account(written: str) -> bool:
    """Whether the check digits are right (ISO 13616)."""
    number = re.sub("[ -]", "", written)
    return mod_97_10.is_valid(number[4:] + number[:4]) and not _SENTENCE.match(written)


_ACCOUNTS = _account_patterns()

# --- National numbers and cards ---
_CHAIN = re.compile("[0-9]+(?:(?:[ -]{1,5}|,)[0-9]+)*")
_GROUP = re.compile("[0-9]+")
_GAPS = re.compile("[ ,-]+")
_PLUS = re.compile(r"(?:^|[^+])\+[ -]{0,2}$")
# How many digits a reading may have that starts with this one; days are looked for apart.
_CARDS_AND_METERS = range(12, 20)
_SIZES = {
    **dict.fromkeys("1789", (11,)),
    "0": (9, 10, 11, *range(12, 18)),
    "2": (11, 16),
    "3": (11, 14, 15, 16),
    "4": (11, 13, 16, 19),
    "5": (11, *_CARDS_AND_METERS),
    "6": (11, *_CARDS_AND_METERS),
}
_AFTER_PLUS = range(8, 16)
_HARMLESS = re.compile(
    r"""
      0[1-9]\d{7} | 04[5-9]\d{7}           # Belgian telephones
    | 32(?:460|4[789]\d)\d{6}              # Belgian mobiles; 1 % would pass as people of 1932
    | 00(?:[2-9]|1[2-9])\d{9,14}           # telephones abroad: shorter ones are people of 2000
    | 5414\d{14}                           # meters of gas and electricity; 54 is a card, too
    """,
    re.VERBOSE,
)
_DAY = re.compile(
    r"[0-3]?\d[ -]+[01]?\d[ -]+(?:19|20)?\d\d(?!\d)|(?:19|20)\d\d[ -]+[01]?\d[ -]+[0-3]?\d(?!\d)"
)
# Written so, it is a national number even if it could be a telephone.
_OFFICIAL = re.compile(r"\d\d[ -]*\d\d[ -]*\d\d[ -]+\d{3}[ -]*\d\d")
# A reference of one of these years (2026-0042170).
_OF_A_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d *- *(?:\d{1,3} *- *)?\d{4,7}")
_CARD = re.compile(
    r"""
      4(?:\d{12}|\d{15}|\d{18})                                               # Visa
    | (?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}      # Mastercard
    | 3[47]\d{13}                                                             # American Express
    | 3(?:0[0-5]|095|[689]\d)\d{11}                                           # Diners
    | 35(?:2[89]|[3-8]\d)\d{12}                                               # JCB
    | 6(?:011|4[4-9]\d|5\d\d)\d{12}                                          # Discover
    | 62\d{14,17}                                                             # UnionPay
    | (?:50(?:18|20|38)|5893|6304|67(?:03|59|6[1-3]))\d{8,15}         # Bancontact and Maestro
    """,
    re.VERBOSE,
)
_DOUBLED = str.maketrans("0123456789", "0246813579")


def _numbers(plain: str) -> Iterator[_Span]:
    for found in _CHAIN.finditer(plain):
        if found.end() - found.start() > 10:
            before = plain[max(0, found.start() - 4) : found.start()]
            chain = _Chain.of(found[0], after_plus=bool(_PLUS.search(before)))
            for span in chain.secrets():
                start, end = found.start() + span.start, found.start() + span.end
                yield _Span(start, end, span.kind)


@dataclass(frozen=True)
class _Chain:
    """Groups of digits with no more than gaps between them."""

    text: str
    after_plus: bool
    digits: str  # of all groups
    groups: list[tuple[int, int]]  # from where to where in `text`
    group_at: dict[int, int]  # by the place in `digits` where it starts; the end of all included

    @classmethod
    def of(cls, text: str, *, after_plus: bool) -> "_Chain":
        groups = [found.span() for found in _GROUP.finditer(text)]
        sizes = accumulate((end - start for start, end in groups), initial=0)
        group_at = {place: number for number, place in enumerate(sizes)}
        return cls(text, after_plus, _GAPS.sub("", text), groups, group_at)

    def secrets(self) -> Iterator[_Span]:
        """Those in the reading that explains most digits, from the first to the last."""
        steps, first = self._best_steps(), 0
        while first < len(self.groups):
            end, kind = steps[first]
            if kind:
                yield _Span(self.groups[first][0], self.groups[end - 1][1], kind)
            first = end

    def _best_steps(self) -> list[tuple[int, Secret | None]]:
        """For each group the one behind what is best read from there, and what that is.

        From the last group to the first: what is best from one on follows from what is best later.
        """
        most = [0] * (len(self.groups) + 1)
        steps = list[tuple[int, Secret | None]]()
        for place, first in reversed(self.group_at.items()):
            if first == len(self.groups):
                continue
            step: tuple[int, Secret | None] = (first + 1, None)
            most[first] = most[first + 1]
            for size, end, kind in self._readings(place, first):
                if size + most[end] > most[first]:
                    most[first], step = size + most[end], (end, kind)
            steps.append(step)
        return steps[::-1]

    def _readings(self, place: int, first: int) -> Iterator[tuple[int, int, Secret | None]]:
        """What may start with this group: digits, the group behind, and which secret, if one.

        A day first, because among equals the first is taken: two days have the digits of a card.
        """
        if day := _DAY.match(self.text, self.groups[first][0]):
            size = sum(map(str.isdigit, day[0]))
            yield size, first + 3, None
        after_plus = self.after_plus and first == 0
        for size in _AFTER_PLUS if after_plus else _SIZES[self.digits[place]]:
            end = self.group_at.get(place + size)
            if end is None:
                continue
            digits = self.digits[place : place + size]
            written = self.text[self.groups[first][0] : self.groups[end - 1][1]]
            if after_plus or _is_harmless(digits, written):
                yield size, end, None
            elif kind := _secret(digits, written):
                yield size, end, kind


def _is_harmless(digits: str, written: str) -> bool:
    """Whether it is a telephone number or the number of a meter."""
    if not _HARMLESS.fullmatch(digits):
        return False
    return not (len(digits) == 11 and _OFFICIAL.fullmatch(written))


def _secret(digits: str, written: str) -> Secret | None:
    if len(digits) == 11:
        is_national = _is_national(digits) and not _OF_A_YEAR.fullmatch(written)
        return Secret.NATIONAL_NUMBER if is_national else None
    return Secret.CARD if _CARD.fullmatch(digits) and _passes_luhn(digits) else None


def _is_national(digits: str) -> bool:
    """Day of birth, number of that day, and a check of both (Royal Decree of 3 April 1984).

    For who is born since 2000 a 2 stands before what is checked. BIS numbers have 20 or 40 on top
    of the month. Month and day are 00 where they are unknown or the numbers of a day ran out.
    """
    month, day = int(digits[2:4]), int(digits[4:6])
    if month > 52 or month % 20 > 12 or day > 31:
        return False
    checked, rest = int(digits[:9]), 97 - int(digits[9:])
    if checked % 97 == rest:
        return True
    is_possible = int(digits[:2]) <= timezone.now().year % 100
    return is_possible and (2_000_000_000 + checked) % 97 == rest


def _passes_luhn(digits: str) -> bool:
    backwards = digits[::-1]
    return sum(map(int, backwards[::2] + backwards[1::2].translate(_DOUBLED))) % 10 == 0
