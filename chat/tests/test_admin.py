"""Conversations in Django admin: to look at, and to remove when they have ended."""

import pytest
from django.urls import reverse

from chat.actions import closing
from chat.models import Conversation
from chat.testing import world
from common.errors import RuleBroken
from common.models import Event

pytestmark = pytest.mark.django_db


def address(conversation, page):
    return reverse(f"admin:chat_conversation_{page}", args=[conversation.pk])


def test_an_ended_conversation_is_removed_and_the_log_says_by_whom(
    open_chat, administrator, administrator_client
):
    chat = world.a_chat()
    closing.end_by_citizen(conversation=chat, now=world.NOW)
    answer = administrator_client.post(address(chat, "delete"), {"post": "yes"})
    assert answer.status_code == 302
    assert not Conversation.objects.exists()
    event = Event.objects.get(kind="chat.removed")
    assert (event.subject, event.actor) == (chat.public_id, administrator.pk)


def test_an_open_conversation_stays(open_chat, administrator, administrator_client):
    chat = world.a_chat()
    answer = administrator_client.post(address(chat, "delete"), {"post": "yes"})
    assert answer.status_code == 403
    with pytest.raises(RuleBroken):
        closing.remove(conversation=chat, by=administrator, now=world.NOW)
    assert Conversation.objects.exists()


def test_nothing_is_changed_by_hand(open_chat, administrator_client):
    chat = world.a_chat()
    assert administrator_client.get(address(chat, "change")).status_code == 200
    changed = administrator_client.post(address(chat, "change"), {"state": "closed"})
    assert changed.status_code == 403


def test_others_do_not_come_in(open_chat, agent_client, stranger_client):
    for client in (agent_client, stranger_client):
        assert client.get(reverse("admin:chat_conversation_changelist")).status_code != 200
