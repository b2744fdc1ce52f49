"""From rows to Hours: each layer, few queries, and a change that shows."""

from datetime import date

import pytest

from city import remembered
from city.hours import Window, hours_around, hours_of
from city.models import ClosingDay, OpeningSchedule, WeeklyPeriod
from city.testing.rows import ALWAYS, add_exception, add_period, make_schedule
from city.tests.moments import wall

START, END = date(2026, 1, 1), date(2026, 12, 31)
MONDAY, TUESDAY = date(2026, 6, 29), date(2026, 6, 30)
MORNING, AFTERNOON = Window(540, 720), Window(780, 960)


def load(slug: str = "scheep"):
    return hours_of(slug, start=START, end=END)


@pytest.mark.django_db
def test_the_weekly_pattern():
    make_schedule()
    hours = load()
    assert hours.windows_on(MONDAY) == (MORNING, AFTERNOON)
    assert hours.windows_on(TUESDAY) == (MORNING, Window(780, 1200))
    assert hours.windows_on(date(2026, 7, 4)) == ()


@pytest.mark.django_db
def test_a_schedule_itself_may_be_given_in_place_of_its_slug():
    schedule = make_schedule()
    assert hours_of(schedule, start=START, end=END) == load()


@pytest.mark.django_db
def test_a_later_period_goes_before_the_one_below_it():
    schedule = make_schedule()
    summer = date(2026, 7, 1), date(2026, 8, 31)
    add_period(schedule, {0: ["9:00-12:00"]}, valid_from=summer[0], valid_until=summer[1])
    hours = load()
    assert hours.windows_on(date(2026, 7, 6)) == (MORNING,)
    assert hours.windows_on(date(2026, 7, 7)) == ()
    assert hours.windows_on(date(2026, 9, 7)) == (MORNING, AFTERNOON)


@pytest.mark.django_db
def test_a_period_without_windows_is_closed_all_week():
    schedule = make_schedule()
    WeeklyPeriod.objects.create(schedule=schedule, name="works", valid_from=date(2026, 6, 1))
    assert load().windows_on(MONDAY) == ()


@pytest.mark.django_db
def test_exceptions_and_extra_openings():
    schedule = make_schedule()
    add_exception(schedule, MONDAY, "10:00-11:00", reason="Opleiding")
    add_exception(schedule, TUESDAY, reason="Verhuis")
    add_exception(schedule, date(2026, 7, 4), "9:00-12:00", kind="extra", reason="Zaterdag")
    hours = load()
    assert hours.windows_on(MONDAY) == (Window(600, 660),)
    assert hours.reason_on(MONDAY) == "Opleiding"
    assert hours.windows_on(TUESDAY) == ()
    assert hours.closed_because(TUESDAY) == "Verhuis"
    assert hours.windows_on(date(2026, 7, 4)) == (MORNING,)


@pytest.mark.django_db
def test_two_extra_openings_and_other_hours_on_one_day_all_count():
    schedule = make_schedule()
    add_exception(schedule, MONDAY, "7:00-8:00", kind="extra", reason="Vroeg")
    add_exception(schedule, MONDAY, "18:00-19:00", kind="extra")
    add_exception(schedule, MONDAY, "10:00-11:00", reason="Opleiding")
    hours = load()
    assert hours.windows_on(MONDAY) == (Window(420, 480), Window(600, 660), Window(1080, 1140))
    assert hours.reason_on(MONDAY) == "Opleiding"


@pytest.mark.django_db
def test_a_closing_day_closes_all_but_the_schedules_that_stay_open():
    make_schedule()
    stays = make_schedule("contactcentrum")
    day = ClosingDay.objects.create(on=MONDAY, name="Brugdag", name_en="Bridge day", kind="bridge")
    day.open_schedules.add(stays)
    assert load("scheep").windows_on(MONDAY) == ()
    assert load("scheep").closed_because(MONDAY) == "Brugdag"
    assert load("contactcentrum").windows_on(MONDAY) == (MORNING, AFTERNOON)


@pytest.mark.django_db
def test_until_midnight_and_the_whole_day():
    make_schedule(week={0: ["18:00-0:00"], 1: ["0:00-0:00"]})
    assert load().windows_on(MONDAY) == (Window(1080, 1440),)
    assert load().windows_on(TUESDAY) == (Window(0, 1440),)


@pytest.mark.django_db
def test_nothing_of_another_schedule_is_read():
    make_schedule()
    other = make_schedule("contactcentrum", week={})
    add_exception(other, MONDAY)
    assert load().windows_on(MONDAY) == (MORNING, AFTERNOON)
    assert load("contactcentrum").windows_on(TUESDAY) == ()


@pytest.mark.django_db
def test_an_unknown_schedule_is_said_so():
    with pytest.raises(OpeningSchedule.DoesNotExist):
        load("nowhere")


@pytest.mark.django_db
def test_three_queries_however_many_rows(django_assert_num_queries):
    schedule = make_schedule()
    for month in range(1, 13):
        add_period(schedule, {0: ["9:00-12:00"]}, valid_from=date(2026, month, 1))
        add_exception(schedule, date(2026, month, 2), "9:00-10:00", "11:00-12:00")
        ClosingDay.objects.create(on=date(2026, month, 3), name="Dicht")
    with django_assert_num_queries(3):
        hours_around("scheep", wall(2026, 6, 29, 10))


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_remembered():
    schedule = make_schedule(week={})
    assert load().windows_on(MONDAY) == ()
    add_period(schedule, {0: ["9:00-12:00"]}, valid_from=date(2026, 1, 1))
    assert load().windows_on(MONDAY) == (MORNING,)


@pytest.fixture
def committed(transactional_db):
    """Rows that are committed, as they are for a request; the memory begins and ends empty."""
    remembered.forget()
    yield make_schedule()
    remembered.forget()


def test_a_second_page_within_two_seconds_asks_nothing(committed, django_assert_num_queries):
    load()
    with django_assert_num_queries(0):
        load()


def test_a_change_shows_at_once_in_the_same_process(committed):
    assert load().windows_on(MONDAY) == (MORNING, AFTERNOON)
    closing = ClosingDay.objects.create(on=MONDAY, name="Brugdag")
    assert load().windows_on(MONDAY) == ()
    closing.open_schedules.add(committed)
    assert load().windows_on(MONDAY) == (MORNING, AFTERNOON)
    closing.open_schedules.clear()
    assert load().windows_on(MONDAY) == ()
    closing.delete()
    assert load().windows_on(MONDAY) == (MORNING, AFTERNOON)


def test_a_change_by_another_process_shows_within_two_seconds(committed, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(remembered.time, "monotonic", lambda: clock[0])
    load()
    WeeklyPeriod.objects.update(valid_from=date(2030, 1, 1))  # sends no signal, as another process
    assert load().windows_on(MONDAY) == (MORNING, AFTERNOON)
    clock[0] += 2.0
    assert load().windows_on(MONDAY) == ()
    assert committed.periods.exclude(valid_from=ALWAYS).exists()
