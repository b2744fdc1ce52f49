"""Registered questions in Django admin: to look at, never to change."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from city.models import Topic
from questions.models import Question

pytestmark = pytest.mark.django_db
LIST = reverse("admin:questions_question_changelist")


@pytest.fixture
def question(agent):
    return Question.objects.create(
        client_ref=uuid.uuid4(),
        channel="phone",
        outcome="answered_at_once",
        topic=Topic.objects.create(slug="afval", name="Afval"),
        registered_by=agent,
        registered_at=timezone.now(),
    )


def test_the_list_is_searched_and_filtered(question, administrator_client):
    for query, hits in (("q=afval", 1), ("q=anke", 1), ("q=xyz", 0), ("taken_back=yes", 0)):
        found = administrator_client.get(f"{LIST}?{query}").context["cl"].result_count
        assert found == hits, query


def test_nothing_is_changed_by_hand(question, administrator_client):
    change = reverse("admin:questions_question_change", args=[question.pk])
    assert administrator_client.get(change).status_code == 200
    assert administrator_client.post(change, {"channel": "mail"}).status_code == 403
    delete = reverse("admin:questions_question_delete", args=[question.pk])
    assert administrator_client.post(delete, {"post": "yes"}).status_code == 403
    assert Question.objects.get().channel == "phone"


def test_others_do_not_come_in(question, agent_client, stranger_client):
    for client in (agent_client, stranger_client):
        assert client.get(LIST).status_code != 200
