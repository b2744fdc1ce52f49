"""Which department is suggested for a question, and why."""

import pytest

from benchmarks import departments as measure
from city import demo
from city.models import Department, Product, Topic
from city.remembered import forget
from questions import suggesting
from questions.models import Escalation
from questions.suggesting import suggest

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    demo.load()
    forget()


def slugs(text: str, **more) -> list[str]:
    return [one.department.slug for one in suggest(text, **more)]


def test_the_right_department_stands_in_the_top_three_of_what_it_was_not_built_from(
    city, monkeypatch
):
    known = suggesting._known()  # in a transaction nothing is remembered
    monkeypatch.setattr(suggesting, "_known", lambda: known)
    unseen = [each for each in measure.questions() if each.half == measure.MEASURE]
    assert len(unseen) >= 100
    told = {each.text: slugs(each.text) for each in unseen}
    assert measure.share_right(unseen, told, top=3) >= measure.RIGHT_BAR


def test_the_reason_names_the_word_that_told_most(city):
    best = suggest("Goeiedag, mijn vuilnisbak is niet leeggemaakt door de vuilkar")[0]
    assert best.department.slug == "afval"
    assert "vuilkar" in best.reason or "vuilnisbak" in best.reason


def test_a_chosen_topic_comes_first_with_its_own_reason(city):
    topic = Topic.objects.get(slug="wonen")
    best = suggest("Ik heb een vraag over een formulier.", topic=topic)[0]
    assert (best.department, topic.name in best.reason) == (topic.department, True)


def test_what_a_department_answered_before_is_evidence(city):
    assert "sport" not in slugs("Waar is de kwisselbal?")
    measure.remember([measure.Labelled("De kwisselbal", "sport", "") for _ in range(3)])
    forget()
    best = suggest("Waar is de kwisselbal?")[0]
    assert best.department.slug == "sport"
    assert "kwisselbal" in best.reason


def test_what_is_forgotten_is_no_evidence_any_more(city):
    measure.remember([measure.Labelled("De kwisselbal", "sport", "")])
    Escalation.objects.update(anonymised_at="2026-01-01T00:00Z", text="", mail="")
    forget()
    assert "sport" not in slugs("Waar is de kwisselbal?")


def test_nothing_is_suggested_without_a_subject(city):
    for text in ("", "Goeiedag, ik heb een vraag.", "???", "\u202e", "x" * 20_000):
        assert slugs(text) == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_a_department_that_takes_no_questions_is_never_suggested(change, city):
    Department.objects.filter(slug="sport").update(**change)
    forget()
    assert "sport" not in slugs("Hoe laat is het zwembad open?")


def test_words_of_its_products_lead_to_a_department(city):
    Product.objects.create(
        slug="drone",
        title="Drone laten vliegen",
        summary="Een drone boven de stad.",
        how_today="Bel.",
        department=Department.objects.get(slug="mobiliteit"),
    )
    forget()
    assert slugs("Mag ik met mijn drone vliegen?")[0] == "mobiliteit"
