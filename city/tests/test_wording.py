"""Plain Dutch and English for evening, weekend, holiday and bridge day."""

from datetime import date

import pytest
from django.utils import translation

from city import wording
from city.hours import Window
from city.tests.moments import wall

TUESDAY_NOON = wall(2026, 6, 30, 12, 30)


@pytest.fixture(autouse=True)
def dutch():
    with translation.override("nl"):
        yield


def test_open_until_a_time_of_today():
    assert wording.open_until(wall(2026, 6, 30, 20), TUESDAY_NOON) == "Open tot 20.00 uur"
    assert wording.open_until(wall(2026, 6, 30, 12, 45), TUESDAY_NOON) == "Open tot 12.45 uur"


def test_open_until_after_midnight_names_the_day():
    at_night = wall(2026, 6, 30, 22)
    assert wording.open_until(wall(2026, 7, 1), at_night) == "Open tot middernacht"
    assert wording.open_until(wall(2026, 7, 1, 2), at_night) == "Open tot morgen om 2.00 uur"


def test_open_without_end():
    assert wording.open_until(None, TUESDAY_NOON) == "Nu open"


AGAIN = [
    ("lunch", wall(2026, 6, 30, 12), wall(2026, 6, 30, 13), "vandaag om 13.00 uur"),
    ("evening", wall(2026, 6, 30, 21), wall(2026, 7, 1, 9), "morgen om 9.00 uur"),
    ("weekend", wall(2026, 7, 3, 13), wall(2026, 7, 6, 9), "maandag om 9.00 uur"),
    ("sunday evening", wall(2026, 7, 5, 20), wall(2026, 7, 6, 9), "morgen om 9.00 uur"),
    ("six days", wall(2026, 6, 30, 21), wall(2026, 7, 6, 9), "maandag om 9.00 uur"),
    ("a week", wall(2026, 6, 30, 21), wall(2026, 7, 7, 9), "dinsdag 7 juli om 9.00 uur"),
    # 25 December 2026 is a Friday; a bridge day follows on Monday.
    ("holiday", wall(2026, 12, 24, 18), wall(2026, 12, 28, 9), "maandag om 9.00 uur"),
    ("bridge", wall(2026, 12, 24, 18), wall(2026, 12, 29, 9), "dinsdag om 9.00 uur"),
    ("new year", wall(2026, 12, 28, 18), wall(2027, 1, 5, 9), "dinsdag 5 januari om 9.00 uur"),
    ("far", wall(2026, 1, 5, 18), wall(2026, 9, 1, 9), "dinsdag 1 september 2026 om 9.00 uur"),
    ("just after midnight", wall(2026, 7, 1, 0, 5), wall(2026, 7, 1, 9), "vandaag om 9.00 uur"),
    # The night on which the clock goes back has 25 hours, yet the next day is tomorrow.
    ("clock change", wall(2026, 10, 24, 23, 30), wall(2026, 10, 25, 9), "morgen om 9.00 uur"),
]


@pytest.mark.parametrize(
    ("now", "opens", "words"), [row[1:] for row in AGAIN], ids=[r[0] for r in AGAIN]
)
def test_open_again(now, opens, words):
    assert wording.open_again(opens, now) == f"opnieuw open {words}"
    assert wording.closed(opens, now) == f"Gesloten, opnieuw open {words}"


def test_never_open_again_as_far_as_we_know():
    assert wording.open_again(None, TUESDAY_NOON) == "voorlopig niet opnieuw open"
    assert wording.closed(None, TUESDAY_NOON) == "Voorlopig gesloten"


def test_a_moment_in_full():
    assert wording.day_and_time(wall(2027, 6, 29, 14, 20)) == "dinsdag 29 juni om 14.20 uur"
    assert wording.day_and_time(wall(2026, 3, 2, 9, 5)) == "maandag 2 maart om 9.05 uur"


def test_the_hours_of_a_day():
    morning, evening = Window(540, 720), Window(780, 1200)
    assert wording.time_range([]) == "gesloten"
    assert wording.time_range([morning]) == "9–12 uur"
    assert wording.time_range([morning, evening]) == "9–12 en 13–20 uur"
    assert wording.time_range([Window(0, 60), morning, evening]) == "0–1, 9–12 en 13–20 uur"
    assert wording.time_range([Window(570, 745)]) == "9.30–12.25 uur"
    assert wording.time_range([Window(1080, 1440)]) == "18–24 uur"


def test_days_of_the_week():
    monday = date(2026, 6, 29)
    assert wording.days_label(monday, monday) == "maandag"
    assert wording.days_label(date(2026, 7, 1), date(2026, 7, 2)) == "woensdag, donderdag"
    assert wording.days_label(monday, date(2026, 7, 3)) == "maandag tot en met vrijdag"


def test_the_same_in_english():
    with translation.override("en"):
        evening, morning = wall(2026, 6, 30, 21), wall(2026, 7, 1, 9)
        assert wording.open_until(wall(2026, 6, 30, 20), TUESDAY_NOON) == "Open until 20.00"
        assert wording.open_until(wall(2026, 7, 1), evening) == "Open until midnight"
        assert wording.open_again(morning, evening) == "open again tomorrow at 9.00"
        assert wording.closed(morning, evening) == "Closed, open again tomorrow at 9.00"
        assert wording.open_again(wall(2026, 7, 6, 9), evening) == "open again Monday at 9.00"
        assert wording.day_and_time(wall(2027, 6, 29, 14, 20)) == "Tuesday 29 June at 14.20"
        assert wording.time_range([Window(540, 720), Window(780, 1200)]) == "9–12 and 13–20"
        assert wording.days_label(date(2026, 6, 29), date(2026, 7, 3)) == "Monday to Friday"
