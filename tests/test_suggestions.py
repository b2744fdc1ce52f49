"""The ranking of suggestions against the questions that were written before it."""

import hashlib

import pytest
from django.utils import timezone

from benchmarks.suggestions import RIGHT_BAR, TEST, TUNING, questions, share_right
from chat import demo
from chat.models import ReadyAnswer
from chat.suggestions import ranked
from city.demo import load
from city.models import Product
from city.remembered import forget

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue():
    load()
    demo.load()
    forget()
    yield
    forget()


def test_the_questions_are_many_different_and_split_by_rule():
    found = questions()
    assert len({question.text for question in found}) == len(found)
    assert len([question for question in found if question.fits]) >= 150
    halves = [question.half for question in found if question.fits]
    assert min(halves.count(TUNING), halves.count(TEST)) >= 75
    for question in found:
        digest = hashlib.sha256(question.text.encode()).digest()
        assert question.half == (TEST if digest[0] & 1 else TUNING)


def test_what_fits_a_question_exists():
    known = set(Product.objects.values_list("slug", flat=True))
    known |= {f"/{shortcut}" for shortcut in ReadyAnswer.objects.values_list("shortcut", flat=True)}
    assert not {fit for question in questions() for fit in question.fits} - known


@pytest.mark.parametrize("half", [TUNING, TEST])
def test_the_right_one_stands_in_the_top_three(half):
    asked = [question for question in questions() if question.fits and question.half == half]
    today = timezone.localdate()
    best = [ranked(question.text, on=today) for question in asked]
    assert share_right(asked, best) >= RIGHT_BAR


def test_a_greeting_gets_no_suggestion():
    greetings = [question.text for question in questions() if not question.fits]
    assert greetings
    assert not [text for text in greetings if ranked(text, on=timezone.localdate())]
