"""The doors for scripts, and the console's page."""

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from chat.models import Presence
from chat.testing import world
from city.models import Announcement, CityContact

pytestmark = pytest.mark.django_db
SCRIPT_DOORS = ["/widget.js", "/chat/status.json", "/chat/panel.json"]


def status(client, language="nl"):
    return client.get(f"/chat/status.json?lang={language}").json()


@pytest.mark.parametrize("address", SCRIPT_DOORS)
def test_script_doors_set_no_cookie_and_may_be_cached(citizen, address):
    answer = citizen.get(address)
    assert answer.status_code == 200
    assert not answer.cookies
    assert re.search(r"public", answer["Cache-Control"])
    assert re.search(r"max-age=[1-9]", answer["Cache-Control"])
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("address", SCRIPT_DOORS)
def test_who_has_the_answer_already_gets_304(citizen, address):
    etag = citizen.get(address)["ETag"]
    for known in (etag, f"W/{etag}", f'"oud", {etag}', "*"):
        answer = citizen.get(address, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == etag
        assert "max-age" in answer["Cache-Control"]
    assert citizen.get(address, headers={"If-None-Match": '"anders"'}).status_code == 200


@pytest.mark.parametrize("address", [*SCRIPT_DOORS, "/werkbank/chat/"])
def test_these_doors_are_read_only(agent_client, address):
    assert agent_client.post(address).status_code == 405
    assert agent_client.head(address).status_code == 200


def test_the_loader_names_its_panel(citizen):
    script = citizen.get("/widget.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert b"__PANEL_URL__" not in script.content
    assert b"chat/widget/panel" in script.content


def test_status_says_open_busy_and_closed(citizen, open_now, agent):
    assert status(citizen)["state"] == "open"
    for _ in range(2):
        world.a_chat(timezone.now())
    assert status(citizen)["state"] == "busy"
    world.is_there(agent, timezone.now(), Presence.State.AWAY)
    assert status(citizen)["state"] == "closed"


def test_each_state_has_a_sentence_in_each_language(citizen, open_now, agent):
    found = {}
    for language in ("nl", "en"):
        sentences = [status(citizen, language)["sentence"]]
        chats = [world.a_chat(timezone.now()) for _ in range(2)]
        sentences.append(status(citizen, language)["sentence"])
        world.is_there(agent, timezone.now(), Presence.State.AWAY)
        sentences.append(status(citizen, language)["sentence"])
        world.is_there(agent, timezone.now())
        for chat in chats:
            chat.messages.all().delete()
            chat.delete()
        found[language] = sentences
    assert found["en"][0] == "Open now"
    assert len({*found["nl"], *found["en"]}) == 6


def test_outside_hours_the_sentence_says_when_again(citizen, agent):
    world.rules(schedule=world.schedule_with(()))
    assert status(citizen, "en")["sentence"] == "Closed until further notice"


def test_an_unknown_language_gets_dutch(citizen, open_now):
    assert status(citizen, "xx") == status(citizen, "nl")
    assert citizen.get("/chat/status.json", headers={"Accept-Language": "en"}).json() == status(
        citizen
    )


def test_status_has_the_fields_of_the_protocol(citizen, open_now):
    CityContact.objects.update_or_create(
        pk=1, defaults={"phone": "011 23 90 00", "email": "info@hasselt.example"}
    )
    Announcement.objects.create(text="Bel eerst.", text_en="Call first.")
    answer = status(citizen, "en")
    assert answer["v"] == 1
    assert answer["phone"] == {"label": "011 23 90 00", "href": "tel:+3211239000"}
    assert (answer["mail"], answer["announcement"]) == ("info@hasselt.example", "Call first.")
    assert 30 <= answer["check_again_s"] <= 60


def test_the_panel_has_texts_limits_and_addresses(citizen, open_now):
    panels = {
        language: citizen.get(f"/chat/panel.json?lang={language}").json()
        for language in ("nl", "en")
    }
    assert panels["nl"]["limits"] == {"text": 2_000, "warn_from": 1_800}
    assert (panels["nl"]["plain_url"], panels["en"]["plain_url"]) == ("/chat/", "/en/chat/")
    assert panels["nl"]["texts"].keys() == panels["en"]["texts"].keys()
    assert all(panels["nl"]["texts"].values())


def test_status_costs_few_queries(citizen, open_now, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        status(citizen)


def test_the_console_opens_to_agents_and_supervisors(agent_client, supervisor_client):
    for client in (agent_client, supervisor_client):
        page = client.get("/werkbank/chat/")
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]


def test_the_console_sends_the_anonymous_to_the_login(citizen):
    answer = citizen.get("/werkbank/chat/")
    assert answer.status_code == 302
    assert "next=/werkbank/chat/" in answer["Location"]


def test_the_console_stays_closed_to_other_roles(
    stranger_client, specialist_client, desk_clerk_client, administrator_client
):
    for client in (stranger_client, specialist_client, desk_clerk_client, administrator_client):
        assert client.get("/werkbank/chat/").status_code == 403


def test_the_console_page_says_who_and_which_topics(agent, agent_client):
    world.a_topic("reispas", name_en="Passport")
    world.a_topic("oud", is_active=False)
    page = agent_client.get("/en/werkbank/chat/").content.decode()
    found = re.search(r'id="console-bootstrap"[^>]*>(.*?)</script>', page, re.S)
    bootstrap = json.loads(found[1])
    assert (bootstrap["me"]["id"], bootstrap["me"]["name"]) == (str(agent.public_id), "Anke")
    assert bootstrap["topics"] == [{"slug": "reispas", "name": "Passport"}]
    assert bootstrap["lang"] == "en"


def test_the_console_page_costs_few_queries(agent_client, django_assert_max_num_queries):
    for n in range(5):
        world.a_topic(f"t{n}")
    with django_assert_max_num_queries(8):  # two of them for the counts in the bar
        agent_client.get("/werkbank/chat/")


def test_a_browser_without_javascript_is_told_in_the_console(agent_client):
    assert b"<noscript>" in agent_client.get("/werkbank/chat/").content
    assert Client().get("/werkbank/chat/").status_code == 302


@pytest.mark.parametrize("language", ["nl", "en"])
def test_status_says_in_which_language_it_speaks(citizen, open_now, language):
    answer = citizen.get("/chat/status.json", {"lang": language})
    assert answer["Content-Language"] == language


def test_the_panel_knows_which_files_are_taken(citizen, open_now):
    files = citizen.get("/chat/panel.json").json()["files"]
    assert files["max_bytes"] == 10 * 1024 * 1024
    assert set(files["types"]) == {"image/jpeg", "image/png", "image/webp", "application/pdf"}


def test_where_no_files_are_taken_the_panel_offers_none(citizen, open_now):
    world.rules(files_allowed=False)
    assert citizen.get("/chat/panel.json").json()["files"] is None
