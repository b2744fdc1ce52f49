"""The demo inbox shows what the portal mailed."""

import os
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from hasselt_portal import retention
from hasselt_portal.inbox import newest_mails, remove_mails


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
    assert abs(mail.sent_at - timezone.now()) < timedelta(minutes=1)


def test_what_is_attached_is_named_and_not_taken_for_the_text(folder):
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend")
    mail = EmailMultiAlternatives(
        "Kopie", "Dag", "a@x.example", ["b@x.example"], connection=backend
    )
    mail.attach_alternative("<p>Dag</p>", "text/html")
    mail.attach("gesprek.pdf", b"%PDF-" + b"-" * 200, "application/pdf")
    mail.attach("gesprek.txt", b"Hallo\n", "text/plain")
    mail.send()
    [read] = newest_mails(folder)
    assert (read.body, read.attached) == ("Dag", ["gesprek.pdf", "gesprek.txt"])


@pytest.mark.django_db
def test_page_names_what_is_attached(folder, citizen):
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend")
    mail = EmailMultiAlternatives(
        "Kopie", "Dag", "a@x.example", ["b@x.example"], connection=backend
    )
    mail.attach("<b>.pdf", b"%PDF-", "application/pdf")
    mail.send()
    page = citizen.get("/demo/postvak/").content.decode()
    assert "&lt;b&gt;.pdf" in page


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


@pytest.mark.django_db
def test_mails_older_than_the_chats_they_are_about_are_removed(folder):
    now = timezone.now()
    for subject, days in (("oud", 91), ("jong", 89)):
        before = set(folder.glob("*"))
        send(subject, body=subject)
        for path in set(folder.glob("*")) - before:
            sent_at = (now - timedelta(days=days)).timestamp()
            os.utime(path.rename(folder / f"{subject}.log"), (sent_at, sent_at))
    limit = now - timedelta(days=retention.chat_days())
    assert retention.remove_written_mails(now=now, before=limit, limit=100) == 1
    assert [mail.subject for mail in newest_mails(folder)] == ["jong"]
    assert retention.remove_written_mails(now=now, before=limit, limit=100) == 0


def test_a_few_mails_at_a_time(folder):
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.log").write_text("x")
    later = timezone.now() + timedelta(seconds=5)
    counts = [remove_mails(folder, before=later, limit=2) for _ in range(4)]
    assert counts == [2, 2, 1, 0]


def test_where_a_server_takes_the_mail_there_is_nothing_to_remove(settings):
    del settings.EMAIL_FILE_PATH
    now = timezone.now()
    assert retention.remove_written_mails(now=now, before=now, limit=100) == 0
