"""What the wall board tells of questions passed on: messages that do not arrive, and too late."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chat import board
from chat.testing import world
from questions.models import Escalation, Step
from questions.testing.rows import make_department, routed

pytestmark = pytest.mark.django_db


@pytest.fixture
def stuck(specialist):
    """Three messages that do not arrive: two at one department, one at a citizen."""
    now = timezone.now()
    housing = make_department("wonen")
    for department in (make_department("mobiliteit", specialist), housing, housing):
        asked = routed(department, now=now)
    wanted = Step.Kind.TO_DEPARTMENT
    others = Step.objects.filter(kind=wanted).order_by("pk").values_list("pk", flat=True)[1:]
    Step.objects.filter(pk__in=list(others)).update(stuck_at=now, error="refused")
    Step.objects.filter(kind=Step.Kind.RECEIPT, escalation=asked).update(stuck_at=now)
    return asked


def notes(client) -> dict[str, str]:
    found = client.get(reverse("chat-board-figures")).json()["notes"]
    return {note["kind"]: note["text"] for note in found}


def test_it_names_the_departments_where_messages_do_not_arrive(stuck, supervisor_client):
    text = notes(supervisor_client)["stuck"]
    assert text.startswith("3 ")
    assert "Wonen" in text
    assert "Mobiliteit" not in text
    assert "fatima" not in text
    page = supervisor_client.get(reverse("chat-board")).content.decode()
    assert text in page
    assert "board-note-stuck" in page


@pytest.mark.parametrize("end", ["done_at", "dropped_at"])
def test_what_arrived_or_was_dealt_with_is_no_problem(stuck, end):
    Step.objects.update(**{end: timezone.now()})
    assert board.board(now=timezone.now()).stuck.count == 0


def test_all_is_well_says_nothing(supervisor_client, db):
    assert "stuck" not in notes(supervisor_client)


def test_it_counts_what_had_to_be_answered(stuck, supervisor_client):
    now = timezone.now()
    Escalation.objects.filter(pk=stuck.pk).update(due_at=now - timedelta(minutes=1))
    assert board.board(now=now).overdue == 1
    assert supervisor_client.get(reverse("chat-board-figures")).json()["overdue"] == 1


def test_many_questions_and_problems_cost_the_same_queries(
    stuck, supervisor, django_assert_num_queries
):
    with django_assert_num_queries(10):
        board.board(now=world.NOW)
    for number in range(20):
        routed(make_department(f"dienst-{number}"), now=timezone.now())
    Step.objects.update(stuck_at=timezone.now())
    with django_assert_num_queries(10):
        assert len(board.board(now=timezone.now()).stuck.departments) == 22
