"""The example content and the holidays."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from city import demo, holidays
from city.models import ClosingDay, Department, OpeningSchedule, Product, Synonym, Topic
from city.search import search
from city.words import words_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def test_loading_twice_is_loading_once_and_keeps_what_was_changed():
    demo.load()
    counts = [model.objects.count() for model in (Product, Topic, Department, ClosingDay, Synonym)]
    Product.objects.filter(slug="reispas").update(title="Ons paspoort")
    demo.load()
    assert counts == [
        model.objects.count() for model in (Product, Topic, Department, ClosingDay, Synonym)
    ]
    assert Product.objects.get(slug="reispas").title == "Ons paspoort"


def test_every_example_product_is_complete():
    demo.load()
    for product in Product.objects.select_related("topic", "department"):
        product.full_clean()
        assert product.title_en, product
        assert product.summary_en, product
        assert product.topic, product
        assert product.department, product
        for text in (product.price, product.term, product.legal_basis):
            assert not text or "voorbeeld" in text or text in FACTS, (product, text)


FACTS = {"Gratis", "Hangt af van uw situatie"}  # true whatever the city decides


def test_every_synonym_leads_somewhere():
    demo.load()
    for word in Synonym.objects.values_list("word", flat=True).distinct():
        assert search(word, on=TODAY), word
        assert words_of(word), word


def test_the_specialist_of_the_demo_is_in_a_department(make_user):
    user = make_user("Tom", "specialist")
    user.email = "specialist@hasselt.example"
    user.save()
    demo.load()
    assert [each.slug for each in user.departments.all()] == ["mobiliteit"]


def test_the_example_hours_are_those_of_the_town_hall():
    demo.load()
    period = OpeningSchedule.objects.get(slug="scheep").periods.get()
    tuesday = [str(window) for window in period.windows.filter(weekday=1)]
    assert tuesday == ["09:00–12:00", "13:00–20:00"]


def test_the_ten_legal_holidays_of_a_year():
    year = holidays.public_holidays(2026)
    assert [day.on for day in year] == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 21),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]
    assert (year[3].name, year[3].name_en) == ("Onze-Lieve-Heer-Hemelvaart", "Ascension Day")


@pytest.mark.parametrize("year", range(2025, 2036))
def test_every_year_has_ten_holidays_and_a_bridge_day_on_a_friday(year):
    assert len(holidays.public_holidays(year)) == 10
    bridge, flanders = holidays.example_city_days(year)
    assert bridge.on.weekday() == 4
    assert flanders.on == date(year, 7, 11)


def test_loading_holidays_leaves_the_days_of_the_city_alone(capsys):
    ClosingDay.objects.create(on=date(2026, 7, 21), name="Stadsfeest", kind="city")
    call_command("load_holidays", "--from", "2026", "--years", "2")
    assert "19 holidays added for 2026–2027" in capsys.readouterr().out
    assert ClosingDay.objects.get(on=date(2026, 7, 21)).name == "Stadsfeest"
    call_command("load_holidays", "--from", "2026", "--years", "2")
    assert "0 holidays added" in capsys.readouterr().out


def test_check_hours_compares_every_schedule(capsys):
    demo.load()
    call_command("check_hours", "--from", "2026-03-20", "--days", "20", "--years", "1")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[3].rstrip(":") for line in lines] == ["contactcentrum", "scheep", "random"]
    assert all("equal on every minute" in line for line in lines)


def test_check_hours_ends_with_an_error_when_they_differ(monkeypatch):
    from django.core.management.base import CommandError

    from city.hours import Hours

    monkeypatch.setattr(Hours, "is_open", lambda self, moment: False)
    demo.load()
    with pytest.raises(CommandError, match="is_open: engine False, reference True"):
        call_command("check_hours", "--from", str(TODAY - timedelta(days=9)), "--days", "9")
