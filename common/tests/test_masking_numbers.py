"""Generated numbers: those of persons are found however they are written, others are left alone."""

import re
from pathlib import Path
from random import Random

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn, numdb
from stdnum.be import ssn

from common.masking import Secret, _is_national, _passes_luhn, masked
from common.testing import numbers

WIDGET = Path(__file__).parents[2] / "static" / "chat" / "widget" / "masking.js"
seeds = st.integers(min_value=0, max_value=2**32)
kinds = st.sampled_from(sorted(numbers.SECRETS))
writings = st.sampled_from(sorted(numbers.WRITINGS))


def looks_like_a_mobile(groups):
    """A BIS number of somebody born in summer 1932, written so that it may be `32 47…`, too."""
    return re.match("32(46|4[789])", "".join(groups)) is not None


@given(seeds, kinds, writings, st.sampled_from(["", "Dag, ", "1. ", "(", "é"]))
def test_a_secret_is_left_out_whole(seed, kind, writing, before):
    random = Random(seed)
    groups = numbers.SECRETS[kind](random)
    if kind == "rrn" and looks_like_a_mobile(groups):
        writing = "as on the card"
    if kind == "iban" and writing in {"a mix", "on two lines"}:
        groups = numbers.account(random, country="BE")  # no letters that read as words
    found = masked(f"{before}{numbers.WRITINGS[writing](groups, random)} dank u")
    assert found.found == (Secret(kind),)
    left = found.text.removeprefix(before).removesuffix(" dank u")
    assert not any(character.isdigit() for character in left)


@pytest.mark.parametrize("kind", sorted(numbers.HARMLESS))
def test_at_most_one_harmless_number_in_a_thousand_is_left_out(kind):
    random = Random(2026)
    make = numbers.HARMLESS[kind]
    assert sum(bool(masked(make(random)).found) for _ in range(3_000)) <= 3


@given(seeds)
def test_each_generated_secret_is_one_to_who_made_the_rules(seed):
    random = Random(seed)
    assert ssn.is_valid("".join(numbers.national_number(random)))
    assert iban.is_valid("".join(numbers.account(random)), check_country=False)
    assert luhn.is_valid("".join(numbers.card(random)))


@given(st.text("0123456789", min_size=11, max_size=11))
def test_a_national_number_is_what_the_library_says_but_never_the_32nd_of_a_month(digits):
    assert _is_national(digits) == (ssn.is_valid(digits) and int(digits[4:6]) <= 31)


@given(seeds)
def test_right_check_digits_alone_decide(seed):
    random = Random(seed)
    digits = "".join(numbers.national_number(random))
    body = digits[:9]
    right = {
        check
        for check in (f"{n:02}" for n in range(100))
        if masked(f"Dit is {body[:6]}-{body[6:]}.{check}.").found
    }
    assert digits[9:] in right
    assert right == {f"{n:02}" for n in range(100) if ssn.is_valid(f"{body}{n:02}")}
    # Who was born in 1925 and who was born in 2025 have other check digits.
    can_be_both = int(body[:2]) <= timezone.now().year % 100
    assert len(right) == 1 + can_be_both


@given(st.text("0123456789", min_size=12, max_size=19))
def test_the_check_of_cards_is_that_of_the_library(digits):
    assert _passes_luhn(digits) == luhn.is_valid(digits)


@pytest.mark.parametrize("country", sorted({e[1] for e in numdb.get("iban").prefixes}))
def test_accounts_of_every_country_are_left_out(country):
    random = Random(country)
    for writing in ("as on the card", "nothing between", "lower case", "hyphens"):
        groups = numbers.account(random, country=country)
        assert masked(numbers.WRITINGS[writing](groups, random)).found == (Secret.BANK_ACCOUNT,)


def test_the_widget_knows_the_same_countries():
    table = re.search(r'ACCOUNTS =\s+"(\w+)"', WIDGET.read_text())
    known = {
        (country, int(size))
        for size, countries in re.findall(r"(\d+)([A-Z]+)", table[1])
        for country in re.findall("..", countries)
    }
    assert known == {
        (country, 4 + sum(map(int, re.findall(r"(\d+)!", about["bban"]))))
        for _size, country, _last, about, _parts in numdb.get("iban").prefixes
    }


@given(st.text(max_size=300))
def test_whatever_comes_in_masking_twice_is_masking_once(text):
    once = masked(text).text
    assert masked(once).text == once


@given(
    st.lists(st.sampled_from(["0", "1", "4", "85", "07", "30", "033", "28", " ", "-", "+", "BE68"]))
)
def test_masking_a_heap_of_digits_twice_is_masking_it_once(parts):
    once = masked("".join(parts)).text
    assert masked(once).text == once
