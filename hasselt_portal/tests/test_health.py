"""The two addresses that a load balancer asks."""

import pytest
from django.db import OperationalError, connection

from hasselt_portal import health


@pytest.fixture
def broken_database(monkeypatch):
    def refuse():
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)


@pytest.fixture
def broken_redis(monkeypatch):
    def refuse(key):
        raise ConnectionError("gone")

    monkeypatch.setattr(health.cache, "get", refuse)


def test_live_answers_without_touching_the_database(citizen):
    answer = citizen.get("/health/live")  # no `db` fixture: a query would fail the test
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_when_database_and_redis_answer(citizen):
    answer = citizen.get("/health/ready")
    assert (answer.status_code, answer.json()["failing"]) == (200, [])


def test_ready_names_the_database_that_does_not_answer(citizen, broken_database):
    answer = citizen.get("/health/ready")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["database"])


@pytest.mark.django_db
def test_ready_names_the_redis_that_does_not_answer(citizen, broken_redis):
    answer = citizen.get("/health/ready")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["redis"])


def test_health_tells_nothing_of_the_inside(citizen, broken_database):
    assert "gone" not in citizen.get("/health/ready").content.decode()
