"""The wall board's two doors: the page, and the figures as JSON."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from chat.models import PhoneFirst
from chat.testing import world

pytestmark = pytest.mark.django_db


def page(client):
    return client.get(reverse("chat-board")).content.decode()


def ask(client, etag=""):
    headers = {"If-None-Match": etag} if etag else {}
    return client.get(reverse("chat-board-figures"), headers=headers)


def test_the_page_has_the_figures_before_any_script_ran(open_now, supervisor_client):
    world.rules(default_cap=3)
    world.a_chat(timezone.now())
    html = page(supervisor_client)
    assert 'data-figure="waiting"' in html
    assert "Anke" in html
    assert "0 van 3" in html
    assert "Cijfers opnieuw laden" in html


def test_the_figures_say_what_the_page_says(open_now, supervisor_client):
    world.rules(default_cap=3)
    world.a_chat(timezone.now())
    found = ask(supervisor_client).json()
    assert found["waiting"] == 1
    assert found["agents"] == [
        {"name": "Anke", "state": "available", "state_name": "beschikbaar", "open": 0, "cap": 3}
    ]
    assert found["satisfaction_about"] == "nog geen beoordelingen"


def test_what_stands_still_is_not_sent_again(open_now, supervisor_client):
    world.a_chat(timezone.now())
    first = ask(supervisor_client)
    again = ask(supervisor_client, first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    world.a_chat(timezone.now())
    changed = ask(supervisor_client, first["ETag"])
    assert changed.status_code == 200
    assert changed.json()["waiting"] == 2


def test_telephone_first_is_told_with_its_end_and_by_whom(open_now, supervisor, supervisor_client):
    PhoneFirst.objects.create(
        source="supervisor",
        started_at=timezone.now(),
        started_by=supervisor,
        until=timezone.now() + timezone.timedelta(hours=1),
    )
    (note,) = ask(supervisor_client).json()["notes"]
    assert note["kind"] == "phone_first"
    assert "Carla" in note["text"]


def test_no_family_name_or_address_of_an_agent_hangs_on_the_wall(
    open_now, agent, supervisor_client
):
    agent.last_name = "Vandeputte"
    agent.save()
    assert "Vandeputte" not in page(supervisor_client)
    assert "@" not in json.dumps(ask(supervisor_client).json())


@pytest.mark.parametrize("name", ["chat-board", "chat-board-figures"])
def test_it_opens_to_supervisors_only(name, agent_client, stranger_client, citizen):
    for client in (agent_client, stranger_client):
        assert client.get(reverse(name)).status_code == 403
    assert citizen.get(reverse(name)).status_code == 302


def test_figures_are_only_read(supervisor_client):
    assert supervisor_client.post(reverse("chat-board-figures")).status_code == 405


def test_the_bar_shows_what_the_role_may_open(open_now, agent_client, supervisor_client):
    for_agent = agent_client.get(reverse("chat-console")).content.decode()
    assert reverse("question-answered") in for_agent
    assert reverse("chat-board") not in for_agent
    for_supervisor = supervisor_client.get(reverse("chat-console")).content.decode()
    assert reverse("chat-board") in for_supervisor


def test_the_bar_counts_who_waits(open_now, agent_client):
    world.a_chat(timezone.now())
    html = agent_client.get(reverse("question-answered")).content.decode()
    assert "1 wacht" in html
