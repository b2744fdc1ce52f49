"""Files in Django admin: named, not shown; and the city decides whether there are any."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.models import ChatRules
from chat.testing import world
from chat.testing.files import citizen_shares

pytestmark = pytest.mark.django_db


def page_of(conversation) -> str:
    return reverse("admin:chat_conversation_change", args=[conversation.pk])


def test_a_conversation_names_its_files(open_chat, disk, administrator_client):
    chat = world.a_chat()
    citizen_shares(chat, name="paspoort.jpg")
    page = administrator_client.get(page_of(chat)).content.decode()
    assert "paspoort.jpg (" in page
    assert "/bestanden/" not in page


def test_naming_them_costs_no_query_for_each(open_chat, disk, administrator_client):
    chats = [world.a_chat(), world.a_chat()]
    for n, chat in enumerate(chats):
        for _ in range(1 + 4 * n):
            citizen_shares(chat)
    administrator_client.get(page_of(chats[0]))
    counts = []
    for chat in chats:
        with CaptureQueriesContext(connection) as seen:
            administrator_client.get(page_of(chat))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_city_switches_files_off_and_on(open_chat, administrator_client):
    page = reverse("admin:chat_chatrules_change", args=[ChatRules.objects.get().pk])
    form = administrator_client.get(page).context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    assert sent["files_allowed"] is True
    del sent["files_allowed"]
    assert administrator_client.post(page, sent).status_code == 302
    assert not ChatRules.objects.get().files_allowed
