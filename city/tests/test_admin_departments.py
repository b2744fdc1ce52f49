"""Departments and absences in the admin: nothing that would leave work with nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from city import department_work
from city.department_work import Button, OpenWork
from city.models import Absence, Department
from city.testing.rows import make_schedule
from common.errors import RuleBroken
from common.registry import Registry

pytestmark = pytest.mark.django_db
OPEN = "Groen heeft nog 3 dossiers open."
LIST = reverse("admin:city_department_changelist")
ABSENCES = reverse("admin:city_absence_changelist")


@pytest.fixture
def green():
    return Department.objects.create(
        slug="groen", name="Groen", email="groen@test.example", keywords="boom, park"
    )


@pytest.fixture
def public_space():
    return Department.objects.create(
        slug="domein", name="Openbaar domein", email="domein@test.example"
    )


@pytest.fixture
def work(monkeypatch):
    """Work of departments; the set holds which ones have some."""
    busy: set[int] = set()
    registry: Registry[OpenWork] = Registry("open work of this test")
    registry.register(
        "test", OpenWork("dossiers", lambda row: 3 * (row.pk in busy), lambda row, count: OPEN)
    )
    # Who imported the registry by name holds the very same object.
    monkeypatch.setattr(department_work.OPEN_WORK, "_items", registry._items)
    return busy


def change(department, page="change", *more):
    return reverse(f"admin:city_department_{page}", args=[department.pk, *more])


def save(client, department, **fields):
    """Posts the form of a department as it stands, with these changes."""
    form = {
        "name": department.name,
        "email": department.email,
        "answer_hours": 16,
        "urgent_hours": 4,
        "is_active": "on",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
        **fields,
    }
    sent = {name: value for name, value in form.items() if value is not None}
    return client.post(change(department), sent, follow=True)


def test_the_list_is_searched_and_filtered(green, public_space, administrator_client):
    Department.objects.filter(pk=public_space.pk).update(is_active=False, email="")
    for query, hits in (
        *(("q=park", 1), ("q=groen@", 1), ("q=xyz", 0)),
        *(("is_active__exact=1", 1), ("email__isempty=1", 1)),
    ):
        found = administrator_client.get(f"{LIST}?{query}").context["cl"].result_count
        assert found == hits, query


def test_the_list_costs_the_same_for_many(administrator_client, django_assert_max_num_queries):
    schedule = make_schedule()
    Department.objects.bulk_create(
        Department(slug=f"d{n}", name=f"D{n}", schedule=schedule) for n in range(60)
    )
    with django_assert_max_num_queries(12):
        administrator_client.get(LIST)


def test_terms_and_words_are_saved(green, administrator_client):
    save(administrator_client, green, answer_hours=8, urgent_hours=2, keywords="haag")
    green.refresh_from_db()
    assert (green.answer_hours, green.urgent_hours, green.keywords) == (8, 2, "haag")


@pytest.mark.parametrize("field", ["answer_hours", "urgent_hours"])
def test_a_term_of_nothing_is_refused(green, administrator_client, field):
    answer = save(administrator_client, green, **{field: 0})
    assert answer.context["errors"]
    green.refresh_from_db()
    assert getattr(green, field) > 0


@pytest.mark.parametrize("fields", [{"is_active": None}, {"email": ""}])
def test_a_department_with_open_work_keeps_going(green, work, administrator_client, fields):
    work.add(green.pk)
    page = save(administrator_client, green, **fields).content.decode()
    assert OPEN in page
    green.refresh_from_db()
    assert (green.is_active, green.email) == (True, "groen@test.example")


def test_one_without_open_work_is_switched_off(green, work, administrator_client):
    save(administrator_client, green, is_active=None)
    green.refresh_from_db()
    assert not green.is_active


def test_deleting_says_what_is_open(green, work, administrator_client):
    work.add(green.pk)
    for ask in (administrator_client.get, administrator_client.post):
        answer = ask(change(green, "delete"), {"post": "yes"}, follow=True)
        assert OPEN in answer.content.decode()
    assert Department.objects.filter(pk=green.pk).exists()
    # Nor by the dozen.
    administrator_client.post(
        LIST, {"action": "delete_selected", "_selected_action": [green.pk], "post": "yes"}
    )
    assert Department.objects.filter(pk=green.pk).exists()
    work.clear()
    administrator_client.post(change(green, "delete"), {"post": "yes"})
    assert not Department.objects.filter(pk=green.pk).exists()


def test_the_contact_centre_stays(administrator_client):
    centre = Department.objects.create(
        slug="contactcentrum", name="Contactcentrum", email="cc@test.example"
    )
    assert save(administrator_client, centre, is_active=None).context["errors"]
    assert administrator_client.post(change(centre, "delete"), {"post": "yes"}).status_code == 403
    save(administrator_client, centre, slug="anders")
    centre.refresh_from_db()
    assert (centre.is_active, centre.slug) == (True, "contactcentrum")


def test_a_page_shows_what_moves_and_then_moves_it(
    green, public_space, work, specialist, administrator_client
):
    work.add(green.pk)
    green.memberships.create(user=specialist)
    page = administrator_client.get(change(green, "merge"))
    assert [count for _, count in page.context["moving"]] == [1, 0, 0, 3]
    choices = page.context["form"].fields["into"].queryset
    assert list(choices) == [public_space]
    answer = administrator_client.post(
        change(green, "merge"), {"into": public_space.pk}, follow=True
    )
    green.refresh_from_db()
    assert green.merged_into == public_space
    assert public_space.memberships.get().user == specialist
    assert answer.redirect_chain == [(change(public_space), 302)]
    # What is no longer a department of its own stays off, and says why.
    page = administrator_client.get(change(green)).content.decode()
    assert "Openbaar domein" in page
    assert change(green, "merge") not in page
    assert save(administrator_client, green, is_active="on").status_code == 200
    green.refresh_from_db()
    assert not green.is_active


def test_merging_twice_says_so(green, public_space, administrator_client):
    other = Department.objects.create(slug="stad", name="Stad", email="stad@test.example")
    administrator_client.post(change(green, "merge"), {"into": public_space.pk})
    again = administrator_client.post(change(green, "merge"), {"into": other.pk})
    assert again.status_code == 422
    assert gettext("%(department)s is already part of another department.") % {
        "department": "Groen"
    } in again.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("into", ["", "x", "0", "999999", "-1"])
def test_a_choice_that_does_not_exist_is_refused(green, public_space, administrator_client, into):
    answer = administrator_client.post(change(green, "merge"), {"into": into})
    assert answer.status_code == 422
    assert answer.context["form"].errors["into"]
    green.refresh_from_db()
    assert green.is_active


def test_itself_and_one_that_is_off_cannot_be_chosen(green, public_space, administrator_client):
    Department.objects.filter(pk=public_space.pk).update(is_active=False)
    for into in (green, public_space):
        answer = administrator_client.post(change(green, "merge"), {"into": into.pk})
        assert answer.status_code == 422


@pytest.fixture
def pressed(monkeypatch):
    done: list[tuple[str, str]] = []

    def do(*, department, by, now):
        if not department.email:
            raise RuleBroken("no", sentence="Er is geen adres.")
        done.append((department.slug, by.first_name))
        return "Gedaan."

    monkeypatch.setattr(department_work.BUTTONS, "_items", {"test": Button("Test iets", do)})
    return done


def test_a_button_does_what_a_room_above_offers(green, pressed, administrator_client):
    assert "Test iets" in administrator_client.get(change(green)).content.decode()
    answer = administrator_client.post(change(green, "button", "test"), follow=True)
    assert "Gedaan." in answer.content.decode()
    assert pressed == [("groen", "Frank")]
    Department.objects.update(email="")
    answer = administrator_client.post(change(green, "button", "test"), follow=True)
    assert "Er is geen adres." in answer.content.decode()
    assert len(pressed) == 1


def test_a_button_is_pressed_not_visited(green, pressed, administrator_client):
    assert administrator_client.get(change(green, "button", "test")).status_code == 405
    assert administrator_client.post(change(green, "button", "anders")).status_code == 404
    gone = reverse("admin:city_department_button", args=[0, "test"])
    assert administrator_client.post(gone).status_code == 404
    assert administrator_client.get(reverse("admin:city_department_merge", args=[0])).status_code
    assert pressed == []


def test_others_do_not_come_in(
    green, public_space, pressed, agent_client, stranger_client, citizen
):
    for client in (agent_client, stranger_client, citizen):
        assert client.get(change(green, "merge")).status_code == 302
        client.post(change(green, "merge"), {"into": public_space.pk})
        client.post(change(green, "button", "test"))
    green.refresh_from_db()
    assert green.is_active
    assert pressed == []


# --- absences ------------------------------------------------------------------------------------


@pytest.fixture
def away(specialist, agent):
    today = timezone.localdate()
    return Absence.objects.create(
        user=specialist, stand_in=agent, starts_on=today, ends_on=today + timedelta(days=3)
    )


def test_absences_are_searched_and_filtered(away, administrator_client):
    for query, hits in (
        *(("q=dirk", 1), ("q=anke", 1), ("q=xyz", 0)),
        *(("when=now", 1), ("when=later", 0), ("when=past", 0), ("when=x", 1)),
    ):
        found = administrator_client.get(f"{ABSENCES}?{query}").context["cl"].result_count
        assert found == hits, query


def test_an_absence_that_makes_no_sense_is_refused(specialist, agent, administrator_client):
    add = reverse("admin:city_absence_add")
    form = {"user": specialist.pk, "starts_on": "2027-07-05", "ends_on": "2027-07-09"}
    for wrong in ({"ends_on": "2027-07-01"}, {"stand_in": specialist.pk}, {"ends_on": "x"}):
        assert administrator_client.post(add, {**form, **wrong}).status_code == 200
    assert not Absence.objects.exists()
    assert administrator_client.post(add, {**form, "stand_in": agent.pk}).status_code == 302
    assert Absence.objects.get().stand_in == agent
