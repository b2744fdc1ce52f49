"""What is left out of a text, and what stays: the examples, the words, odd texts, the time."""

import json
import time
from pathlib import Path

import pytest
from django.utils.translation import override

from common.masking import Masked, Secret, masked

EXAMPLES = json.loads((Path(__file__).parents[2] / "tests" / "masking-examples.json").read_text())
IN_ENGLISH = {
    "rrn": "[national register number left out]",
    "iban": "[account number left out]",
    "card": "[card number left out]",
}
NATIONAL, ACCOUNT, CARD = "85.07.30-033.28", "BE68 5390 0754 7034", "4111 1111 1111 1111"


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: ascii(example["text"]))
def test_an_example_is_read_as_it_should(example):
    left = example["left"]
    for kind, words in IN_ENGLISH.items():
        left = left.replace(f"{{{kind}}}", words)
    assert masked(example["text"]) == Masked(left, tuple(map(Secret, example["found"])))


def test_the_examples_are_many_of_each():
    found = [kind for example in EXAMPLES for kind in example["found"]]
    assert all(found.count(kind) >= 15 for kind in IN_ENGLISH)
    assert sum(not example["found"] for example in EXAMPLES) >= 35


def test_it_is_said_in_the_language_that_is_active():
    with override("nl"):
        assert masked(NATIONAL).text == "[rijksregisternummer weggelaten]"
        assert masked(ACCOUNT).text == "[rekeningnummer weggelaten]"
        assert masked(CARD).text == "[kaartnummer weggelaten]"


def test_all_else_stays_as_it_was_typed():
    odd = "é\u0301 \u202f½ ﬁ ８ \u200b👩‍👧 \n\t"
    assert masked(f"{odd}{NATIONAL}{odd}").text == f"{odd}{IN_ENGLISH['rrn']}{odd}"
    assert masked(odd * 3) == Masked(odd * 3, ())


def test_invisible_characters_go_with_the_number_that_they_were_in():
    assert masked("a\u200b8\u200b5\u200b073003328\u200bb").text == (
        f"a\u200b{IN_ENGLISH['rrn']}\u200bb"
    )


@pytest.mark.parametrize("secret", [NATIONAL, ACCOUNT, CARD])
@pytest.mark.parametrize("other", [NATIONAL, ACCOUNT, CARD])
@pytest.mark.parametrize("between", [" ", "\n", ", ", " en ", "; "])
def test_two_beside_each_other_are_both_left_out(secret, other, between):
    found = masked(f"{secret}{between}{other}")
    assert len(found.found) == 2
    assert not any(c.isdigit() for c in found.text)


def test_masking_again_changes_nothing():
    once = masked(f"{NATIONAL} 0470 12 34 56 {CARD} {ACCOUNT}").text
    assert masked(once) == Masked(once, ())


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "+", "++++", "85", "BE", "BE68", "\ufeff", "½", "②"]
)
def test_a_text_too_short_for_a_number_stays(text):
    assert masked(text) == Masked(text, ())


@pytest.mark.parametrize(
    "piece",
    [
        *("8", "4 ", "1,", "0 ", "00", "+", "+1 ", "1      ", "85 07 30 ", "85073003328 "),
        *("be", "BE68 ", "GB12 ABCD ", "BE68539007547034", "1\u200b", "e\u0301", "ab", "٨", "-"),
    ],
)
def test_the_time_grows_with_the_length_only(piece):
    def took_s(size):
        text = piece * (size // len(piece))
        best = 9e9
        for _ in range(3):
            start = time.thread_time()
            masked(text)
            best = min(best, time.thread_time() - start)
        return best

    took_s(1_000)  # what is remembered of characters comes first
    short_s, long_s = took_s(1_000), took_s(8_000)
    # Eight times the text; what grows with its square takes 64 times as long. A clock tick is free.
    assert long_s < 25 * max(short_s, 0.000_1)
    assert long_s < 0.5
