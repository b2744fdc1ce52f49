"""Most questions are closed: no list of open ones may read through all of them."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from questions.models import Escalation, Question
from questions.states import State
from questions.testing.rows import make_department

pytestmark = pytest.mark.django_db
CLOSED, OPEN = 10_000, 300
READS_ALL = ("SCAN questions_escalation", "Seq Scan on questions_escalation")
OPEN_STATES = (State.ROUTED, State.IN_PROGRESS, State.REOPENED)


@pytest.fixture
def departments(specialist):
    own = make_department("mobiliteit", specialist)
    return [own, *(make_department(slug) for slug in ("wonen", "groen", "cultuur", "sport"))]


@pytest.fixture
def full(departments, specialist):
    """Ten thousand that are closed and three hundred that are open, in five departments."""
    now = timezone.now()
    count = CLOSED + OPEN
    questions = Question.objects.bulk_create(
        Question(client_ref=uuid.uuid4(), channel="phone", registered_at=now) for _ in range(count)
    )
    Escalation.objects.bulk_create(
        _escalation(number, question, departments[number % 5], specialist, now)
        for number, question in enumerate(questions)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does; nobody does on SQLite


def _escalation(number, question, department, specialist, now):
    is_open = number % (CLOSED // OPEN + 1) == 0
    state = OPEN_STATES[number % 3] if is_open else State.CLOSED
    asked_at = now - timedelta(hours=number % 8_000)
    return Escalation(
        question=question,
        reference=f"T-{number}",
        state=state,
        assignee=None if state == State.ROUTED else specialist,
        text="Mag dit? " * 20,
        way="mail",
        mail="a@b.example",
        department=department,
        passed_on_at=asked_at,
        due_at=now + timedelta(hours=number % 90 - 20) if is_open else None,
        answered_at=None if is_open else asked_at,
        closed_at=None if is_open else asked_at,
    )


def read_through(client, key):
    """The queries of the page that read all questions, with their plans."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("question-inbox"), {"lijst": key}).status_code == 200
    asked = [query["sql"] for query in queries if 'FROM "questions_escalation"' in query["sql"]]
    assert len(asked) >= 3  # the lines, how many there are, and the counts of all lists
    return [
        (sql, plan) for sql in asked if any(word in (plan := plan_of(sql)) for word in READS_ALL)
    ]


def plan_of(sql):
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_no_list_reads_the_closed_questions(full, specialist_client, agent_client):
    for client in (specialist_client, agent_client):
        for key in ("mine", "unassigned", "overdue", "waiting", "to-route", "open"):
            assert not read_through(client, key), key
