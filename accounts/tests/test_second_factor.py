"""Outside demo mode no staff page opens without a second factor."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "een lang genoeg wachtwoord"


@pytest.fixture(autouse=True)
def production(settings):
    settings.DEMO = False


@pytest.fixture
def greet() -> User:
    user = User.objects.create_user("greet@test.example", PASSWORD, first_name="Greet")
    user.role_grants.create(role="administrator")
    return user


@pytest.mark.parametrize("page", ["/werkbank/", "/en/werkbank/", "/beheer/"])
def test_without_a_second_factor_a_staff_page_leads_to_its_set_up(greet, page):
    client = Client()
    client.force_login(greet)
    answer = client.get(page)
    assert answer.status_code == 302
    assert "/tweede-stap/totp/activate/" in answer["Location"]


def test_public_pages_stay_open_for_staff_without_it(greet):
    client = Client()
    client.force_login(greet)
    assert client.get("/").status_code == 200


def test_the_demo_is_exempt(greet, settings):
    settings.DEMO = True
    client = Client()
    client.force_login(greet)
    assert client.get("/werkbank/").status_code == 200


def test_the_password_alone_does_not_log_in(greet):
    secret = generate_totp_secret()
    TOTP.activate(greet, secret)
    client = Client()
    answer = client.post("/aanmelden/", {"login": greet.email, "password": PASSWORD})
    assert "/tweede-stap/authenticate/" in answer["Location"]
    assert "_auth_user_id" not in client.session
    assert client.get("/beheer/").status_code == 302
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post(answer["Location"], {"code": code})
    assert client.get("/beheer/").status_code == 200


def test_a_wrong_code_does_not_log_in(greet):
    TOTP.activate(greet, generate_totp_secret())
    client = Client()
    answer = client.post("/aanmelden/", {"login": greet.email, "password": PASSWORD})
    client.post(answer["Location"], {"code": "000000"})
    assert "_auth_user_id" not in client.session


def test_there_is_no_way_around_it_through_the_admins_login(greet):
    TOTP.activate(greet, generate_totp_secret())
    client = Client()
    client.post("/beheer/login/", {"username": greet.email, "password": PASSWORD, "next": "/"})
    assert "_auth_user_id" not in client.session
    assert Authenticator.objects.filter(user=greet).exists()
