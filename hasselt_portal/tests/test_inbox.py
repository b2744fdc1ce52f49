"""The demo inbox shows what the portal mailed."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from hasselt_portal.inbox import newest_mails


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def send(subject: str, body: str = "Dag", to: str = "els@test.example") -> None:
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend")
    mail = EmailMultiAlternatives(subject, body, "stad@test.example", [to], connection=backend)
    mail.attach_alternative(f"<p>{body}</p>", "text/html")
    mail.send()


def test_nothing_was_ever_sent(folder):
    assert newest_mails(folder) == []


def test_a_mail_is_read_back_as_it_was_written(folder):
    send("Uw afspraak in ’t Scheep", "Dag Els\n\nTot dinsdag ☂ om 14.20 uur.")
    [mail] = newest_mails(folder)
    assert mail.to == "els@test.example"
    assert mail.subject == "Uw afspraak in ’t Scheep"
    assert mail.body == "Dag Els\n\nTot dinsdag ☂ om 14.20 uur."
    assert mail.sent_at is not None


def test_two_mails_in_one_file_are_two_mails(folder):
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend")
    backend.send_messages(
        [EmailMultiAlternatives(subject, "x", "a@test.example", ["b@test.example"])
         for subject in ("een", "twee")]
    )  # fmt: skip
    assert {mail.subject for mail in newest_mails(folder)} == {"een", "twee"}


def test_only_the_newest_are_shown(folder):
    for number in range(55):
        send(f"mail {number}")
    assert len(newest_mails(folder)) == 50


def test_a_spoiled_file_is_no_crash(folder):
    folder.mkdir()
    (folder / "x.log").write_bytes(b"\xff\xfe not a mail")
    assert len(newest_mails(folder)) == 1


@pytest.mark.django_db
def test_page_shows_the_mail_and_hides_its_markup(folder, citizen):
    send("Welkom", "<script>alert(1)</script>")
    page = citizen.get("/demo/postvak/").content.decode()
    assert "Welkom" in page
    assert "<script>alert" not in page


@pytest.mark.django_db
def test_page_has_an_empty_state(folder, citizen):
    assert citizen.get("/demo/postvak/").status_code == 200


@pytest.mark.django_db
def test_page_takes_no_post(citizen):
    assert citizen.post("/demo/postvak/").status_code == 405
