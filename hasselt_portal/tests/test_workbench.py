"""The workbench home shows each member of staff the doors that open for them."""

import pytest
from django.test import Client

from accounts.workbench import PANELS, Panel

pytestmark = pytest.mark.django_db
ADDRESS = "/werkbank/"


@pytest.fixture
def panel(monkeypatch):
    monkeypatch.setattr(PANELS, "_items", {})
    return PANELS.register(
        "test",
        Panel(
            title="Proefdeur",
            description="Wat erachter zit",
            url_name="workbench",
            roles=("supervisor",),
            icon="home",
            count=lambda: 7,
        ),
    )


def test_panel_of_the_own_role_with_its_count(panel, supervisor_client):
    answer = supervisor_client.get(ADDRESS)
    assert [(p["title"], p["count"]) for p in answer.context["panels"]] == [("Proefdeur", 7)]
    assert "Proefdeur" in answer.content.decode()


def test_panel_of_another_role_is_not_shown(panel, agent_client):
    assert agent_client.get(ADDRESS).context["panels"] == []


def test_stranger_gets_403(panel, stranger_client):
    assert stranger_client.get(ADDRESS).status_code == 403


def test_nobody_is_sent_to_the_login(citizen):
    answer = citizen.get(ADDRESS)
    assert answer.status_code == 302
    assert answer["Location"] == "/aanmelden/?next=/werkbank/"


def test_page_is_never_cached(agent_client):
    assert "no-store" in agent_client.get(ADDRESS)["Cache-Control"]


def test_takes_no_post(agent_client):
    assert agent_client.post(ADDRESS).status_code == 405


def test_every_registered_panel_has_an_address_that_its_roles_may_open(make_user):
    from django.urls import reverse

    for number, panel in enumerate(PANELS):
        for role in panel.roles:
            client = Client()
            client.force_login(make_user(f"{role}{number}", role))
            assert client.get(reverse(panel.url_name)).status_code == 200, panel
