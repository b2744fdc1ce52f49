"""The doors to a copy: by token for the widget, by cookie for the page without JavaScript."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chat import transcript_views
from chat.actions import closing
from chat.models import AllowedSite, Conversation
from chat.testing import world
from chat.testing.world import agent_says, fresh
from chat.transcript import as_text, file_name
from common.testing.cast import logged_in
from common.testing.pdf import faults_of, text_in

pytestmark = pytest.mark.django_db
DOORS = ("/chat/transcript.txt", "/chat/transcript.pdf")
PAGES = ("/chat/gesprek.txt", "/chat/gesprek.pdf")


@pytest.fixture
def token():
    return world.new_token()


@pytest.fixture
def chat(open_now, agent, token):
    conversation = world.a_chat_with(agent, timezone.now(), token=token)
    agent_says(conversation, agent, "Dat kan.", timezone.now())
    return fresh(conversation)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def with_cookie(token: str) -> Client:
    client = Client()
    client.cookies["chat_token_nl"] = token
    return client


def code(answer, status):
    assert answer.status_code == status
    assert "no-store" in answer["Cache-Control"]
    frame = answer.json()
    assert frame["type"] == "error"
    assert frame["text"]
    return frame["code"]


def assert_is_a_download(answer, name):
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_the_citizen_takes_the_text_home(citizen, chat, token):
    answer = citizen.get(DOORS[0], headers=bearer(token))
    assert_is_a_download(answer, f"{file_name()}.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == as_text(chat)


def test_the_citizen_takes_the_pdf_home(citizen, chat, token):
    answer = citizen.get(DOORS[1], headers=bearer(token))
    assert_is_a_download(answer, f"{file_name()}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert faults_of(answer.content) == []
    assert "Dat kan." in text_in(answer.content)


@pytest.mark.parametrize("page", PAGES)
def test_the_page_without_javascript_does_the_same_by_its_cookie(chat, token, page):
    answer = with_cookie(token).get(page)
    assert_is_a_download(answer, f"{file_name()}.{page[-3:]}")


def test_the_english_page_has_its_own_cookie(open_now, agent, token):
    world.a_chat_with(agent, timezone.now(), token=token, language="en")
    client = Client()
    client.cookies["chat_token_en"] = token
    answer = client.get("/en/chat/gesprek.txt")
    assert answer.status_code == 200
    assert "This is a copy of your chat" in answer.content.decode()
    assert client.get(PAGES[0]).status_code == 404


@pytest.mark.parametrize("door", DOORS)
def test_twice_is_the_same_twice(citizen, chat, token, door):
    first, second = (citizen.get(door, headers=bearer(token)) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert abs(len(first.content) - len(second.content)) < 64


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + "x" * 42},
        {"Authorization": "Basic " + "x" * 43},
        {"Authorization": "Bearer " + "é" * 43},
        {"Authorization": "Bearer " + "x" * 5_000},
    ],
)
def test_without_a_right_token_there_is_nothing(citizen, chat, door, headers):
    assert code(citizen.get(door, headers=headers), 404) == "wrong_token"


@pytest.mark.parametrize("door", DOORS)
def test_a_stranger_gets_nothing_with_another_token_or_a_login(chat, stranger, door):
    for client in (Client(), logged_in(stranger)):
        assert code(client.get(door, headers=bearer(world.new_token())), 404) == "wrong_token"
        assert code(client.get(door), 404) == "wrong_token"


@pytest.mark.parametrize("door", DOORS)
def test_the_secret_opens_nothing_from_an_address_or_a_cookie(chat, token, door):
    assert code(with_cookie(token).get(f"{door}?token={token}"), 404) == "wrong_token"


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_a_stranger_no_more_than_what_is_not_there(citizen, chat, page):
    for client in (citizen, with_cookie("kort"), with_cookie(world.new_token())):
        assert client.get(page).status_code == 404


@pytest.mark.parametrize("door", [*DOORS, *PAGES])
def test_nothing_is_posted_there(citizen, chat, token, door):
    assert citizen.post(door, headers=bearer(token)).status_code == 405


@pytest.mark.parametrize("door", [*DOORS, *PAGES])
def test_a_conversation_of_the_past_opens_no_more(chat, token, door):
    closing.end_by_citizen(conversation=chat, now=timezone.now())
    hours = world.rules(readable_hours=3).readable_hours
    moved = {"closed_at": timezone.now() - timedelta(hours=hours, minutes=-1)}
    Conversation.objects.filter(pk=chat.pk).update(**moved)
    assert with_cookie(token).get(door, headers=bearer(token)).status_code == 200
    moved = {"closed_at": timezone.now() - timedelta(hours=hours)}
    Conversation.objects.filter(pk=chat.pk).update(**moved)
    assert with_cookie(token).get(door, headers=bearer(token)).status_code == 404


@pytest.mark.parametrize("door", DOORS)
def test_another_site_is_refused_and_an_allowed_one_may_read_the_answer(chat, token, door):
    AllowedSite.objects.create(origin="https://bib.example")
    foreign = {**bearer(token), "Origin": "https://elders.example"}
    assert code(Client().get(door, headers=foreign), 403) == "wrong_origin"
    allowed = Client().get(door, headers={**bearer(token), "Origin": "https://bib.example"})
    assert allowed.status_code == 200
    assert allowed["Access-Control-Allow-Origin"] == "https://bib.example"
    assert "Content-Disposition" in allowed["Access-Control-Expose-Headers"].title()


def test_who_asks_too_often_is_told_to_wait(citizen, chat, token):
    for _ in range(transcript_views.COPIES_PER_MINUTE):
        assert citizen.get(DOORS[0], headers=bearer(token)).status_code == 200
    answer = citizen.get(DOORS[0], headers=bearer(token))
    assert code(answer, 429) == "too_fast"
    assert int(answer["Retry-After"]) > 0
    assert with_cookie(token).get(PAGES[0]).status_code == 429


def test_forty_people_of_one_library_do_not_stop_each_other(citizen, chat, token):
    for _ in range(40):
        other = world.new_token()
        for _ in range(transcript_views.COPIES_PER_MINUTE - 1):
            citizen.get(DOORS[0], headers=bearer(other))
    assert citizen.get(DOORS[0], headers=bearer(token)).status_code == 200


@pytest.mark.parametrize("door", [DOORS[1], PAGES[1]])
def test_a_pdf_that_cannot_be_made_now_says_so(chat, token, door, monkeypatch):
    monkeypatch.setattr("common.typesetting.WITHIN_S", 0.001)
    answer = with_cookie(token).get(door, headers=bearer(token))
    assert answer.status_code == 503
    assert "no-store" in answer["Cache-Control"]
    assert "Content-Disposition" not in answer
    # Nobody but the citizen tries again here.
    said = answer.json()["text"] if door in DOORS else answer.content.decode()
    assert said == "Er liep iets mis bij ons. Probeer het over een ogenblik opnieuw."
