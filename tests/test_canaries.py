"""Canaries: what people said is planted everywhere, and after its time it is found nowhere.

Looked through are every column of every table (and the raw files of SQLite), the folders with files
and mails, and every key of Redis. What the city counts is the same before and after.
"""

import io
import json
import os
import shutil
import statistics
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.db.models import Count, F
from django.db.models.functions import TruncDate
from django.utils import timezone
from PIL import Image

from chat.actions import closing, queueing
from chat.actions.notes import write_note
from chat.models import Attachment, Conversation, Message, TranscriptMail
from chat.states import Kind
from chat.testing import world
from city.remembered import forget
from common.models import Event, RetentionRun
from common.retention import apply_all

pytestmark = pytest.mark.django_db(transaction=True)
OLD, YOUNG = "kanarieoud", "kanariejong"
NOW = timezone.now().replace(microsecond=0)
LONG_AGO, LATELY = NOW - timedelta(days=91), NOW - timedelta(days=89)
CHATS = 15


@pytest.fixture(autouse=True)
def empty_folders(settings, tmp_path):
    """Files and mails of other tests are none of ours."""
    forget()
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    shutil.rmtree(settings.PRIVATE_FILES, ignore_errors=True)
    yield
    forget()


@pytest.fixture
def city_at_work(agent, second_agent):
    """Chats of long ago and of lately, by two agents, some abandoned, and one that goes on."""
    topics = [world.a_topic(slug) for slug in ("reispas", "sport")]
    world.rules(schedule=world.schedule_with(world.ROUND_THE_CLOCK))
    for at, word in ((LONG_AGO, OLD), (LATELY, YOUNG)):
        for number in range(CHATS):
            colleague = (agent, second_agent)[number % 2]
            moment = at - timedelta(minutes=7 * number)
            world.is_there(colleague, moment)
            a_whole_chat(colleague, moment, word, number, topics[number % 2])
    world.is_there(agent, LONG_AGO)
    going_on = world.a_chat_with(agent, LONG_AGO, text=YOUNG)
    world.citizen_says(going_on, f"{YOUNG} loopt nog", LONG_AGO)
    return going_on


def a_whole_chat(agent, at, word, number, topic):
    """Everything a chat can leave behind, each piece with its canary."""
    chat = world.a_chat(
        at, text=f"{word} eerste woorden", name=f"{word} naam", page=f"/zoeken/?q={word}",
        language="en" if number % 3 == 0 else "nl",
    )  # fmt: skip
    if number % 5 == 4:
        left_at = at + timedelta(minutes=20)
        world.is_there(agent, left_at)
        closing.abandon_unreachable(now=left_at, rules=world.rules())
        return
    answered_at = at + timedelta(seconds=10 + number)
    queueing.claim(conversation=chat, agent=agent, now=answered_at)
    for turn in range(number % 7 + 1):
        # Of many lengths, so that the pages of the database split and keep copies.
        world.agent_says(chat, agent, f"{word} antwoord {turn} " * (turn * 9 + 1), answered_at)
        world.citizen_says(chat, f"{word} vraag {turn} " * (turn * 7 + 1), answered_at)
    closing.close_by_agent(conversation=world.fresh(chat), topic=topic, now=answered_at)
    write_note(
        conversation=chat, agent=agent, text=f"{word} notitie", client_ref=uuid.uuid4(), now=at
    )
    a_card(world.fresh(chat), word, answered_at)
    a_file(world.fresh(chat), word, answered_at)
    TranscriptMail.objects.create(
        conversation=chat, address=f"{word}@test.example", asked_at=at, due_at=at
    )
    Conversation.objects.filter(pk=chat.pk).update(
        rating=number % 5 + 1, rating_comment=f"{word} commentaar", rated_at=answered_at
    )
    a_mail(word, at)


def a_card(chat, word, at):
    """A link card: even words that no page of the city has must go."""
    Conversation.objects.filter(pk=chat.pk).update(last_seq=F("last_seq") + 1)
    card = {"title": f"{word} kaart", "summary": word, "url": f"https://test.example/{word}"}
    Message.objects.create(
        conversation=chat, seq=chat.last_seq + 1, kind=Kind.CARD, author="agent",
        client_ref=uuid.uuid4(), stored_at=at, card=card,
    )  # fmt: skip
    chat.refresh_from_db()


def a_file(chat, word, at):
    """A picture whose EXIF names its owner: even what slipped past the check must go."""
    exif = Image.Exif()
    exif[0x013B] = f"{word} eigenaar"
    content = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(content, "JPEG", exif=exif)
    Conversation.objects.filter(pk=chat.pk).update(last_seq=F("last_seq") + 1)
    message = Message.objects.create(
        conversation=chat, seq=chat.last_seq + 1, kind=Kind.FILE, author="citizen",
        client_ref=uuid.uuid4(), stored_at=at,
    )  # fmt: skip
    file = Attachment(
        message=message, name=f"{word}.jpg", media_type="image/jpeg", size_bytes=content.tell()
    )
    file.content.save("x", ContentFile(content.getvalue()))


def a_mail(word, at):
    """The copy of a chat as the demo writes it to a file."""
    folder = Path(settings.EMAIL_FILE_PATH) / uuid.uuid4().hex
    backend = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(folder)
    )
    EmailMessage(
        word, word, "stad@test.example", [f"{word}@test.example"], connection=backend
    ).send()
    [written] = folder.iterdir()
    os.utime(written, (at.timestamp(), at.timestamp()))
    # Django names a file by the second; these are written faster than people write.
    written.rename(folder.with_suffix(".log"))
    folder.rmdir()


def found_in_tables(word):
    """The columns of the database, of all tables there are, in which the canary sits."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found |= {
                    f"{table}.{name}"
                    for name, value in zip(columns, row, strict=True)
                    if word in _as_text(value)
                }
    return found


def _as_text(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return str(value)


def found_in_files(word):
    """Files of people, mails, and on SQLite the raw files of the database, log included."""
    folders = [Path(settings.PRIVATE_FILES), Path(settings.EMAIL_FILE_PATH)]
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        paths += database.parent.glob(database.name + "*")
    return {path.suffix or "file" for path in paths if word.encode() in path.read_bytes()}


def found_in_redis(word, redis_client):
    wanted = word.encode()
    readers = {
        b"string": redis_client.get,
        b"list": lambda key: redis_client.lrange(key, 0, -1),
        b"hash": redis_client.hgetall,
        b"set": redis_client.smembers,
        b"zset": lambda key: redis_client.zrange(key, 0, -1),
    }
    return {
        key
        for key in redis_client.scan_iter(count=1_000)
        if wanted in key or wanted in repr(readers[redis_client.type(key)](key)).encode()
    }


def figures():
    """What the city counts, computed anew from rows and events."""
    rows = Conversation.objects.all()
    by = {
        name: Counter(rows.values_list(name, flat=True))
        for name in ("language", "topic", "state", "close_reason", "rating")
    }
    days = rows.annotate(day=TruncDate("opened_at")).values("day").annotate(n=Count("pk"))
    waited = [
        (joined - queued).total_seconds()
        for joined, queued in rows.exclude(first_answered_at=None).values_list(
            "first_answered_at", "queued_at"
        )
    ]
    events = Event.objects.annotate(day=TruncDate("at")).values_list("kind", "day", "details")
    return {
        **by,
        "days": {row["day"]: row["n"] for row in days.order_by("day")},
        "messages": sum(rows.values_list("last_seq", flat=True)),
        "median waiting": statistics.median(waited),
        "events": Counter((kind, day, json.dumps(details)) for kind, day, details in events),
    }


def test_canaries_of_long_ago_are_gone_everywhere_and_the_figures_stay(city_at_work, redis_client):
    planted = found_in_tables(OLD)
    assert planted == {
        "chat_conversation.name",
        "chat_conversation.page",
        "chat_conversation.first_words",
        "chat_conversation.rating_comment",
        "chat_message.text",
        "chat_message.card",
        "chat_internalnote.text",
        "chat_attachment.name",
        "chat_transcriptmail.address",
    }
    assert found_in_files(OLD) >= {"file", ".log"}
    before = figures()
    young_before = found_in_tables(YOUNG)

    reports = {run.policy: run for run in apply_all(now=NOW)}

    assert {run.error for run in reports.values()} == {""}
    assert reports["chat"].count == CHATS
    assert reports["written-mails"].count == CHATS - CHATS // 5
    assert found_in_tables(OLD) == set()
    assert found_in_files(OLD) == set()
    assert found_in_redis(OLD, redis_client) == set()
    assert figures() == before
    # Not everything went: what is younger, and what still goes on, is whole.
    assert found_in_tables(YOUNG) == young_before == planted
    assert found_in_files(YOUNG) >= {"file", ".log"}
    assert len(world.texts(city_at_work)) == 2


def test_keys_and_staff_of_long_ago_are_gone_too(city_at_work):
    old = Conversation.objects.filter(opened_at__lte=LONG_AGO).exclude(pk=city_at_work.pk)
    keys = set(old.values_list("token_hash", flat=True))
    assert old.exclude(handled_by=None).exists()
    apply_all(now=NOW)
    assert not keys & set(Conversation.objects.values_list("token_hash", flat=True))
    assert not old.exclude(handled_by=None).exists()
    assert old.count() == CHATS


def test_a_run_that_was_killed_is_finished_by_the_next(city_at_work, monkeypatch):
    monkeypatch.setattr("common.retention.BATCH", 10)
    real, calls = TranscriptMail.objects.filter, []

    def killed(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt  # nothing catches it, as nothing catches a kill
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(TranscriptMail.objects, "filter", killed)
        with pytest.raises(KeyboardInterrupt):
            apply_all(now=NOW)
    halfway = RetentionRun.objects.get(policy="chat")
    assert (halfway.count, halfway.ended_at) == (10, None)
    assert found_in_tables(OLD)
    apply_all(now=NOW)
    assert RetentionRun.objects.filter(policy="chat").latest("pk").count == CHATS - 10
    assert found_in_tables(OLD) == set()
    assert found_in_files(OLD) == set()
