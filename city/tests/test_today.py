"""The state of a place now, its day line and its week."""

from datetime import date

import pytest
from django.utils import translation

from city.hours import Window
from city.models import ClosingDay
from city.testing.rows import add_exception, make_schedule
from city.tests.moments import wall
from city.today import DayLine, Mark, day_line, openings, today_at

TUESDAY = date(2026, 6, 30)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dutch():
    with translation.override("nl"):
        yield


@pytest.fixture
def scheep():
    return make_schedule(name="’t Scheep")


def test_open_now(scheep):
    state = openings("scheep", wall(2026, 6, 30, 14))
    assert state.is_open
    assert state.closes_at == wall(2026, 6, 30, 20)
    assert state.sentence == "Open tot 20.00 uur"
    assert state.reason == ""


def test_closed_in_the_evening(scheep):
    state = openings("scheep", wall(2026, 6, 30, 20))
    assert not state.is_open
    assert state.closes_at is None
    assert state.next_opening == wall(2026, 7, 1, 9)
    assert state.sentence == "Gesloten, opnieuw open morgen om 9.00 uur"


def test_closed_on_a_holiday_and_the_bridge_day_after_it(scheep):
    ClosingDay.objects.create(on=date(2026, 7, 21), name="Nationale feestdag")
    ClosingDay.objects.create(on=date(2026, 7, 22), name="Brugdag", kind="bridge")
    holiday = openings("scheep", wall(2026, 7, 21, 10))
    assert holiday.sentence == "Gesloten, opnieuw open donderdag om 9.00 uur"
    assert holiday.reason == "Nationale feestdag"
    assert openings("scheep", wall(2026, 7, 22, 10)).reason == "Brugdag"


def test_closed_in_the_weekend(scheep):
    assert openings("scheep", wall(2026, 7, 4, 10)).sentence == (
        "Gesloten, opnieuw open maandag om 9.00 uur"
    )


def test_an_unknown_place_is_closed_for_the_chat_and_absent_from_a_page():
    state = openings("nowhere", wall(2026, 6, 30, 14))
    assert (state.is_open, state.next_opening) == (False, None)
    assert state.sentence == "Voorlopig gesloten"
    assert today_at("nowhere", wall(2026, 6, 30, 14)) is None


def test_the_view_of_a_day(scheep):
    today = today_at("scheep", wall(2026, 6, 30, 14))
    assert today.name == "’t Scheep"
    assert today.day == "dinsdag 30 juni"
    assert today.hours == "9–12 en 13–20 uur"
    assert today.is_open
    assert today.line.marks == (Mark(60, 180), Mark(300, 420))
    assert today.line.now_x == 360


def test_the_week_groups_neighbours_with_the_same_hours(scheep):
    week = today_at("scheep", wall(2026, 6, 30, 14)).week
    assert [(row.days, row.hours, row.is_today) for row in week] == [
        ("maandag", "9–12 en 13–16 uur", False),
        ("dinsdag", "9–12 en 13–20 uur", True),
        ("woensdag, donderdag", "9–12 en 13–16 uur", False),
        ("vrijdag", "9–12 uur", False),
        ("zaterdag, zondag", "gesloten", False),
    ]


def test_the_week_shows_what_is_other_than_usual_and_why(scheep):
    add_exception(scheep, date(2026, 7, 2), "9:00-12:00", reason="Opleiding", reason_en="Training")
    ClosingDay.objects.create(on=date(2026, 7, 3), name="Brugdag")
    week = today_at("scheep", wall(2026, 6, 30, 14)).week
    assert [(row.days, row.hours, row.note) for row in week][2:] == [
        ("woensdag", "9–12 en 13–16 uur", ""),
        ("donderdag", "9–12 uur", "Opleiding"),
        ("vrijdag", "gesloten", "Brugdag"),
        ("zaterdag, zondag", "gesloten", ""),
    ]


def test_on_sunday_the_week_is_still_this_week(scheep):
    week = today_at("scheep", wall(2026, 7, 5, 14)).week
    assert [row.is_today for row in week] == [False, False, False, False, True]


def test_the_day_line_is_wider_when_a_window_is():
    line = day_line((Window(390, 720), Window(1200, 1440)), wall(2026, 6, 30, 7))
    assert line.length == 18 * 60
    assert line.marks == (Mark(30, 330), Mark(840, 240))
    assert [tick.label for tick in line.ticks] == [
        "6",
        "8",
        "10",
        "12",
        "14",
        "16",
        "18",
        "20",
        "22",
        "24",
    ]
    assert line.now_x == 60


def test_now_off_the_day_line_has_no_place_on_it():
    assert day_line((), wall(2026, 6, 30, 7, 59)).now_x is None
    assert day_line((), wall(2026, 6, 30, 20, 1)).now_x is None
    assert isinstance(day_line((), wall(2026, 6, 30, 8)), DayLine)


def test_in_english_a_name_without_translation_stays_dutch_and_says_so(scheep):
    add_exception(scheep, TUESDAY, reason="Opleiding")
    with translation.override("en"):
        today = today_at("scheep", wall(2026, 6, 30, 14))
        assert today.sentence == "Closed, open again tomorrow at 9.00"
        assert (today.reason, today.reason.lang) == ("Opleiding", "nl")
        assert today.week[0].days == "Monday"


def test_a_page_costs_three_queries(scheep, django_assert_num_queries):
    with django_assert_num_queries(3):
        today_at("scheep", wall(2026, 6, 30, 14))
