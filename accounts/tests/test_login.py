"""The login door of staff."""

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db
PAGE = "/aanmelden/"
PASSWORD = "een lang genoeg wachtwoord"


@pytest.fixture
def anke() -> User:
    user = User.objects.create_user("Anke@Test.example", PASSWORD, first_name="Anke")
    user.role_grants.create(role="agent")
    return user


def log_in(client: Client, email: str = "anke@test.example", password: str = PASSWORD, **extra):
    return client.post(PAGE, {"login": email, "password": password, **extra})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_right_password_leads_to_the_workbench(citizen, anke):
    answer = log_in(citizen)
    assert (answer.status_code, answer["Location"]) == (302, "/werkbank/")
    assert is_in(citizen)


def test_capitals_in_the_address_do_not_matter(citizen, anke):
    log_in(citizen, "ANKE@test.EXAMPLE")
    assert is_in(citizen)


def test_goes_on_to_the_page_that_was_asked_for(citizen, anke):
    assert log_in(citizen, next="/werkbank/chat/")["Location"] == "/werkbank/chat/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_never_goes_on_to_another_site(citizen, anke, elsewhere):
    answer = log_in(citizen, next=elsewhere)
    assert answer.status_code != 302 or answer["Location"] == "/werkbank/"


def test_wrong_password_and_unknown_address_look_the_same(citizen, anke):
    wrong = log_in(citizen, password="iets anders")
    unknown = log_in(Client(), email="niemand@test.example")
    assert not is_in(citizen)
    assert wrong.context["form"].errors == unknown.context["form"].errors != {}


def test_after_five_wrong_passwords_even_the_right_one_waits(citizen, anke):
    for _ in range(5):
        log_in(citizen, password="iets anders")
    answer = log_in(citizen)
    assert not is_in(citizen)
    assert answer.status_code in {200, 429}


def test_a_colleague_behind_the_same_address_is_not_locked_out(citizen, anke):
    User.objects.create_user("bram@test.example", PASSWORD, first_name="Bram")
    for _ in range(5):
        log_in(citizen, password="iets anders")
    colleague = Client()
    log_in(colleague, "bram@test.example")
    assert is_in(colleague)


def test_who_was_switched_off_stays_out(citizen, anke):
    anke.is_active = False
    anke.save(update_fields=["is_active"])
    log_in(citizen)
    assert not is_in(citizen)


def test_nobody_signs_up(citizen):
    fields = {"email": "x@test.example", "password1": PASSWORD}
    citizen.post(f"{PAGE}gesloten/", fields)
    assert not User.objects.exists()


def test_logging_out_takes_a_post(citizen, anke):
    log_in(citizen)
    citizen.get(f"{PAGE}afmelden/")
    assert is_in(citizen)
    citizen.post(f"{PAGE}afmelden/")
    assert not is_in(citizen)


@pytest.mark.parametrize("fields", [{}, {"login": "x" * 5_000, "password": "\x00"}])
def test_malformed_fields_are_no_crash(citizen, fields):
    assert citizen.post(PAGE, fields).status_code == 200


def test_a_post_from_another_site_is_refused(anke):
    browser = Client(enforce_csrf_checks=True)
    assert log_in(browser).status_code == 403


def test_a_forgotten_password_is_chosen_anew_by_mail(citizen, anke, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    citizen.post(f"{PAGE}wachtwoord/", {"email": "anke@test.example"})
    [message] = mail.outbox
    [link] = [word for word in message.body.split() if "/wachtwoord/kies/" in word]
    form = citizen.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    citizen.post(address, {"password1": "een ander lang wachtwoord"} | second(form))
    anke.refresh_from_db()
    assert anke.check_password("een ander lang wachtwoord")


def second(form) -> dict[str, str]:
    """The same once more, if the form asks for it."""
    return (
        {"password2": "een ander lang wachtwoord"}
        if "password2" in form.context["form"].fields
        else {}
    )


def test_an_unknown_address_hears_the_same_and_gets_nothing_to_use(citizen, anke, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    known = citizen.post(f"{PAGE}wachtwoord/", {"email": "anke@test.example"})
    mail.outbox.clear()
    unknown = Client().post(f"{PAGE}wachtwoord/", {"email": "niemand@test.example"})
    assert (known.status_code, known.get("Location")) == (
        unknown.status_code,
        unknown.get("Location"),
    )
    assert not any("/wachtwoord/kies/" in message.body for message in mail.outbox)
