"""References: whatever slips on the telephone or the keyboard is found."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from questions.models import ReferenceYear
from questions.references import LETTERS, check_letter, read, reference, take_reference

years = st.integers(2020, 2099)
numbers = st.integers(1, 999_999) | st.integers(1_000_000, 99_999_999)


def slips(digits: str) -> list[str]:
    """Every way to have one digit wrong or two neighbours swapped."""
    wrong = [
        digits[:at] + other + digits[at + 1 :]
        for at in range(len(digits))
        for other in "0123456789"
        if other != digits[at]
    ]
    swapped = [
        digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        for at in range(len(digits) - 1)
        if digits[at] != digits[at + 1]
    ]
    return wrong + swapped


@given(year=years, number=numbers)
@example(year=2026, number=4_217)
@example(year=2099, number=999_999)
@example(year=2026, number=1_000_000)
def test_every_wrong_digit_and_every_swap_is_found(year: int, number: int):
    digits, letter = f"{year}{number:06}", reference(year, number)[-1]
    assert read(f"HAS{digits}{letter}") == reference(year, number)
    assert [each for each in slips(digits) if read(f"HAS{each}{letter}") is not None] == []


def test_all_slips_of_six_digits_are_found_by_arithmetic():
    """A slip changes the number by d·10ⁿ or by d·9·10ⁿ; none of these divides by the prime."""
    assert len(LETTERS) == 23
    for place in range(20):
        for digit in range(1, 10):
            assert digit * 10**place % 23
            assert digit * 9 * 10**place % 23


@given(year=years, number=numbers)
def test_a_wrong_letter_is_found(year: int, number: int):
    written = reference(year, number)
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        assert (read(written[:-1] + letter) is not None) == (letter == written[-1])


GOOD = reference(2026, 4_217)


@pytest.mark.parametrize(
    "written",
    [
        GOOD,
        GOOD.lower(),
        GOOD.replace("-", ""),
        GOOD.replace("-", " "),
        GOOD.replace("-", " - "),
        GOOD.replace("-", "–"),
        GOOD.replace("-", "\u00a0"),
        GOOD.replace("-", "."),
        GOOD.replace("-", "_"),
        f"  {GOOD}\r\n",
        f"{GOOD}.",
        f"({GOOD})",
        " ".join(GOOD),
    ],
)
def test_reading_forgives_how_it_is_typed(written: str):
    assert read(written) == GOOD


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "-",
        "HAS",
        GOOD[:-1],
        GOOD[:-2],
        GOOD + "A",
        GOOD * 2,
        GOOD[4:],
        GOOD.replace("HAS", "GEN"),
        GOOD.replace("0", "O"),
        f"HAS-2026-4217-{GOOD[-1]}",
        "HAS-٢٠٢٦-004217-" + GOOD[-1],
        "HAS-２０２６-004217-" + GOOD[-1],
        "\x00" + "9" * 5_000,
        f"HAS2026{'9' * 5_000}{GOOD[-1]}",
        "Mag ik voor mijn deur parkeren?",
        "'; DROP TABLE questions; --",
    ],
)
def test_nonsense_is_none(written: str):
    assert read(written) is None


@given(st.text(max_size=40))
def test_whatever_is_typed_is_one_of_ours_or_none(written: str):
    found = read(written)
    assert found is None or read(found) == found


def test_a_reference_has_one_way_to_be_written():
    """A zero too many is a slip as well."""
    longer = "20260004217"
    assert read(f"HAS{longer}{check_letter(longer)}") is None


def test_no_letter_that_is_read_as_a_digit():
    assert not set(LETTERS) & set("IOU")
    assert len(set(LETTERS)) == len(LETTERS)


@pytest.mark.django_db
def test_after_the_millionth_question_references_are_longer():
    ReferenceYear.objects.create(year=2026, last=999_998)
    taken = [take_reference(2026) for _ in range(3)]
    assert [each[:-2] for each in taken] == [
        "HAS-2026-999999",
        "HAS-2026-1000000",
        "HAS-2026-1000001",
    ]
    assert [read(each) for each in taken] == taken
    assert max(map(len, taken)) <= 20


@pytest.mark.django_db
def test_every_year_begins_anew_and_has_no_holes():
    assert take_reference(2026) == reference(2026, 1)
    assert take_reference(2026) == reference(2026, 2)
    assert take_reference(2027) == reference(2027, 1)
