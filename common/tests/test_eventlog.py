"""The event log: fact and event stand or fall together."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from common import eventlog
from common.models import Event


@pytest.mark.django_db
def test_an_event_says_what_when_to_what_and_by_whom():
    subject, now = uuid4(), timezone.now()
    eventlog.record("test.happened", subject=subject, at=now, actor=7, waited_s=12)
    event = Event.objects.get(kind="test.happened")
    assert (event.subject, event.at, event.actor) == (subject, now, 7)
    assert event.details == {"waited_s": 12}


@pytest.mark.django_db(transaction=True)
def test_an_event_of_work_that_was_undone_is_undone():
    @transaction.atomic
    def fail_after_recording():
        eventlog.record("test.happened", subject=uuid4(), at=timezone.now())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_recording()
    assert not Event.objects.exists()
