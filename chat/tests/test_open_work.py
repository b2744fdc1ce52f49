"""An agent in a chat is not switched off: somebody must finish it or give it back first."""

import pytest
from django.urls import reverse

from accounts.models import User
from chat.actions import closing
from chat.testing import world

pytestmark = pytest.mark.django_db


def switch_off(client, user):
    return client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "switch_off", "_selected_action": [user.pk]},
        follow=True,
    )


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def test_chats_under_way_are_named_with_what_to_do(open_chat, agent, administrator_client):
    world.a_chat_with(agent)
    world.a_chat_with(agent)
    answer = switch_off(administrator_client, agent)
    assert told(answer) == [
        "Anke heeft nog 2 chats open. Laat die eerst in de console afsluiten, of doorgeven aan "
        "collega's of de wachtrij."
    ]
    assert User.objects.get(pk=agent.pk).is_active


def test_when_they_have_ended_the_account_goes_off(open_chat, agent, administrator_client):
    chat = world.a_chat_with(agent)
    closing.end_by_citizen(conversation=chat, now=world.NOW)
    assert told(switch_off(administrator_client, agent)) == ["1 account is uitgeschakeld."]
    assert not User.objects.get(pk=agent.pk).is_active


def test_those_who_wait_are_nobodys_work(open_chat, agent, administrator_client):
    world.a_chat()
    switch_off(administrator_client, agent)
    assert not User.objects.get(pk=agent.pk).is_active
