"""The reference of a question: `HAS-2026-004217-K`, to say on the telephone and to type over.

The letter at the end checks the digits of year and number together: the remainder by 23, a prime,
so that one wrong digit and two swapped neighbours are always found. I, O and U are left out: they
are heard or read as something else.
"""

import re

from questions.models import ReferenceYear

CITY = "HAS"
LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
# As many digits as the column holds, and no zeros in front of the seventh.
_WRITTEN = re.compile(rf"{CITY}(\d{{4}})(\d{{6}}|[1-9]\d{{6,8}})([{LETTERS}])")


def reference(year: int, number: int) -> str:
    """The reference of a number of a year."""
    return f"{CITY}-{year}-{number:06}-{check_letter(f'{year}{number:06}')}"


def check_letter(digits: str) -> str:
    return LETTERS[int(digits) % len(LETTERS)]


def read(written: str) -> str | None:
    """The reference as the portal writes it, however somebody typed it; None when it is none.

    Small letters, spaces and missing dashes are forgiven, a wrong check letter is not.
    """
    found = _WRITTEN.fullmatch(re.sub(r"[\W_]", "", written, flags=re.ASCII).upper())
    if found is None or check_letter(found[1] + found[2]) != found[3]:
        return None
    return reference(int(found[1]), int(found[2]))


def take_reference(year: int) -> str:
    """The next one of a year, in the caller's transaction: no doubles, and no holes either."""
    ReferenceYear.objects.get_or_create(year=year)
    row = ReferenceYear.objects.select_for_update().get(year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return reference(year, row.last)
