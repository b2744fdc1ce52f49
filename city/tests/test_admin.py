"""The administrator's forms open, save, and refuse what makes no sense."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from city import demo, models
from city.testing.rows import add_exception, make_schedule

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 30)
OURS = [model for model in admin.site._registry if model._meta.app_label == "city"]


def address(model, page: str, *args: object) -> str:
    return reverse(f"admin:city_{model._meta.model_name}_{page}", args=args)


def windows(*times: tuple[str, str], prefix: str = "windows", **also: object) -> dict[str, object]:
    """What the form of the inline windows sends."""
    data: dict[str, object] = {
        f"{prefix}-TOTAL_FORMS": len(times),
        f"{prefix}-INITIAL_FORMS": 0,
        **also,
    }
    for number, (opens_at, closes_at) in enumerate(times):
        data[f"{prefix}-{number}-opens_at"] = opens_at
        data[f"{prefix}-{number}-closes_at"] = closes_at
        data[f"{prefix}-{number}-weekday"] = 0
    return data


@pytest.fixture
def content(db, administrator_client):
    demo.load()
    return administrator_client


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_and_form_opens(content, model):
    assert content.get(address(model, "changelist"), follow=True).status_code == 200
    row = model.objects.first()
    if row:
        assert content.get(address(model, "change", row.pk)).status_code == 200
    may_add = model is not models.CityContact
    assert content.get(address(model, "add")).status_code == (200 if may_add else 403)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_list_can_be_searched(content, model):
    assert content.get(address(model, "changelist"), {"q": "a"}, follow=True).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_only_an_administrator_enters(agent_client, stranger_client, citizen, model):
    for client in (agent_client, stranger_client, citizen):
        assert client.get(address(model, "changelist")).status_code == 302


def test_a_list_costs_the_same_for_ten_times_the_rows(content, django_assert_max_num_queries):
    department = models.Department.objects.first()
    topics = [models.Topic(slug=f"t{n}", name=f"T{n}", department=department) for n in range(130)]
    models.Topic.objects.bulk_create(topics)
    with django_assert_max_num_queries(13):
        content.get(address(models.Product, "changelist"))


def test_the_form_of_a_schedule_shows_the_coming_days(content):
    schedule = models.OpeningSchedule.objects.get(slug="scheep")
    page = content.get(address(models.OpeningSchedule, "change", schedule.pk)).content.decode()
    assert "9–12 en 13–20 uur" in page
    assert 'name="slug"' not in page


def test_windows_are_shown_without_seconds(content):
    period = models.WeeklyPeriod.objects.first()
    page = content.get(address(models.WeeklyPeriod, "change", period.pk)).content.decode()
    assert '<input type="text" name="windows-0-opens_at" value="09:00"' in page


def test_a_pattern_with_windows_is_saved(content):
    schedule = models.OpeningSchedule.objects.get(slug="scheep")
    data = {"schedule": schedule.pk, "name": "Zomer", "valid_from": "2027-07-01"}
    sent = data | windows(("09:00", "12:00"), ("13:00", "00:00"))
    response = content.post(address(models.WeeklyPeriod, "add"), sent)
    assert response.status_code == 302, response.context["errors"]
    period = models.WeeklyPeriod.objects.get(name="Zomer")
    assert [str(window) for window in period.windows.all()] == ["09:00–12:00", "13:00–00:00"]


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ([("09:00", "12:00"), ("11:00", "13:00")], "Twee tijdvakken van dezelfde dag overlappen."),
        ([("12:00", "09:00")], "Het sluitingsuur moet na het openingsuur komen."),
        ([("09:00:30", "12:00")], "Geef uren en minuten, geen seconden."),
        ([("", "12:00")], "Dit veld is verplicht."),
        ([("25:00", "12:00")], "Voer een geldige tijd in."),
    ],
)
def test_windows_that_make_no_sense_are_refused_in_dutch(content, times, sentence):
    schedule = models.OpeningSchedule.objects.get(slug="scheep")
    data = {"schedule": schedule.pk, "name": "Fout", "valid_from": "2027-07-01"}
    page = content.post(address(models.WeeklyPeriod, "add"), data | windows(*times))
    assert sentence in page.content.decode()
    assert not models.WeeklyPeriod.objects.filter(name="Fout").exists()


def test_an_extra_opening_without_hours_is_refused(administrator_client):
    schedule = make_schedule()
    data = {"schedule": schedule.pk, "on": str(DAY), "kind": "extra", **windows()}
    page = administrator_client.post(address(models.DatedException, "add"), data)
    assert "Een extra opening heeft uren nodig" in page.content.decode()


def test_an_exception_without_hours_closes_the_day(administrator_client):
    schedule = make_schedule()
    data = {"schedule": schedule.pk, "on": str(DAY), "kind": "replaces", **windows()}
    assert administrator_client.post(address(models.DatedException, "add"), data).status_code == 302
    page = administrator_client.get(address(models.DatedException, "changelist"))
    assert "gesloten" in page.content.decode()


def test_an_exception_on_a_closing_day_is_refused_in_dutch(administrator_client):
    schedule = make_schedule()
    models.ClosingDay.objects.create(on=DAY, name="Brugdag")
    data = {"schedule": schedule.pk, "on": str(DAY), "kind": "replaces", **windows()}
    page = administrator_client.post(address(models.DatedException, "add"), data)
    assert "Deze dag is een sluitingsdag (Brugdag)" in page.content.decode()


def test_a_closing_day_over_other_hours_warns(administrator_client):
    schedule = make_schedule(name="’t Scheep")
    add_exception(schedule, DAY, "9:00-10:00")
    data = {"on": str(DAY), "name": "Brugdag", "kind": "bridge"}
    response = administrator_client.post(address(models.ClosingDay, "add"), data)
    warnings = [str(each) for each in get_messages(response.wsgi_request) if "andere" in str(each)]
    assert warnings == ["“’t Scheep” heeft andere uren op deze dag. De sluitingsdag gaat nu voor."]


def test_a_closing_day_that_leaves_the_schedule_open_does_not_warn(administrator_client):
    schedule = make_schedule()
    add_exception(schedule, DAY, "9:00-10:00")
    data = {"on": str(DAY), "name": "x", "kind": "bridge", "open_schedules": [schedule.pk]}
    response = administrator_client.post(address(models.ClosingDay, "add"), data)
    assert not any("andere uren" in str(each) for each in get_messages(response.wsgi_request))


def test_the_contact_data_are_one_row(content):
    response = content.get(address(models.CityContact, "changelist"))
    assert response.url == address(models.CityContact, "change", 1)
    assert content.get(address(models.CityContact, "add")).status_code == 403
    assert content.post(address(models.CityContact, "delete", 1)).status_code == 403


def test_the_contact_data_can_be_filled_in_for_the_first_time(administrator_client):
    data = {"name": "Stad", "phone": "011 00 00 00"}
    assert administrator_client.get(address(models.CityContact, "changelist")).status_code == 200
    assert administrator_client.post(address(models.CityContact, "add"), data).status_code == 302
    assert models.CityContact.current().phone == "011 00 00 00"


def test_the_list_of_announcements_says_which_one_shows(administrator_client):
    now = timezone.now()
    models.Announcement.objects.create(text="Nu", starts_at=now)
    models.Announcement.objects.create(text="Uit", starts_at=now, is_on=False)
    page = administrator_client.get(address(models.Announcement, "changelist")).content.decode()
    assert page.count("icon-yes") == 1
    assert page.count("icon-no") == 1


def test_view_on_site_leads_to_the_product(content):
    product = models.Product.objects.get(slug="reispas")
    page = content.get(address(models.Product, "change", product.pk)).content.decode()
    assert 'href="/producten/reispas/"' in page
