"""A chat whose time is over: what was said goes everywhere, the counts stay, nobody stumbles."""

import shutil
import uuid
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async as in_db
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, connection, models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from chat.actions import closing
from chat.models import Attachment, Conversation, Message, TranscriptMail
from chat.models.conversations import random_place
from chat.retention import anonymise_conversations, remove_nameless_files
from chat.states import Kind, State
from chat.testing import world
from common.errors import RuleBroken
from common.models import RetentionRun
from common.retention import apply_all
from common.testing.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = world.NOW + timedelta(days=91)
# Free text that tells nobody from another.
STAYS = {"language"}


@pytest.fixture(autouse=True)
def files(settings):
    """The folder with the files of people, empty."""
    shutil.rmtree(settings.PRIVATE_FILES, ignore_errors=True)
    return settings.PRIVATE_FILES


def ended(now=world.NOW, **fields):
    """A conversation with a file and a copy by mail that its citizen ended at `now`."""
    chat = world.a_chat(now, name="Alfonsine", **fields)
    world.citizen_says(chat, now=now)
    closing.end_by_citizen(conversation=world.fresh(chat), now=now)
    message = Message.objects.create(
        conversation=chat, seq=4, kind=Kind.FILE, author="citizen", stored_at=now
    )
    file = Attachment(message=message, name="foto.jpg", media_type="image/jpeg", size_bytes=3)
    file.content.save("x", ContentFile(b"abc"))
    TranscriptMail.objects.create(
        conversation=chat, address="an@test.example", asked_at=now, due_at=now
    )
    Conversation.objects.filter(pk=chat.pk).update(
        last_seq=4, rating=4, rating_comment="Vlot.", rated_at=now
    )
    return world.fresh(chat)


def anonymise(now=LATER, days=90):
    return anonymise_conversations(now=now, before=now - timedelta(days=days), limit=100)


def report_of_chats(now=LATER):
    return next(run for run in apply_all(now=now) if run.policy == "chat")


def rewind(conversation, days=91):
    """Sockets use the clock of this machine, so the conversation moves instead."""
    Conversation.objects.filter(pk=conversation.pk).update(
        closed_at=timezone.now() - timedelta(days=days)
    )


def free_text(model):
    """The columns of a model in which a person's words could stand."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField)
    fields = [field for field in model._meta.concrete_fields if isinstance(field, kinds)]
    return [field.name for field in fields if not field.choices]


def test_what_was_said_goes_and_the_counts_stay(open_chat, files):
    chat = ended()
    assert [path for path in files.rglob("*") if path.is_file()]
    before = Conversation.objects.values(
        "state", "close_reason", "language", "rating", "last_seq", "opened_at", "closed_at"
    ).get()
    events = world.events_of(chat)
    report = report_of_chats()
    assert (report.days, report.count, report.error) == (90, 1, "")
    assert Conversation.objects.values(*before).get() == before
    assert world.events_of(chat) == events
    assert not Message.objects.exists()
    assert not Attachment.objects.exists()
    assert not TranscriptMail.objects.exists()
    assert not [path for path in files.rglob("*") if path.is_file()]
    assert world.fresh(chat).anonymised_at == LATER


def test_no_free_text_of_a_conversation_is_forgotten(open_chat):
    chat = ended()
    columns = free_text(Conversation)
    assert {"name", "page", "first_words", "rating_comment", "token_hash"} <= set(columns)
    full = {column: f"kanarie {column}"[: 2 if column == "language" else 60] for column in columns}
    Conversation.objects.filter(pk=chat.pk).update(**full)
    anonymise()
    left = Conversation.objects.values(*columns).get()
    kept = {column for column in columns if left[column] == full[column]}
    assert kept == STAYS
    assert "kanarie" not in str(left)


def test_nobody_of_the_staff_is_named_any_more(open_chat, agent):
    chat = world.a_chat_with(agent)
    topic = world.a_topic()
    closing.close_by_agent(conversation=chat, topic=topic, now=world.NOW)
    anonymise()
    row = world.fresh(chat)
    assert (row.agent_id, row.handled_by_id, row.topic) == (None, None, topic)


def test_the_key_of_the_citizen_opens_nothing(open_chat):
    token = world.new_token()
    ended(token=token)
    ended()
    anonymise()
    hashes = list(Conversation.objects.values_list("token_hash", flat=True))
    assert len(set(hashes)) == 2
    # 64 hexadecimal digits are the hash of some token; these are not.
    assert not any(len(value) == 64 for value in hashes)


@pytest.mark.parametrize(("days", "gone"), [(89, 0), (90, 1), (400, 1)])
def test_the_days_count_from_the_end(open_chat, days, gone):
    ended()
    assert anonymise(now=world.NOW + timedelta(days=days)) == gone


def test_the_city_chooses_the_days(open_chat):
    ended()
    world.rules(retention_days=30)
    assert report_of_chats(world.NOW + timedelta(days=29)).count == 0
    report = report_of_chats(world.NOW + timedelta(days=30))
    assert (report.days, report.count) == (30, 1)


@pytest.mark.parametrize("days", [1, 90])
def test_the_privacy_page_says_how_long(open_chat, citizen, days):
    world.rules(retention_days=days)
    page = citizen.get("/en/privacy/").content.decode()
    assert f"what was said {days} day{'s' if days > 1 else ''} after the end of the chat" in page


def test_an_open_conversation_stays_however_old(open_chat, agent):
    world.a_chat()
    world.a_chat_with(agent)
    assert anonymise(now=LATER + timedelta(days=4_000)) == 0
    assert Message.objects.count() == 3


def test_an_abandoned_one_goes_too(open_chat):
    chat = world.a_chat()
    Conversation.objects.filter(pk=chat.pk).update(
        state=State.ABANDONED, closed_at=world.NOW, close_reason="unreachable"
    )
    assert anonymise() == 1
    assert world.texts(chat) == []


def test_a_second_run_changes_nothing(open_chat):
    chat = ended()
    assert anonymise() == 1
    assert anonymise(now=LATER + timedelta(days=1)) == 0
    assert world.fresh(chat).anonymised_at == LATER


def test_two_workers_at_once_share_the_work(open_chat):
    for _ in range(12):
        ended()

    def in_small_batches():
        done = 0
        while some := anonymise_conversations(now=LATER, before=world.NOW, limit=2):
            done += some
        return done

    # A worker that finds every row locked leaves them to the other.
    assert sum(at_once(in_small_batches, in_small_batches)) == 12
    assert not Conversation.objects.filter(anonymised_at=None).exists()


def test_who_continues_in_the_same_second_wins_or_loses_whole(open_chat, agent):
    world.rules(retention_days=1, continue_minutes=3_000)
    chat = world.ended_by_silence(agent)
    tomorrow = world.NOW + timedelta(days=1, minutes=5)
    world.is_there(agent, tomorrow)

    def citizen():
        closing.continue_conversation(conversation=world.fresh(chat), now=tomorrow)
        return "continued"

    outcome, done = at_once(citizen, lambda: anonymise(now=tomorrow, days=1))
    row = world.fresh(chat)
    if outcome == "continued":
        assert (row.state, row.anonymised_at, done) == ("waiting", None, 0)
        assert world.texts(chat)
    else:
        assert outcome in {"cannot_continue", "not_allowed_now"}
        assert (row.state, done) == ("closed", 1)
        assert not Message.objects.exists()


def test_who_continues_what_was_read_just_before_finds_it_closed(open_chat, agent):
    world.rules(retention_days=1, continue_minutes=3_000)
    chat = world.ended_by_silence(agent)
    tomorrow = world.NOW + timedelta(days=1, minutes=5)
    world.is_there(agent, tomorrow)
    anonymise(now=tomorrow, days=1)
    with pytest.raises(RuleBroken, match="not_allowed_now"):
        closing.continue_conversation(conversation=chat, now=tomorrow)
    with pytest.raises(RuleBroken, match="cannot_continue"):
        closing.continue_conversation(conversation=world.fresh(chat), now=tomorrow)


@pytest.mark.parametrize("late", [{"rating_comment": "x"}, {"name": "x"}, {"state": "waiting"}])
def test_the_database_lets_nobody_fill_it_again(open_chat, late):
    chat = ended()
    anonymise()
    with pytest.raises(IntegrityError):
        Conversation.objects.filter(pk=chat.pk).update(**late)


def test_a_broken_batch_leaves_files_and_rows_as_they_were(open_chat, files, monkeypatch):
    ended()

    def broken(self):
        raise DatabaseError

    monkeypatch.setattr(type(TranscriptMail.objects.all()), "delete", broken)
    report = report_of_chats()
    assert (report.error, report.count) == ("DatabaseError", 0)
    assert Message.objects.exists()
    assert [path for path in files.rglob("*") if path.is_file()]


def test_files_that_no_row_names_go_after_a_day(open_chat):
    chat = ended()
    kept = Attachment.objects.get().content
    place = kept.storage.save(random_place(None, ""), ContentFile(b"abc"))
    assert remove_nameless_files(now=timezone.now(), before=timezone.now(), limit=100) == 0
    tomorrow = timezone.now() + timedelta(days=1, seconds=5)
    assert remove_nameless_files(now=tomorrow, before=tomorrow, limit=100) == 1
    assert not kept.storage.exists(place)
    assert kept.storage.exists(kept.name)
    assert world.fresh(chat).anonymised_at is None


async def test_an_open_page_of_the_citizen_hears_that_it_is_gone(open_now, wires):
    token = world.new_token()
    wire = await wires.citizen()
    welcome = await wire.start(token)
    await wire.say("end")
    await wire.hear("message")
    chat = await in_db(Conversation.objects.get)(public_id=welcome["head"]["conversation"])
    await in_db(rewind)(chat)
    assert await in_db(anonymise)(timezone.now()) == 1
    codes = [
        (await wire.ask("after", after=0))["code"],
        (await wire.send("nog iets"))["code"],
        (await wire.ask("continue"))["code"],
        (await wire.ask("end"))["code"],
    ]
    assert codes == ["wrong_token", "conversation_closed", "cannot_continue", "conversation_closed"]
    await wire.say("read", seq=1)
    assert await wire.is_alive()
    assert (await (await wires.citizen()).hello(token))["code"] == "wrong_token"
    assert "failed" not in {frame.get("code") for frame in wire.said}


@pytest.mark.parametrize("who", ["agent", "supervisor"])
async def test_an_old_console_hears_that_it_is_not_there(
    open_now, wires, agent, agent_client, supervisor_client, who
):
    chat = await in_db(world.a_chat_with)(agent)
    name = str(chat.public_id)
    console = await wires.agent(agent_client if who == "agent" else supervisor_client)
    await console.say("watch", conversation=name, after=0)
    await console.hear("messages")
    await in_db(closing.end_by_citizen)(conversation=chat, now=timezone.now())
    await console.hear("message")
    await in_db(rewind)(chat)
    assert await in_db(anonymise)(timezone.now()) == 1
    for type, fields in {
        "after": {"after": 0},
        "watch": {"after": 0},
        "read": {"seq": 1},
        "return": {},
        "close": {"topic": "x"},
        "claim": {},
        "typing": {},
    }.items():
        await console.say(type, conversation=name, **fields)
        assert (await console.hear("error"))["code"] == "not_found", type
    assert (await console.send(name, "nog iets"))["type"] == "error"
    again = await wires.agent(agent_client, greet=False)
    await again.hello({"conversation": name, "after": 2})
    assert (await again.hear("error"))["code"] == "not_found"
    assert await console.is_alive()
    assert "failed" not in {frame.get("code") for frame in console.said}


def test_the_page_without_javascript_starts_anew(open_now, citizen):
    form = {"step": "start", "token": world.new_token(), "ref": uuid.uuid4(), "text": "Dag!"}
    citizen.post("/chat/", form)
    citizen.post("/chat/", {"step": "end"})
    chat = Conversation.objects.get()
    rewind(chat)
    assert anonymise(timezone.now()) == 1
    page = citizen.get("/chat/")
    assert page.status_code == 200
    assert page.context["conversation"] is None
    answer = citizen.post("/chat/", {"step": "continue"})
    assert answer.status_code in {200, 302, 422}


def test_the_admin_says_that_it_was_removed(open_chat, administrator_client):
    chat = ended()
    address = reverse("admin:chat_conversation_change", args=[chat.pk])
    before = administrator_client.get(address).content.decode()
    assert gettext("are removed on %(day)s") % {"day": "maandag 28 september 2026"} in before
    anonymise()
    after = administrator_client.get(address)
    assert after.status_code == 200
    assert "dinsdag 29 september 2026" in after.content.decode()
    assert "messages-group" not in after.content.decode()
    assert (
        administrator_client.get(reverse("admin:chat_conversation_changelist")).status_code == 200
    )


def test_an_open_conversation_says_in_the_admin_when_it_will_be(open_chat, administrator_client):
    chat = world.a_chat()
    page = administrator_client.get(reverse("admin:chat_conversation_change", args=[chat.pk]))
    assert (
        gettext("are removed %(days)s days after the end") % {"days": 90} in page.content.decode()
    )


def test_the_report_stands_in_the_admin(open_chat, administrator_client):
    ended()
    apply_all(now=LATER)
    page = administrator_client.get(reverse("admin:common_retentionrun_changelist"))
    lines = [line for line in page.context["kept_lines"] if line.last_count]
    assert [(line.last_at, line.last_count) for line in lines] == [(LATER, 1)]
    assert RetentionRun.objects.filter(error="").count() == RetentionRun.objects.count()


def test_it_finds_what_is_due_by_an_index(open_chat):
    if connection.vendor == "sqlite":
        ended()
        due = Conversation.objects.filter(closed_at__lte=LATER, anonymised_at=None)
        assert "conversations_to_anonymise" in due.order_by("closed_at").explain()
