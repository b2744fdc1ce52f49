"""Rules that the database keeps, and those that a form says first."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from city.models import (
    Announcement,
    CityContact,
    ClosingDay,
    DatedException,
    Department,
    Membership,
    Product,
    Synonym,
    WeeklyPeriod,
)
from city.testing.rows import add_exception, make_schedule

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 30)


def refused_by(name: str):
    """The database refuses, and it names its rule (PostgreSQL) or the columns (SQLite)."""
    return pytest.raises(IntegrityError, match=rf"{name}|UNIQUE constraint failed")


@pytest.fixture
def schedule():
    return make_schedule()


def test_a_period_does_not_end_before_it_begins(schedule):
    with refused_by("period_ends_after_it_begins"), transaction.atomic():
        WeeklyPeriod.objects.create(
            schedule=schedule, name="x", valid_from=DAY, valid_until=DAY - timedelta(days=1)
        )
    one_day = WeeklyPeriod(schedule=schedule, name="x", valid_from=DAY, valid_until=DAY)
    one_day.full_clean()


def test_two_periods_of_a_schedule_do_not_begin_on_the_same_day(schedule):
    WeeklyPeriod.objects.create(schedule=schedule, name="x", valid_from=DAY)
    with refused_by("one_period_per_first_day"), transaction.atomic():
        WeeklyPeriod.objects.create(schedule=schedule, name="y", valid_from=DAY)


@pytest.mark.parametrize("closes_at", [time(9), time(8)])
def test_a_window_closes_after_it_opens(schedule, closes_at):
    period = schedule.periods.get()
    with refused_by("weekly_window_closes_later"), transaction.atomic():
        period.windows.create(weekday=5, opens_at=time(9), closes_at=closes_at)
    exception = add_exception(schedule, DAY)
    with refused_by("exception_window_closes_later"), transaction.atomic():
        exception.windows.create(opens_at=time(9), closes_at=closes_at)


def test_midnight_is_a_closing_time(schedule):
    schedule.periods.get().windows.create(weekday=5, opens_at=time(9), closes_at=time(0))


def test_a_weekday_is_monday_to_sunday(schedule):
    with refused_by("weekday_is_monday_to_sunday"), transaction.atomic():
        schedule.periods.get().windows.create(weekday=7, opens_at=time(9), closes_at=time(10))


def test_windows_are_whole_minutes(schedule):
    window = schedule.periods.get().windows.first()
    window.closes_at = time(12, 0, 30)
    with pytest.raises(ValidationError) as refused:
        window.full_clean()
    assert "closes_at" in refused.value.message_dict


def test_a_day_is_replaced_once_and_extended_as_often_as_needed(schedule):
    for _ in range(2):
        add_exception(schedule, DAY, "18:00-19:00", kind="extra")
    add_exception(schedule, DAY)
    with refused_by("one_replacement_per_day"), transaction.atomic():
        add_exception(schedule, DAY)


def test_a_day_is_a_closing_day_once():
    ClosingDay.objects.create(on=DAY, name="x")
    with refused_by("one_closing_day_per_date"), transaction.atomic():
        ClosingDay.objects.create(on=DAY, name="y")


def test_an_exception_on_a_closing_day_is_refused_with_the_reason(schedule):
    ClosingDay.objects.create(on=DAY, name="Brugdag")
    with translation.override("nl"), pytest.raises(ValidationError) as refused:
        DatedException(schedule=schedule, on=DAY).full_clean()
    (sentence,) = refused.value.message_dict["on"]
    assert "Brugdag" in sentence
    assert "zou dus niets veranderen" in sentence


def test_an_exception_is_welcome_where_the_schedule_stays_open(schedule):
    ClosingDay.objects.create(on=DAY, name="Brugdag").open_schedules.add(schedule)
    DatedException(schedule=schedule, on=DAY).full_clean()


def test_an_exception_without_day_is_refused_for_that_only(schedule):
    with pytest.raises(ValidationError) as refused:
        DatedException(schedule=schedule).full_clean()
    assert set(refused.value.message_dict) == {"on"}


def test_somebody_is_in_a_department_once(agent):
    department = Department.objects.create(slug="groen", name="Groen")
    Membership.objects.create(user=agent, department=department)
    assert list(agent.departments.all()) == [department]
    with refused_by("one_membership_per_person"), transaction.atomic():
        Membership.objects.create(user=agent, department=department)


def test_an_announcement_ends_after_it_starts():
    now = timezone.now()
    with refused_by("announcement_ends_after_it_starts"), transaction.atomic():
        Announcement.objects.create(text="x", starts_at=now, ends_at=now)


def test_announcements_show_between_start_and_end_and_while_on():
    now = timezone.now()
    hour = timedelta(hours=1)
    Announcement.objects.create(text="now", starts_at=now, ends_at=now + hour)
    Announcement.objects.create(text="for ever", starts_at=now - hour)
    Announcement.objects.create(text="off", starts_at=now - hour, is_on=False)
    Announcement.objects.create(text="over", starts_at=now - hour, ends_at=now)
    Announcement.objects.create(text="to come", starts_at=now + hour)
    texts = {each.text for each in Announcement.objects.on_at(now)}
    assert texts == {"now", "for ever"}


def test_there_is_one_city_contact():
    assert CityContact.current().phone == ""
    CityContact.objects.create(phone="011 00 00 00")
    CityContact(phone="011 00 00 01").save()
    assert CityContact.current().phone == "011 00 00 01"
    with refused_by("one_city_contact"), transaction.atomic():
        CityContact.objects.bulk_create([CityContact(pk=2)])


@pytest.mark.parametrize(
    ("phone", "uri"),
    [
        ("011 00 00 00", "tel:+3211000000"),
        ("+32 11 00 00 00", "tel:+3211000000"),
        ("0032 11 00 00 00", "tel:+3211000000"),
        ("1700", "tel:1700"),
    ],
)
def test_a_phone_number_becomes_a_link(phone, uri):
    assert CityContact(phone=phone).phone_uri == uri


def test_a_product_is_hidden_before_its_day_and_while_unpublished():
    common = {"summary": "x", "how_today": "x"}
    Product.objects.create(slug="always", title="a", **common)
    Product.objects.create(slug="from-today", title="b", available_from=DAY, **common)
    Product.objects.create(slug="off", title="c", is_published=False, **common)
    day_before = Product.objects.published(DAY - timedelta(days=1))
    assert [each.slug for each in day_before] == ["always"]
    assert {each.slug for each in Product.objects.published(DAY)} == {"always", "from-today"}


def test_texts_of_a_product_in_paragraphs_and_items():
    product = Product(
        title="Reispas",
        body="Een.\r\n\r\nTwee.\n\n\nDrie.",
        bring="Kaart\n\n Foto ",
        short_title="",
    )
    assert product.body_paragraphs == ["Een.", "Twee.", "Drie."]
    assert product.bring_items == ["Kaart", "Foto"]
    assert product.how_today_paragraphs == []
    assert product.link_text == "Reispas"


def test_a_text_without_english_is_dutch_and_says_so():
    product = Product(title="Reispas", title_en="Passport", summary="Samenvatting")
    assert (product.local.title, product.local.title.lang) == ("Reispas", "nl")
    with translation.override("en"):
        assert (product.local.title, product.local.title.lang) == ("Passport", "en")
        assert (product.local.summary, product.local.summary.lang) == ("Samenvatting", "nl")


def test_a_link_has_the_shortest_text_in_the_language_of_the_reader():
    product = Product(title="Aangifte van adreswijziging", short_title="Adreswijziging")
    assert product.link_text == "Adreswijziging"
    with translation.override("en"):
        assert (product.link_text, product.link_text.lang) == ("Adreswijziging", "nl")
        product.title_en = "Change of address"
        assert (product.link_text, product.link_text.lang) == ("Change of address", "en")


def test_a_field_that_does_not_exist_is_an_error_and_not_empty():
    with pytest.raises(AttributeError):
        _ = Product().local.colour


def test_a_synonym_is_there_once():
    Synonym.objects.create(word="auto", means="rijbewijs")
    with refused_by("one_synonym_per_pair"), transaction.atomic():
        Synonym.objects.create(word="auto", means="rijbewijs")
