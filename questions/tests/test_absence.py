"""Planning the own absence: who stands in, and what is refused."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from city.models import Absence
from common.testing.cast import logged_in
from questions.testing.rows import make_department

pytestmark = pytest.mark.django_db
PAGE = "absence"


@pytest.fixture(autouse=True)
def dutch():
    translation.activate("nl")


@pytest.fixture
def els(make_user, specialist):
    els = make_user("Els", "specialist")
    make_department("mobiliteit", specialist, els)
    return els


def day(days):
    return timezone.localdate() + timedelta(days=days)


def plan(client, first, last, stand_in=None):
    given = {"starts_on": str(day(first)), "ends_on": str(day(last))}
    if stand_in:
        given["stand_in"] = str(stand_in.public_id)
    return client.post(reverse(PAGE), given, follow=True)


def test_an_absence_is_planned_seen_and_taken_back(els, specialist, specialist_client):
    page = plan(specialist_client, 1, 3, els)
    row = Absence.objects.get()
    assert (row.user, row.stand_in, row.starts_on, row.ends_on) == (specialist, els, day(1), day(3))
    assert [planned.pk for planned in page.context["planned"]] == [row.pk]
    for _ in range(2):
        answer = specialist_client.post(reverse("absence-end"), {"starts_on": str(day(1))})
        assert answer.status_code == 302
    assert not Absence.objects.exists()


def test_one_that_runs_ends_yesterday(els, specialist, specialist_client):
    Absence.objects.create(user=specialist, starts_on=day(-3), ends_on=day(3))
    specialist_client.post(reverse("absence-end"), {"starts_on": str(day(-3))})
    assert Absence.objects.get().ends_on == day(-1)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(3, 2, "ends_on"), (-3, -1, "ends_on"), (5, 9, "starts_on"), (8, 8, "starts_on")],
)
def test_days_that_cannot_be_are_refused_in_words(
    els, specialist, specialist_client, first, last, field
):
    Absence.objects.create(user=specialist, starts_on=day(8), ends_on=day(10))
    page = plan(specialist_client, first, last)
    assert page.status_code == 422
    assert page.context["form"].errors[field]
    assert str(day(first)) in page.content.decode()
    assert Absence.objects.count() == 1


def test_somebody_who_is_away_or_elsewhere_does_not_stand_in(
    els, specialist, specialist_client, make_user
):
    other = make_user("Wout", "specialist")
    make_department("wonen", other)
    Absence.objects.create(user=els, starts_on=day(2), ends_on=day(2))
    for stand_in in (els, other, specialist):
        page = plan(specialist_client, 1, 3, stand_in)
        assert page.status_code == 422
        assert page.context["form"].errors["stand_in"]


@pytest.mark.parametrize("wrong", [{}, {"starts_on": "31-31"}, {"stand_in": "x"}])
def test_malformed_is_refused(els, specialist_client, wrong):
    given = {"starts_on": str(day(1)), "ends_on": str(day(2)), **wrong} if wrong else {}
    assert specialist_client.post(reverse(PAGE), given).status_code == 422


@pytest.mark.parametrize("written", ["", "x", "2026-02-31"])
def test_ending_what_is_none_changes_nothing(els, specialist_client, written):
    address = reverse("absence-end")
    assert specialist_client.post(address, {"starts_on": written}).status_code == 302


def test_nobody_ends_the_absence_of_a_colleague(els, specialist):
    Absence.objects.create(user=specialist, starts_on=day(1), ends_on=day(2))
    logged_in(els).post(reverse("absence-end"), {"starts_on": str(day(1))})
    assert Absence.objects.exists()


def test_the_inbox_says_that_one_is_away_or_stands_in(els, specialist, specialist_client):
    Absence.objects.create(user=specialist, stand_in=els, starts_on=day(0), ends_on=day(2))
    inbox = reverse("question-inbox")
    assert specialist_client.get(inbox).context["away"].stand_in == els
    assert logged_in(els).get(inbox).context["desk"].stands_in_for == (specialist,)


def test_the_doors(citizen, stranger_client, administrator_client, specialist_client):
    for name in (PAGE, "absence-end"):
        assert citizen.post(reverse(name)).status_code == 302
        assert stranger_client.post(reverse(name)).status_code == 403
        assert administrator_client.post(reverse(name)).status_code == 403
    assert specialist_client.get(reverse("absence-end")).status_code == 405
    assert specialist_client.put(reverse(PAGE)).status_code == 405
