"""Telling Celery that there is work: once per transaction, and never at the price of a request."""

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from common import background

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(
        "celery.current_app.send_task", lambda name, **options: names.append(name), raising=True
    )
    return names


def test_a_task_is_woken_once_after_the_commit(sent):
    with transaction.atomic():
        for _ in range(3):
            background.wake_after_commit("a.task")
        background.wake_after_commit("another.task")
        assert not sent
    assert sent == ["a.task", "another.task"]


def test_nothing_is_woken_for_what_was_rolled_back(sent):
    with transaction.atomic():
        background.wake_after_commit("a.task")
        transaction.set_rollback(True)
    assert not sent


def test_a_broker_that_is_away_is_said_in_the_log_and_harms_nobody(monkeypatch, caplog):
    def is_away(name, **options):
        raise OperationalError("refused")

    monkeypatch.setattr("celery.current_app.send_task", is_away)
    with transaction.atomic():
        background.wake_after_commit("a.task")
    assert "a.task begins by the clock" in caplog.text
    assert "Traceback" not in caplog.text
