"""Which sites may carry the chat: at the handshake, at the doors of a conversation, by CORS."""

import time
import uuid

import pytest
from channels.db import database_sync_to_async as in_db
from django.core.exceptions import ValidationError
from django.test import AsyncClient
from django.urls import reverse

from chat import origins
from chat.models import AllowedSite
from chat.testing import world
from chat.testing.sockets import AgentWire, CitizenWire
from city import remembered

SITE = "https://www.hasselt.example"
SCRIPT_DOORS = ["/widget.js", "/chat/status.json?lang=nl", "/chat/panel.json?lang=en"]
FILE = f"/chat/files/{uuid.UUID(int=0)}"
CONVERSATION_DOORS = [("post", "/chat/files.json"), ("get", FILE)]
ALLOW = "Access-Control-Allow-Origin"


@pytest.fixture
def site(db):
    return AllowedSite.objects.create(origin=SITE, name="Website van de stad")


def preflight(client, address, origin, method="POST", headers="authorization,content-type"):
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return client.options(address, headers={"Origin": origin, **asked})


# --- own pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("https://portal.example", "portal.example", True),
        ("https://portal.example", "portal.example:443", True),
        ("http://portal.example:8000", "portal.example:8000", True),
        ("https://PORTAL.example", "portal.EXAMPLE", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("https://portal.example:8000", "portal.example", False),  # another port, another site
        ("http://portal.example", "portal.example:443", False),
        ("https://www.portal.example", "portal.example", False),
        ("https://evil.example", "evil.example", False),  # a name of theirs that points here
        ("null", "portal.example", False),
        ("", "portal.example", False),
        ("portal.example", "portal.example", False),
        ("file://", "", False),
        ("https://portal.example/x", "portal.example", False),
        ("https://portal.example@evil.example", "portal.example", False),
        ("chrome-extension://portal.example", "portal.example", False),
        ("https://[", "portal.example", False),
        ("https://portal.example:99999999", "portal.example", False),
    ],
)
def test_the_portal_knows_its_own_pages(settings, origin, host, own):
    settings.ALLOWED_HOSTS = ["portal.example", "[::1]"]
    assert origins.is_own(origin, host) is own


def test_an_origin_whose_forms_are_trusted_is_own(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://portal.example"]
    assert origins.is_own("https://portal.example", "inner:8000")
    assert not origins.is_own("https://portal.example:444", "inner:8000")


# --- sockets -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
async def test_an_allowed_site_chats_by_socket(open_now, wires, site):
    wire = await wires.citizen(origin=SITE)
    assert (await wire.start(world.new_token(), "Dag!"))["type"] == "welcome"
    assert (await wire.send("En zondag?"))["seq"] == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("origin", [SITE, f"{SITE}:8443", "http://www.hasselt.example", "null"])
async def test_a_site_that_is_not_allowed_is_refused_at_the_handshake(origin):
    await in_db(AllowedSite.objects.create)(origin=SITE, is_active=False)
    wire = CitizenWire(origin=origin)
    assert not await wire.open()
    await wire.close()


@pytest.mark.django_db(transaction=True)
async def test_the_console_is_for_own_pages_only(site, agent_client):
    wire = AgentWire(agent_client, origin=SITE)
    assert not await wire.open()
    await wire.close()


# --- the doors of a conversation -----------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "address"), CONVERSATION_DOORS)
@pytest.mark.parametrize("origin", ["https://elders.example", "null", "http://testserver:81"])
def test_a_page_elsewhere_gets_403_at_the_doors_of_a_conversation(
    citizen, site, method, address, origin
):
    answer = getattr(citizen, method)(address, headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")
    assert ALLOW not in answer
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "address"), CONVERSATION_DOORS)
@pytest.mark.parametrize("origin", [SITE, "http://testserver", None])
def test_other_pages_come_as_far_as_the_question_for_the_secret(
    citizen, site, method, address, origin
):
    headers = {"Origin": origin} if origin else {}
    answer = getattr(citizen, method)(address, headers=headers)
    assert answer.json()["code"] == "wrong_token"
    assert answer.get(ALLOW) == origin


# --- CORS ----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", SCRIPT_DOORS)
def test_an_allowed_site_may_read_what_is_public_and_caches_keep_it_apart(citizen, site, address):
    for origin, allowed in ((SITE, SITE), ("https://elders.example", None), (None, None)):
        headers = {"Origin": origin} if origin else {}
        answer = citizen.get(address, headers=headers)
        assert answer.status_code == 200
        assert answer.get(ALLOW) == allowed
        assert "origin" in answer["Vary"].lower()
        assert "public" in answer["Cache-Control"]
        assert "Access-Control-Allow-Credentials" not in answer
        again = citizen.get(address, headers={**headers, "If-None-Match": answer["ETag"]})
        assert (again.status_code, again.get(ALLOW)) == (304, allowed)


@pytest.mark.django_db
def test_an_allowed_site_may_send_the_secret_and_read_when_to_come_back(citizen, site):
    answer = preflight(citizen, "/chat/files.json", SITE)
    assert (answer.status_code, answer[ALLOW]) == (200, SITE)
    assert set(answer["Access-Control-Allow-Headers"].split(", ")) == {
        "authorization",
        "content-type",
    }
    assert "POST" in answer["Access-Control-Allow-Methods"]
    assert int(answer["Access-Control-Max-Age"]) >= 7_200
    assert (
        "retry-after"
        in citizen.get(FILE, headers={"Origin": SITE})["Access-Control-Expose-Headers"]
    )


@pytest.mark.django_db
def test_a_site_that_is_not_allowed_gets_no_yes_to_its_preflight(citizen, site):
    assert ALLOW not in preflight(citizen, "/chat/files.json", "https://elders.example")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/chat/", "/werkbank/chat/", "/beheer/", "/health/live"])
def test_nothing_but_the_chat_is_opened_to_an_allowed_site(agent_client, site, address):
    assert ALLOW not in agent_client.get(address, headers={"Origin": SITE})
    assert ALLOW not in preflight(agent_client, address, SITE, method="GET")


@pytest.mark.django_db(transaction=True)
async def test_the_site_is_asked_of_the_database_also_on_the_event_loop(site):
    answer = await AsyncClient().get("/chat/status.json", headers={"Origin": SITE})
    assert answer[ALLOW] == SITE


# --- the list ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_change_in_the_admin_holds_at_once_here_and_soon_elsewhere(
    citizen, administrator_client, monkeypatch
):
    def reads() -> bool:
        return ALLOW in citizen.get("/widget.js", headers={"Origin": SITE})

    assert not reads()
    address = reverse("admin:chat_allowedsite_add")
    fields = {"origin": SITE, "name": "Stad", "is_active": "on"}
    assert administrator_client.post(address, fields).status_code == 302
    assert reads()
    AllowedSite.objects.update(is_active=False)  # as another process would: no signal here
    assert reads()
    later = time.monotonic() + remembered.KEEP_S
    monkeypatch.setattr(remembered.time, "monotonic", lambda: later)
    assert not reads()


@pytest.mark.django_db
def test_the_list_is_searched_and_says_what_is_wrong(administrator_client, site):
    listed = reverse("admin:chat_allowedsite_changelist")
    assert SITE in administrator_client.get(listed, {"q": "hasselt"}).content.decode()
    assert SITE not in administrator_client.get(listed, {"q": "genk"}).content.decode()
    add = reverse("admin:chat_allowedsite_add")
    wrong = administrator_client.post(add, {"origin": f"{SITE}/chat/", "is_active": "on"})
    assert wrong.status_code == 200
    assert wrong.context["adminform"].form.errors["origin"]
    twice = administrator_client.post(add, {"origin": SITE, "is_active": "on"})
    assert twice.context["adminform"].form.errors["origin"]
    assert AllowedSite.objects.count() == 1


@pytest.mark.django_db
def test_others_do_not_see_the_list(agent_client, supervisor_client, stranger_client, citizen):
    for client in (agent_client, supervisor_client, stranger_client, citizen):
        assert client.get(reverse("admin:chat_allowedsite_changelist")).status_code != 200


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "hasselt",
        "www.hasselt.be",
        "http://www.hasselt.be",
        "https://www.hasselt.be/",
        "https://www.hasselt.be/pad",
        "https://WWW.hasselt.be",
        "https://jan@www.hasselt.be",
        "https://www.hasselt.be:99999",
        "https://www.hasselt.be:443",
        "https://*.hasselt.be",
        "https://www.hasselt.be https://elders.example",
        "https://www.hassélt.be",
        "ftp://www.hasselt.be",
        "null",
    ],
)
def test_an_address_that_no_browser_sends_is_refused(origin):
    with pytest.raises(ValidationError):
        AllowedSite(origin=origin).clean_fields()


@pytest.mark.parametrize(
    "origin", ["https://www.hasselt.be", "https://x.be:8443", "http://localhost:8001"]
)
def test_an_address_as_a_browser_sends_it_is_taken(origin):
    AllowedSite(origin=origin).clean_fields()
