"""Presences in the admin: the number of chats is set there, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chat.models import ChatRules, Presence
from chat.testing import world

pytestmark = pytest.mark.django_db
LIST = "/beheer/chat/presence/"


@pytest.fixture
def anke(open_now, agent):
    return Presence.objects.get(agent=agent)


def page_of(presence):
    return reverse("admin:chat_presence_change", args=[presence.pk])


def test_the_list_shows_who_is_there_and_finds_by_name(administrator_client, anke, second_agent):
    world.is_there(second_agent, timezone.now().replace(year=2020))
    page = administrator_client.get(LIST).content.decode()
    assert "Anke" in page
    assert "Bram" in page
    assert "niet aanwezig" in page
    found = administrator_client.get(LIST, {"q": "Ank"}).content.decode()
    assert "Anke" in found
    assert ">Bram" not in found


@pytest.mark.parametrize(("now", "shown"), [("available", "Anke"), ("offline", "Bram")])
def test_the_filter_knows_who_is_not_there(administrator_client, anke, second_agent, now, shown):
    world.is_there(second_agent, timezone.now().replace(year=2020))
    page = administrator_client.get(LIST, {"now": now}).content.decode()
    names = {name for name in ("Anke", "Bram") if f">{name}<" in page}
    assert names == {shown}


def test_the_cap_is_saved_and_the_state_is_not(administrator_client, anke, agent):
    world.is_there(agent, timezone.now(), Presence.State.BUSY)
    heard_at = Presence.objects.get(pk=anke.pk).heard_at
    answer = administrator_client.post(page_of(anke), {"cap": "4", "state": "away"})
    assert answer.status_code == 302
    row = Presence.objects.get(pk=anke.pk)
    assert (row.cap, row.state, row.heard_at) == (4, "busy", heard_at)
    administrator_client.post(page_of(anke), {"cap": ""})
    assert Presence.objects.get(pk=anke.pk).cap is None


@pytest.mark.parametrize("cap", ["0", "21", "-1", "veel"])
def test_a_cap_that_makes_no_sense_is_refused(administrator_client, anke, cap):
    assert administrator_client.post(page_of(anke), {"cap": cap}).status_code == 200
    assert Presence.objects.get(pk=anke.pk).cap is None


def test_a_higher_cap_brings_who_waits(
    administrator_client, anke, agent, django_capture_on_commit_callbacks
):
    world.rules(assigns_automatically=True, default_cap=1)
    chats = []
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            chats.append(world.a_chat(timezone.now()))
    assert [world.fresh(chat).agent for chat in chats] == [agent, None]
    with django_capture_on_commit_callbacks(execute=True):
        administrator_client.post(page_of(anke), {"cap": "2"})
    assert world.fresh(chats[1]).agent == agent


def test_nobody_is_added_or_removed_here(administrator_client, anke):
    assert administrator_client.get(f"{LIST}add/").status_code == 403
    assert administrator_client.post(f"{LIST}{anke.pk}/delete/", {"post": "yes"}).status_code == 403


def test_only_the_administrator_comes_in(anke, agent_client, stranger_client, citizen):
    for client in (agent_client, stranger_client, citizen):
        assert client.get(page_of(anke)).status_code in {302, 403}


def test_the_list_costs_the_same_with_more_agents(administrator_client, anke, make_user):
    counts = []
    for number in range(2):
        for more in range(5 * number):
            world.is_there(make_user(f"Agent{more}", "agent"), timezone.now())
        administrator_client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            administrator_client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_rules_have_a_place_of_their_own(administrator_client, anke):
    page = reverse("admin:chat_chatrules_change", args=[ChatRules.objects.get().pk])
    assert "Verdeling van de chats" in administrator_client.get(page).content.decode()
