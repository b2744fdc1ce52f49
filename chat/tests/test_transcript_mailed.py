"""A copy by mail: what arrives, and that none is lost whatever the mail server does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat import tasks
from chat.actions import closing, transcripts
from chat.actions.transcripts import (
    HOLD,
    ask_transcript_mail,
    mail_due_transcripts,
)
from chat.models import TranscriptMail
from chat.testing import world
from chat.testing.world import NOW, after, agent_says, citizen_says, events_of, fresh
from chat.transcript import as_text
from city.models import CityContact
from common.testing.pdf import faults_of, text_in

pytestmark = pytest.mark.django_db
MAIL = "an.peeters@voorbeeld.be"


@pytest.fixture
def talk(open_chat, agent):
    """An open talk."""
    CityContact.objects.create(phone="011 23 90 00", email="info@stad.test")
    conversation = world.a_chat_with(agent, text="Mag <b>dit</b> & dat?\n\nمرحبا")
    agent_says(conversation, agent, "Zie https://www.hasselt.be/reispas", after(60))
    return fresh(conversation)


@pytest.fixture
def asked(talk):
    """An ended talk of which a copy is due."""
    closing.end_by_citizen(conversation=talk, now=NOW)
    ask_transcript_mail(conversation=fresh(talk), address=MAIL, now=NOW)
    return fresh(talk)


@pytest.fixture
def plain_pdf(monkeypatch):
    """No document is set, which takes time where only the mail counts."""
    monkeypatch.setattr(transcripts, "pdf_of", lambda copy: b"%PDF-")


def row() -> TranscriptMail:
    return TranscriptMail.objects.get()


def test_the_citizen_gets_text_html_and_an_accessible_pdf(asked, mail_server):
    assert mail_due_transcripts(now=NOW) == 1
    [mail] = mail_server.taken
    assert mail_server.recipients == [MAIL]
    body, page = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert as_text(asked) in body.replace("\r\n", "\n")
    assert "Mag &lt;b&gt;dit&lt;/b&gt; &amp; dat?" in page
    assert '<p dir="rtl">مرحبا</p>' in page
    assert '<a href="https://www.hasselt.be/reispas"' in page
    pdf, text = mail.iter_attachments()
    assert pdf.get_filename().endswith(".pdf")
    assert faults_of(pdf.get_content()) == []
    assert "Zie https://www.hasselt.be/reispas" in text_in(pdf.get_content())
    assert text.get_filename().endswith(".txt")
    assert text.get_content().replace("\r\n", "\n") == as_text(asked)


def test_its_head_lets_a_person_answer_and_a_machine_stay_silent(
    asked, mail_server, settings, plain_pdf
):
    settings.DEFAULT_FROM_EMAIL = "Stad Hasselt <noreply@stad.test>"
    mail_due_transcripts(now=NOW)
    [mail] = mail_server.taken
    assert mail["To"] == MAIL
    assert mail["From"] == "Stad Hasselt <noreply@stad.test>"
    assert mail["Reply-To"] == "info@stad.test"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Stad Hasselt" in mail["Subject"]
    assert mail["Message-ID"] == f"<{row().message_id}@stad.test>"
    assert mail["Date"] is not None


def test_nothing_in_it_comes_from_elsewhere(asked, mail_server, plain_pdf):
    mail_due_transcripts(now=NOW)
    page = mail_server.taken[0].get_body(("html",)).get_content()
    assert page.lstrip().startswith("<!DOCTYPE html>")
    assert '<html lang="nl">' in page
    for remote in ("<img", "<script", "<link", "@import", "src=", "url("):
        assert remote not in page


def test_without_a_mail_address_of_the_city_it_names_none(asked, mail_server, plain_pdf):
    CityContact.objects.update(email="", phone="")
    mail_due_transcripts(now=NOW)
    assert mail_server.taken[0]["Reply-To"] is None


def test_an_english_talk_makes_an_english_mail(open_chat, agent, mail_server, plain_pdf):
    conversation = world.a_chat_with(agent, language="en")
    closing.end_by_citizen(conversation=conversation, now=NOW)
    ask_transcript_mail(conversation=fresh(conversation), address=MAIL, now=NOW)
    mail_due_transcripts(now=NOW)
    [mail] = mail_server.taken
    assert '<html lang="en">' in mail.get_body(("html",)).get_content()
    assert "Hello," in mail.get_body(("plain",)).get_content()


def test_a_long_talk_stands_in_the_attachment_only(asked, mail_server, plain_pdf, monkeypatch):
    monkeypatch.setattr(transcripts, "SHOWN_IN_MAIL", 2)
    mail_due_transcripts(now=NOW)
    [mail] = mail_server.taken
    for kind in ("plain", "html"):
        assert "reispas" not in mail.get_body((kind,)).get_content()
    assert "reispas" in list(mail.iter_attachments())[1].get_content()


def test_a_name_of_the_city_cannot_add_a_header(asked, mail_server, plain_pdf):
    CityContact.objects.update(name="Stad\r\nBcc: els@voorbeeld.be\r\nHasselt")
    mail_due_transcripts(now=NOW)
    assert mail_server.recipients == [MAIL]
    assert mail_server.taken[0]["Bcc"] is None


def test_afterwards_the_address_is_gone_and_the_event_stands(asked, mail_server, plain_pdf):
    mail_due_transcripts(now=after(30))
    assert (row().address, row().sent_at, row().attempts) == ("", after(30), 1)
    assert events_of(asked).count("chat.transcript_mailed") == 1


def test_who_asks_during_the_talk_gets_all_of_it_at_the_end(talk, agent, mail_server, plain_pdf):
    ask_transcript_mail(conversation=talk, address=MAIL, now=NOW)
    assert mail_due_transcripts(now=after(60)) == 0
    assert row().attempts == 0
    citizen_says(talk, "Dit komt nog.", after(90))
    closing.end_by_citizen(conversation=fresh(talk), now=after(100))
    assert mail_due_transcripts(now=after(101)) == 1
    assert "Dit komt nog." in mail_server.taken[0].get_body(("plain",)).get_content()


def test_a_second_run_sends_nothing_again(asked, mail_server, plain_pdf):
    assert [mail_due_transcripts(now=after(n)) for n in (0, 60, 3_600, 90_000)] == [1, 0, 0, 0]
    assert len(mail_server.taken) == 1


def test_the_task_works_off_what_is_due(open_now, agent, mail_server, plain_pdf):
    conversation = world.a_chat_with(agent, timezone.now())
    closing.end_by_citizen(conversation=conversation, now=timezone.now())
    ask_transcript_mail(conversation=fresh(conversation), address=MAIL, now=timezone.now())
    tasks.mail_transcripts.apply(throw=True)
    assert mail_server.recipients == [MAIL]


def test_the_clock_looks_every_minute(settings):
    entry = settings.CELERY_BEAT_SCHEDULE["chat-mail-transcripts"]
    assert (entry["task"], entry["schedule"]) == (tasks.mail_transcripts.name, 60)
    assert timedelta(seconds=tasks.mail_transcripts.time_limit) < HOLD


def test_a_run_takes_a_few_and_the_next_one_the_others(open_chat, mail_server, plain_pdf):
    for number in range(7):
        conversation = world.a_chat()
        closing.end_by_citizen(conversation=conversation, now=NOW)
        ask_transcript_mail(
            conversation=fresh(conversation), address=f"an{number}@voorbeeld.be", now=NOW
        )
    assert [mail_due_transcripts(now=NOW) for _ in range(3)] == [5, 2, 0]
    assert len(set(mail_server.recipients)) == 7
