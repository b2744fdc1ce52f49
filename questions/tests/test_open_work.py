"""Who leaves with questions in hand leaves none without an owner."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.open_work import left_behind, require_nothing_left_behind
from common.errors import RuleBroken
from common.testing.cast import logged_in
from questions.actions import handling
from questions.models import Escalation
from questions.states import OWED_STATES, State
from questions.testing.rows import make_department, routed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dutch():
    translation.activate("nl")


@pytest.fixture
def head(make_user):
    return make_user("Hilde", "specialist")


@pytest.fixture
def mobility(specialist, head):
    department = make_department("mobiliteit", specialist)
    department.memberships.create(user=head, is_head=True)
    return department


@pytest.fixture
def thirty(mobility, specialist):
    for _ in range(30):
        handling.take(escalation=routed(mobility), by=specialist, now=timezone.now())


def address(person):
    return reverse("question-give-all-back", args=[person.public_id])


def test_somebody_with_questions_cannot_be_switched_off(thirty, specialist):
    (sentence,) = left_behind(specialist, keeps=())
    assert "30" in sentence
    assert "Dirk" in sentence
    with pytest.raises(RuleBroken):
        require_nothing_left_behind(specialist)
    assert left_behind(specialist, keeps=["specialist"]) == []


def test_the_head_gives_thirty_questions_back_and_each_has_an_owner(thirty, specialist, head):
    client = logged_in(head)
    assert address(specialist) in client.get(reverse("question-inbox")).content.decode()
    assert client.get(address(specialist)).context["count"] == 30
    for _ in range(2):
        assert client.post(address(specialist), follow=True).status_code == 200
    rows = Escalation.objects.filter(state__in=OWED_STATES)
    assert rows.filter(state=State.ROUTED, assignee=None, department__isnull=False).count() == 30
    assert left_behind(specialist, keeps=()) == []


def test_a_supervisor_may_too_and_a_colleague_not(
    thirty, specialist, supervisor_client, make_user, mobility
):
    colleague = make_user("Els", "specialist")
    mobility.memberships.create(user=colleague)
    client = logged_in(colleague)
    assert client.get(reverse("question-inbox")).context["holders"] == []
    for method in (client.get, client.post):
        assert method(address(specialist)).status_code == 404
    assert supervisor_client.get(address(specialist)).context["count"] == 30
    supervisor_client.post(address(specialist))
    assert not Escalation.objects.filter(assignee=specialist).exists()


def test_the_head_of_another_department_may_not(thirty, specialist, make_user):
    other = make_user("Wout", "specialist")
    make_department("wonen").memberships.create(user=other, is_head=True)
    assert logged_in(other).post(address(specialist)).status_code == 404
    assert Escalation.objects.filter(assignee=specialist).count() == 30


def test_the_doors(specialist, citizen, stranger_client, agent_client, supervisor_client):
    assert citizen.post(address(specialist)).status_code == 302
    for client in (stranger_client, agent_client):
        assert client.post(address(specialist)).status_code == 403
    assert supervisor_client.put(address(specialist)).status_code == 405


def test_a_head_gives_back_nothing_of_another_department(thirty, specialist, head):
    elsewhere = routed(make_department("wonen", specialist))
    handling.take(escalation=elsewhere, by=specialist, now=timezone.now())
    client = logged_in(head)
    assert client.get(address(specialist)).context["count"] == 30
    client.post(address(specialist))
    assert list(Escalation.objects.filter(assignee=specialist)) == [elsewhere]
