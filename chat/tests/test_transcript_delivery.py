"""No copy by mail is lost, whatever the mail server does and whoever is killed."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from chat import tasks
from chat.actions import closing, transcripts
from chat.actions.transcripts import (
    HOLD,
    LAST_ATTEMPT,
    WAITS_MINUTES,
    ask_transcript_mail,
    mail_due_transcripts,
)
from chat.models import Conversation, TranscriptMail
from chat.testing import world
from chat.testing.world import NOW, after, events_of, fresh
from common.errors import RuleBroken
from common.testing import smtp
from common.testing.races import at_once

pytestmark = pytest.mark.django_db
MAIL = "an.peeters@voorbeeld.be"


@pytest.fixture
def asked(open_chat, agent):
    """An ended talk of which a copy is due."""
    conversation = world.a_chat_with(agent)
    closing.end_by_citizen(conversation=conversation, now=NOW)
    ask_transcript_mail(conversation=fresh(conversation), address=MAIL, now=NOW)
    return fresh(conversation)


@pytest.fixture(autouse=True)
def plain_pdf(monkeypatch):
    """No document is set, which takes time where only the mail counts."""
    monkeypatch.setattr(transcripts, "pdf_of", lambda copy: b"%PDF-")


class Killed(BaseException):
    """What no `except Exception` sees, like a signal."""


def kill(*args, **kwargs):
    raise Killed


def row() -> TranscriptMail:
    return TranscriptMail.objects.get()


def test_refused_for_now_it_waits_longer_each_time(asked, mail_server, caplog):
    mail_server.to_recipient = ["451 Later"] * 3
    now = NOW
    for minutes in WAITS_MINUTES[:3]:
        assert mail_due_transcripts(now=now) == 0
        assert row().due_at == now + timedelta(minutes=minutes)
        assert mail_due_transcripts(now=now + timedelta(minutes=minutes, seconds=-1)) == 0
        now += timedelta(minutes=minutes)
    assert mail_due_transcripts(now=now) == 1
    assert row().attempts == 4
    assert len(mail_server.taken) == 1
    assert "SMTPRecipientsRefused" in caplog.text
    assert MAIL not in caplog.text


def test_a_mailbox_that_does_not_exist_is_given_up_at_once(asked, mail_server):
    mail_server.to_recipient = ["550 No such user"]
    assert mail_due_transcripts(now=NOW) == 0
    assert (row().given_up_at, row().address, row().sent_at) == (NOW, "", None)
    assert mail_due_transcripts(now=after(90_000)) == 0


def test_after_about_a_day_it_is_given_up(asked, mail_server):
    mail_server.to_content = ["451 Later"] * (LAST_ATTEMPT + 5)
    now = NOW
    while row().given_up_at is None:
        assert row().address == MAIL
        mail_due_transcripts(now=now)
        now = max(now, row().due_at)
    assert row().attempts == LAST_ATTEMPT
    assert row().address == ""
    assert timedelta(hours=20) < row().given_up_at - NOW < timedelta(hours=30)
    assert "chat.transcript_mailed" not in events_of(asked)


def test_nobody_answers_the_door_and_the_others_wait(asked, settings, mail_server):
    other = world.a_chat()
    closing.end_by_citizen(conversation=other, now=NOW)
    ask_transcript_mail(conversation=fresh(other), address="els@voorbeeld.be", now=NOW)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9  # nobody there
    assert mail_due_transcripts(now=NOW) == 0
    assert sorted(TranscriptMail.objects.values_list("attempts", flat=True)) == [0, 1]
    settings.EMAIL_PORT = port
    assert mail_due_transcripts(now=after(60)) == 2


def test_many_do_not_wait_for_the_minute_of_each_five(open_chat, mail_server, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks, "wake_mailer", lambda: woken.append(1))
    for number in range(transcripts.RUN_TAKES + 1):
        ended = world.a_chat()
        closing.end_by_citizen(conversation=ended, now=NOW)
        ask_transcript_mail(conversation=fresh(ended), address=f"an{number}@voorbeeld.be", now=NOW)
    tasks.mail_transcripts()
    assert len(woken) == 1
    tasks.mail_transcripts()
    assert len(mail_server.taken) == transcripts.RUN_TAKES + 1
    assert len(woken) == 1  # nothing is left


@pytest.mark.parametrize("end", [smtp.DIE, smtp.STALL])
def test_taken_without_a_word_it_goes_again_as_the_same_mail(asked, mail_server, end):
    mail_server.to_content = [end]
    assert mail_due_transcripts(now=NOW) == 0
    assert row().sent_at is None
    assert mail_due_transcripts(now=after(60)) == 1
    first, second = mail_server.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_killed_after_the_servers_yes_it_is_repeated_and_not_lost(asked, mail_server, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(transcripts, "_finish", kill)
        with pytest.raises(Killed):
            mail_due_transcripts(now=NOW)
    assert len(mail_server.taken) == 1
    assert mail_due_transcripts(now=NOW + HOLD - timedelta(seconds=1)) == 0
    assert mail_due_transcripts(now=NOW + HOLD) == 1
    assert len({mail["Message-ID"] for mail in mail_server.taken}) == 1


def test_a_mail_that_kills_each_time_is_given_up(asked, mail_server, monkeypatch):
    monkeypatch.setattr(transcripts, "pdf_of", kill)
    for number in range(LAST_ATTEMPT):
        with pytest.raises(Killed):
            mail_due_transcripts(now=NOW + number * HOLD)
    assert mail_due_transcripts(now=NOW + LAST_ATTEMPT * HOLD) == 0
    assert row().given_up_at is not None
    assert row().address == ""


def test_the_limit_of_the_task_is_no_fault_of_the_mail(asked, mail_server, monkeypatch):
    def too_long(copy):
        raise transcripts.SoftTimeLimitExceeded

    with monkeypatch.context() as patch:
        patch.setattr(transcripts, "pdf_of", too_long)
        with pytest.raises(transcripts.SoftTimeLimitExceeded):
            mail_due_transcripts(now=NOW)
    assert row().due_at == NOW + HOLD
    assert mail_due_transcripts(now=NOW + HOLD) == 1


def test_a_document_that_fails_is_tried_again(asked, mail_server, monkeypatch):
    def fail(copy):
        raise RuleBroken("failed")

    with monkeypatch.context() as patch:
        patch.setattr(transcripts, "pdf_of", fail)
        assert mail_due_transcripts(now=NOW) == 0
    assert row().due_at == NOW + timedelta(minutes=WAITS_MINUTES[0])
    assert mail_due_transcripts(now=after(60)) == 1


def test_a_document_that_never_comes_is_left_out_and_the_text_goes(asked, mail_server, monkeypatch):
    def fail(copy):
        raise RuleBroken("failed")

    monkeypatch.setattr(transcripts, "pdf_of", fail)
    assert [mail_due_transcripts(now=after(n)) for n in (0, 60, 360)] == [0, 0, 1]
    [text] = mail_server.taken[0].iter_attachments()
    assert text.get_content_type() == "text/plain"


def test_another_worker_claims_it_between_our_read_and_our_claim(asked, mail_server, monkeypatch):
    claim = transcripts._claim

    def second(mail, now):
        monkeypatch.setattr(transcripts, "_claim", claim)
        assert mail_due_transcripts(now=now) == 1
        return claim(mail, now)

    monkeypatch.setattr(transcripts, "_claim", second)
    assert mail_due_transcripts(now=NOW) == 0
    assert len(mail_server.taken) == 1


def test_a_conversation_that_is_continued_at_that_moment_waits_for_its_end(
    open_chat, agent, mail_server, monkeypatch
):
    conversation = world.ended_by_silence(agent)
    ask_transcript_mail(conversation=conversation, address=MAIL, now=NOW)
    claim = transcripts._claim

    def continued(mail, now):
        closing.continue_conversation(conversation=conversation, now=now)
        return claim(mail, now)

    monkeypatch.setattr(transcripts, "_claim", continued)
    assert mail_due_transcripts(now=NOW) == 0
    assert row().attempts == 0
    assert mail_server.taken == []


def test_a_conversation_that_is_removed_while_its_copy_goes_leaves_nothing(
    asked, mail_server, monkeypatch
):
    def remove(copy):
        Conversation.objects.filter(pk=asked.pk).delete()
        return b"%PDF-"

    monkeypatch.setattr(transcripts, "pdf_of", remove)
    mail_due_transcripts(now=NOW)
    assert not TranscriptMail.objects.exists()
    assert "chat.transcript_mailed" not in events_of(asked)


@pytest.mark.django_db(transaction=True)
def test_of_four_workers_at_once_one_sends(asked, mail_server):
    counts = at_once(*[lambda: mail_due_transcripts(now=NOW)] * 4)
    assert sorted(counts) == [0, 0, 0, 1]
    assert mail_server.recipients == [MAIL]


@pytest.mark.django_db(transaction=True)
def test_a_slow_mail_server_holds_no_lock(asked, mail_server):
    mail_server.to_content = [smtp.STALL]

    def send():
        try:
            mail_due_transcripts(now=NOW)
        finally:
            connection.close()

    sending = threading.Thread(target=send)
    sending.start()
    while not mail_server.taken:
        time.sleep(0.01)
    began = time.monotonic()
    Conversation.objects.filter(pk=asked.pk).update(name="An")  # the server has not answered yet
    assert time.monotonic() - began < 0.5
    sending.join()
