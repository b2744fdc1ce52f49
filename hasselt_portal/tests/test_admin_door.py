"""Django admin is entered by the portal's own login, so that the second factor counts there too."""

import pytest

pytestmark = pytest.mark.django_db


def test_nobody_is_sent_to_the_login_of_the_portal(citizen):
    answer = citizen.get("/beheer/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/aanmelden/?next=")


def test_a_password_alone_does_not_open_the_admin(citizen):
    answer = citizen.post("/beheer/login/", {"username": "a@hasselt.example", "password": "x"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/aanmelden/?next=")


def test_an_agent_is_refused(agent_client):
    assert agent_client.get("/beheer/", follow=True).status_code == 403
