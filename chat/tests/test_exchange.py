"""The door of the telephone exchange: the right token and a number, or a clear refusal."""

import json

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from chat import exchange, rush
from chat.models import ExchangeReport, PhoneFirst
from chat.testing import world

pytestmark = pytest.mark.django_db
ADDRESS = "/api/telefooncentrale/"
TOKEN = "t" * 40


@pytest.fixture(autouse=True)
def setup(settings):
    settings.EXCHANGE_TOKEN = TOKEN
    world.rules(phone_first_on_calls=6, phone_first_off_calls=2)
    cache.clear()


def post(body, *, token=TOKEN, content_type="application/json", client=None, **headers):
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    client = client or Client(enforce_csrf_checks=True)
    return client.post(ADDRESS, content, content_type=content_type, headers=headers)


def refused(answer, status, code):
    said = answer.json()
    assert (answer.status_code, said["error"]) == (status, code)
    assert said["text"]
    assert "no-store" in answer["Cache-Control"]
    return True


def test_a_report_is_heard_and_answered_with_what_holds_now():
    assert post({"waiting_calls": 3}).json() == {"phone_first": False}
    answer = post({"waiting_calls": 7})
    assert (answer.status_code, answer.json()) == (200, {"phone_first": True})
    assert "no-store" in answer["Cache-Control"]
    assert rush.current(timezone.now()).source == "exchange"
    assert post({"waiting_calls": 7}).json() == {"phone_first": True}
    assert (PhoneFirst.objects.count(), ExchangeReport.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "body",
    [
        {"waiting_calls": -1},
        {"waiting_calls": 10_001},
        {"waiting_calls": 10**30},
        {"waiting_calls": 2.5},
        {"waiting_calls": "7"},
        {"waiting_calls": True},
        {"waiting_calls": None},
        {"waiting_calls": [7]},
        {"waiting": 7},
        {},
        [],
        7,
        '{"waiting_calls": NaN}',
        '{"waiting_calls": Infinity}',
        '{"waiting_calls": 1e999}',
        '{"waiting_calls": 7',
        " ",
        "zeven",
        b"\xff\xfe\x00",
        "[" * 900,
    ],
)
def test_nonsense_is_refused_and_changes_nothing(body):
    assert refused(post(body), 400, "bad_report")
    assert not ExchangeReport.objects.exists()


def test_a_body_that_is_too_long_is_refused_unread():
    body = {"waiting_calls": 7, "filler": "x" * exchange.MAX_BYTES}
    assert refused(post(body), 400, "too_big")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_another_content_type_is_refused(kind):
    assert refused(post({"waiting_calls": 7}, content_type=kind), 400, "wrong_type")
    assert post({"waiting_calls": 7}, content_type="application/json; charset=utf-8").json()


def test_without_a_token_or_with_another_it_is_refused():
    answer = post({"waiting_calls": 7}, token=None)
    assert refused(answer, 401, "no_token")
    assert answer["WWW-Authenticate"] == "Bearer"
    for wrong in ("x" * 40, TOKEN[:-1], TOKEN + "t", "é" * 40):
        assert refused(post({"waiting_calls": 7}, token=wrong), 403, "wrong_token")
    assert not ExchangeReport.objects.exists()


def test_a_login_is_no_token(supervisor_client):
    assert refused(
        post({"waiting_calls": 7}, token=None, client=supervisor_client), 401, "no_token"
    )


def test_who_guesses_is_slowed_down_and_the_exchange_is_not():
    for _ in range(exchange.WRONG_TOKENS_PER_MINUTE):
        post({"waiting_calls": 7}, token="guess")
    answer = post({"waiting_calls": 7}, token="guess")
    assert refused(answer, 429, "too_many")
    assert answer["Retry-After"] == "60"
    assert post({"waiting_calls": 7}).status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_only_post_is_taken(method):
    answer = getattr(Client(), method)(ADDRESS)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_without_a_token_in_the_settings_there_is_no_door(settings):
    settings.EXCHANGE_TOKEN = ""
    assert refused(post({"waiting_calls": 7}, token=""), 404, "not_found")
    assert refused(post({"waiting_calls": 7}), 404, "not_found")


def test_neither_token_nor_body_reach_the_log(caplog):
    post({"waiting_calls": 7}, token="geheim-token")
    post("geheim-lichaam")
    assert "geheim" not in caplog.text
