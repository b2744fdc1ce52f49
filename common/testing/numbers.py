"""Numbers as people have and write them: secrets to find, harmless ones to leave alone.

All take a `random.Random`, so a test and a benchmark can be run again with the same numbers.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from stdnum import numdb
from stdnum.iso7064 import mod_97_10

Make = Callable[[Random], str]
# Takes the groups of a number, as they stand on its card, and says how a person wrote them.
Write = Callable[[list[str], Random], str]

DIGITS, LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in DIGITS + LETTERS}
ARABIC = str.maketrans(DIGITS, "٠١٢٣٤٥٦٧٨٩")
_FIRST_DAY, _DAYS = date(1900, 1, 1), 46_000  # until December 2025


def some_digits(random: Random, count: int) -> str:
    return "".join(random.choices(DIGITS, k=count))


# --- Secrets, in groups ---
def national_number(random: Random) -> list[str]:
    """Of somebody born since 1900; a third have a BIS number."""
    born_on = _FIRST_DAY + timedelta(random.randrange(_DAYS))
    month = born_on.month + random.choice([0, 0, 0, 0, 20, 40])
    first = f"{born_on.year % 100:02}{month:02}{born_on.day:02}"
    number = f"{random.randint(1, 998):03}"
    century = "2" if born_on.year >= 2_000 else ""
    check = f"{97 - int(century + first + number) % 97:02}"
    return [first[:2], first[2:4], first[4:], number, check]


def account(random: Random, *, country: str = "") -> list[str]:
    """An IBAN of any country, in fours."""
    countries = {entry[1]: entry[3]["bban"] for entry in numdb.get("iban").prefixes}
    country = country or random.choice(sorted(countries))
    alphabets = {"n": DIGITS, "a": LETTERS, "c": DIGITS + LETTERS}
    rest = "".join(
        "".join(random.choices(alphabets[kind], k=int(count)))
        for count, kind in re.findall(r"(\d+)!([nac])", countries[country])
    )
    whole = country + mod_97_10.calc_check_digits(rest + country) + rest
    return in_fours(whole)


def card(random: Random) -> list[str]:
    """Of the issuers that people here have."""
    start, size = random.choice(
        [
            *[("4", 16), ("4", 19), ("4", 13), ("6703", 17), ("67", 0)],
            *[(str(random.randint(51, 55)), 16), (str(random.randint(2221, 2720)), 16)],
            *[(random.choice(["34", "37"]), 15), (str(random.randint(300, 305)), 14)],
            *[(str(random.randint(3528, 3589)), 16), ("6011", 16), ("62", 16)],
        ]
    )
    if start == "67":
        start, size = random.choice(["6759", "6761", "6762", "6763"]), random.randint(12, 19)
    body = start + some_digits(random, size - len(start) - 1)
    whole = next(body + check for check in DIGITS if _luhn(body + check) == 0)
    if size == 15:
        return [whole[:4], whole[4:10], whole[10:]]
    return in_fours(whole)


def _luhn(digits: str) -> int:
    """Slow and as the standard says it (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled // 10 + doubled % 10
    return total % 10


def in_fours(whole: str) -> list[str]:
    return [whole[place : place + 4] for place in range(0, len(whole), 4)]


SECRETS: dict[str, Callable[[Random], list[str]]] = {
    "rrn": national_number,
    "iban": account,
    "card": card,
}


# --- Writings ---
def _with(between: str) -> Write:
    return lambda groups, random: between.join(groups)


def _on_two_lines(groups: list[str], random: Random) -> str:
    whole = "".join(groups)
    place = random.randrange(2, len(whole))
    return f"{whole[:place]}\n{whole[place:]}"


def _with_invisible(groups: list[str], random: Random) -> str:
    invisible = ["\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff", "\u200e", "\u0301"]
    return "".join(c + random.choice(["", "", *invisible]) for c in "".join(groups))


def _officially(groups: list[str], random: Random) -> str:
    if [len(group) for group in groups] == [2, 2, 2, 3, 2]:
        return "{}.{}.{}-{}.{}".format(*groups)
    return " ".join(groups)


def _apart(groups: list[str], random: Random) -> str:
    whole = "".join(groups)
    start = 2 if whole[:2].isalpha() else 1
    return " ".join([whole[:start], *whole[start:]])


WRITINGS: dict[str, Write] = {
    "as on the card": _officially,
    "nothing between": _with(""),
    "spaces": _with(" "),
    "dots": _with("."),
    "hyphens": _with("-"),
    "en dashes": _with("–"),
    "non-breaking hyphens": _with("\u2011"),
    "slashes": _with("/"),
    "no-break spaces": _with("\u00a0"),
    "thin spaces": _with("\u2009"),
    "two spaces": _with("  "),
    "dashes with spaces": _with(" — "),
    "underscores": _with("_"),
    "on two lines": _on_two_lines,
    "each apart": _apart,
    "invisible inside": _with_invisible,
    "full width": lambda groups, random: " ".join(groups).translate(FULL_WIDTH),
    "Arabic digits": lambda groups, random: ".".join(groups).translate(ARABIC),
    "lower case": lambda groups, random: " ".join(groups).lower(),
    "glued to letters": lambda groups, random: f"nr{''.join(groups)}dank",
    "glued to marks": lambda groups, random: f"(nr:{'-'.join(groups)}),",
    "a mix": lambda groups, random: "".join(
        group + random.choice(["", " ", ".", "-", " / "]) for group in groups
    ).rstrip(" .-/"),
}


# --- Harmless numbers ---
_AREAS = ("02", "03", "04", "09", "010", "011", "012", "013", "014", "015", "016", "019", "089")
_MOBILE_STARTS = ("0455", "0456", "0460", "0465", "0466", "0467", "0468")


def _mobile(random: Random) -> str:
    start = random.choice(
        [*_MOBILE_STARTS, *(f"04{tens}{random.choice(DIGITS)}" for tens in "789")]
    )
    return start + some_digits(random, 6)


def _landline(random: Random) -> str:
    area = random.choice(_AREAS)
    return area + random.choice("23456789") + some_digits(random, 8 - len(area))


def _cut(whole: str, *sizes: int, between: str = " ") -> str:
    parts, place = [], 0
    for size in sizes:
        parts.append(whole[place : place + size])
        place += size
    return between.join([*parts, whole[place:]] if whole[place:] else parts)


def _in_pairs(whole: str, area: int, after_area: str, between: str) -> str:
    """`0470/12.34.56`, and `02/345.67.89` where a group of three must come first."""
    rest = whole[area:]
    head = 3 if len(rest) % 2 else 2
    groups = [rest[:head], *re.findall("..", rest[head:])]
    return whole[:area] + after_area + between.join(groups)


def written_telephone(whole: str, area: int, random: Random) -> str:
    """A Belgian number in one of the ways people write it."""
    after, between = random.choice([(" ", " "), ("/", "."), ("/", " "), ("-", "."), (" ", ".")])
    local = _in_pairs(whole, area, after, between)
    return random.choice([whole, local, local, _cut(whole, area, between=after)])


def mobile(random: Random) -> str:
    return written_telephone(_mobile(random), 4, random)


def landline(random: Random) -> str:
    whole = _landline(random)
    return written_telephone(whole, next(len(a) for a in _AREAS if whole.startswith(a)), random)


def mobile_from_abroad(random: Random) -> str:
    prefix = random.choice(["+32", "0032", "+32 ", "0032 ", "+32 (0)", "00 32 "])
    return prefix + written_telephone(_mobile(random), 4, random)[1:]


def mobile_without_plus(random: Random) -> str:
    """`32470123456`: eleven digits, of which 1 % have the check digits of a national number."""
    return random.choice(["32", "32 "]) + written_telephone(_mobile(random), 4, random)[1:]


def two_telephones(random: Random) -> str:
    between = random.choice([" / ", " - ", "\n", " of ", ", "])
    return mobile(random) + between + landline(random)


def telephone_of_neighbours(random: Random) -> str:
    country, size = random.choice([("31", 9), ("33", 9), ("49", 11), ("352", 9), ("44", 10)])
    rest = random.choice("12345679") + some_digits(random, size - 1)
    return random.choice(["+", "00"]) + random.choice(
        [country + rest, f"{country} {rest}", f"{country} {_cut(rest, 3, 2, 2)}"]
    )


def day(random: Random) -> str:
    found = date(1930, 1, 1) + timedelta(random.randrange(36_500))
    form = random.choice(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %m %Y", "%d/%m/%y"])
    text = found.strftime(form)
    return text.replace("/0", "/") if random.random() < 0.2 else text


def moment(random: Random) -> str:
    hour, minute = random.randrange(24), random.randrange(60)
    clock = random.choice([f"{hour}:{minute:02}", f"{hour:02}.{minute:02}", f"{hour}u{minute:02}"])
    return f"{day(random)} {clock}"


def two_days(random: Random) -> str:
    return day(random) + random.choice([" - ", " tot ", " ", "-"]) + day(random)


def reference(random: Random) -> str:
    """Of the city's own questions and cases, and as other houses make them."""
    year, number = random.randint(2015, 2027), random.randrange(1_000_000)
    return random.choice(
        [
            f"HAS-{year}-{number:06}-{random.choice(LETTERS)}",
            f"{year}-{number:06}",
            f"{year}/{number}",
            f"OMV_{year}{number:06}",
            f"{year}-{some_digits(random, 7)}",
            f"D/{year}/{random.randrange(10_000):04}/{random.randrange(1_000)}",
        ]
    )


def structured_communication(random: Random) -> str:
    body = some_digits(random, 10)
    whole = body + f"{int(body) % 97 or 97:02}"
    cut = _cut(whole, 3, 4, between="/")
    return random.choice([f"+++{cut}+++", f"***{cut}***", cut, whole])


def amount(random: Random) -> str:
    value = random.choice([9.99, 250, 1_000, 99_999, 2_000_000]) * random.random()
    belgian = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    return random.choice([f"€ {belgian}", f"{belgian} euro", f"{value:.2f} EUR"])


def plate(random: Random) -> str:
    letters = "".join(random.choices(LETTERS, k=3))
    return random.choice([f"{random.randint(1, 9)}-{letters}-", f"{letters}-"]) + some_digits(
        random, 3
    )


def enterprise(random: Random) -> str:
    whole = f"0{some_digits(random, 7)}"
    whole += f"{97 - int(whole) % 97:02}"
    return random.choice(["BE ", "BE", ""]) + random.choice([whole, _cut(whole, 4, 3, between=".")])


def place(random: Random) -> str:
    return f"Kiewitstraat {random.randint(1, 250)} bus {random.randint(1, 9)}, 3500 Hasselt"


def meter(random: Random) -> str:
    whole = "5414" + some_digits(random, 14)
    return random.choice([whole, " ".join(in_fours(whole)), _cut(whole, 6, 6)])


HARMLESS: dict[str, Make] = {
    "mobile": mobile,
    "mobile, nothing between": _mobile,
    "mobile with +32 or 0032": mobile_from_abroad,
    "mobile with 32": mobile_without_plus,
    "landline": landline,
    "mobile and landline": two_telephones,
    "telephone of a neighbour": telephone_of_neighbours,
    "date": day,
    "date and time": moment,
    "two dates": two_days,
    "reference": reference,
    "structured communication": structured_communication,
    "amount": amount,
    "number plate": plate,
    "enterprise number": enterprise,
    "address": place,
    "meter (EAN)": meter,
}
