"""Walks every address of the portal as every role, as a stranger and without login."""

import re
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from common.testing.cast import logged_in
from hasselt_portal.addresses import ADMIN, LOGIN, Address, all_addresses, staff_table

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parent.parent / "docs"
LOGIN_PAGE = "/aanmelden/"

# Who adds an address adds a staff door to its view, or a line here.
PUBLIC = {
    "",
    "api/telefooncentrale/",  # a machine with a token of its own
    "chat/",
    "chat/bestand/<uuid:file>/",
    "chat/files.json",
    "chat/files/<uuid:file>",
    "chat/gesprek.pdf",
    "chat/gesprek.txt",
    "chat/frames.json",
    "chat/panel.json",
    "chat/status.json",
    "chat/transcript.pdf",
    "chat/transcript.txt",
    "contact/",
    "contact/vraag/",
    "demo/postvak/",
    "health/live",
    "health/ready",
    "openingsuren/",
    "privacy/",
    "producten/",
    "producten/<slug:slug>/",
    "toegankelijkheid/",
    "vraag/<str:reference>/<str:secret>/",
    "vraag/<str:reference>/<str:secret>/ontvangen/",
    "widget.js",
    "zoeken/",
    "zoeken/suggesties.json",
}
EXAMPLES = {"slug": "bestaat-niet", "uuid": str(UUID(int=0)), "int": "0", "str": "x", "path": "x"}
STAFF = [address for address in all_addresses() if address.roles is not None]
OPEN = [address for address in all_addresses() if address.route in PUBLIC]


def example(address: Address) -> str:
    """The route with something in each place, so that it can be asked for."""
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda hit: EXAMPLES[hit[1] or "str"], address.route)


def names(addresses: list[Address]) -> list[str]:
    return [address.route for address in addresses]


def leads_to_login(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(LOGIN_PAGE)


def test_every_address_is_public_or_has_a_door():
    unguarded = {
        address.route
        for address in all_addresses()
        if address.roles is None and not address.route.startswith((ADMIN, LOGIN))
    }
    assert unguarded == PUBLIC


@pytest.mark.parametrize("address", STAFF, ids=names(STAFF))
def test_without_login_a_staff_page_leads_to_the_login(address, citizen):
    assert leads_to_login(citizen.get(example(address)))


@pytest.mark.parametrize("address", STAFF, ids=names(STAFF))
def test_a_stranger_gets_403_on_a_staff_page(address, stranger_client):
    assert stranger_client.get(example(address)).status_code == 403


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("address", STAFF, ids=names(STAFF))
def test_a_staff_page_opens_to_its_roles_only(address, role, make_user):
    answer = logged_in(make_user("Els", role)).get(example(address))
    assert not leads_to_login(answer)
    assert (answer.status_code != 403) == (role in address.roles)
    assert answer.status_code < 500


@pytest.mark.parametrize("address", STAFF, ids=names(STAFF))
def test_a_person_who_was_switched_off_is_out_at_once(address, make_user):
    user = make_user("Els", *Role.values)
    client = logged_in(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert leads_to_login(client.get(example(address)))


@pytest.mark.parametrize("address", OPEN, ids=names(OPEN))
def test_a_public_page_asks_nobody_to_log_in(address, citizen):
    answer = citizen.get(example(address))
    assert answer.status_code < 500
    assert answer.status_code != 403
    assert not leads_to_login(answer)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_the_admin_is_closed_to_other_roles(role, make_user):
    client = logged_in(make_user("Els", role))
    for page in admin_pages():
        assert client.get(page, follow=True).status_code == 403


def test_the_admin_is_closed_to_a_stranger_and_without_login(stranger_client, citizen):
    for page in admin_pages():
        assert stranger_client.get(page, follow=True).status_code == 403
        answer = citizen.get(page, follow=True)
        assert answer.redirect_chain[-1][0].startswith(LOGIN_PAGE)


def test_the_admin_opens_to_an_administrator(administrator_client):
    for page in admin_pages():
        assert administrator_client.get(page).status_code == 200, page


def admin_pages() -> list[str]:
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    return [reverse("admin:index"), *lists]


def test_the_admins_own_login_form_is_never_shown(citizen):
    answer = citizen.get("/beheer/login/")
    assert leads_to_login(answer)
    posted = Client().post("/beheer/login/", {"username": "x", "password": "y"})
    assert leads_to_login(posted)


def test_the_table_of_roles_is_the_truth():
    page = (DOCS / "roles.md").read_text()
    assert staff_table() in page, "run `manage.py roles` and put its table in docs/roles.md"
