"""Whatever happens in a chat, no log line carries what people said, who they are, or their keys.

Everything is logged at DEBUG from the root on, in the portal's own format, beside the same lines in
Python's plain format: those show that the words really were there to leak.
"""

import asyncio
import gc
import io
import json
import logging
import smtplib
import uuid

import pytest
from celery import current_app, signals
from channels.db import database_sync_to_async as in_db
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from chat import plain
from chat.actions import closing, conversing, transcripts, writing
from chat.consumers.citizen import CitizenSocket
from chat.models import Conversation, Message, TranscriptMail
from chat.tasks import mail_transcripts
from chat.testing import world
from chat.testing.sockets import Wires
from city.remembered import forget
from common.logs import WordlessFormatter
from common.models import Event
from common.testing import uploads

pytestmark = pytest.mark.django_db(transaction=True)
SAID, NAME, FILE = "kanariezin", "Kanariette", "kanariefoto.jpg"
MAIL = "kanarie@test.example"


class Lines:
    """What was logged: as the portal writes it, and as Python would without our formatter."""

    def __init__(self):
        self.ours, self.plain = io.StringIO(), io.StringIO()

    def assert_quiet(self, *more):
        said = self.ours.getvalue()
        assert said
        for word in (SAID, NAME, FILE, MAIL, *more):
            assert word not in said


@pytest.fixture
def lines(monkeypatch):
    """Every logger at DEBUG but those that the settings silence, into memory."""
    found = Lines()
    root = logging.getLogger()
    [ours] = [h for h in root.handlers if isinstance(h.formatter, WordlessFormatter)]
    handlers = [logging.StreamHandler(found.ours), logging.StreamHandler(found.plain)]
    handlers[0].setFormatter(ours.formatter)
    silenced = settings.LOGGING["loggers"]
    for name, logger in [("", root), *root.manager.loggerDict.items()]:
        if isinstance(logger, logging.Logger) and name not in silenced:
            monkeypatch.setattr(logger, "level", logging.DEBUG)
    root.manager._clear_cache()
    for handler in handlers:
        root.addHandler(handler)
    yield found
    for handler in handlers:
        root.removeHandler(handler)
    root.manager._clear_cache()


@pytest.fixture(autouse=True)
def open_now(agent):
    forget()
    return world.open_for_business(agent, timezone.now(), world.ROUND_THE_CLOCK)


@pytest.fixture
async def wires():
    opened = Wires()
    yield opened
    await opened.close()


def words(*args, **kwargs):
    """What a database says that refuses a row."""
    raise IntegrityError(f"DETAIL: Failing row contains ({SAID}, {NAME}, {MAIL}, {FILE}).")


async def test_a_whole_conversation_over_sockets(lines, wires, agent_client):
    await in_db(world.a_topic)("reispas")
    token = world.new_token()
    citizen, console = await wires.citizen(), await wires.agent(agent_client)
    welcome = await citizen.start(token, SAID, name=NAME, page=f"/zoeken/?q={SAID}")
    name = welcome["head"]["conversation"]
    await console.say("claim", conversation=name)
    await console.hear("messages")
    assert (await console.send(name, SAID))["type"] == "ack"
    assert (await citizen.send(SAID))["type"] == "ack"
    await citizen.say("end")
    await citizen.hear("message")
    await citizen.say("rate", score=4, comment=SAID)
    await citizen.say("mail_transcript", mail=MAIL)
    await citizen.settle()
    lines.assert_quiet(token, "Anke")


async def test_bad_frames_and_refusals(lines, wires, agent_client):
    token = world.new_token()
    citizen, console = await wires.citizen(), await wires.agent(agent_client)
    await citizen.start(token)
    for text in (
        f'{{"type": "send", "text": "{SAID}"',
        json.dumps({"type": "send", "ref": SAID, "text": SAID}),
        json.dumps({"type": SAID}),
        json.dumps([SAID]),
        json.dumps({"type": "send", "ref": str(uuid.uuid4()), "text": SAID * 900}),
    ):
        await citizen.raw(text)
        assert (await citizen.hear("error"))["code"] in {"bad_frame", "frame_too_big"}
    await citizen.raw(data=SAID.encode())
    assert (await console.send(uuid.uuid4(), SAID))["code"] == "not_found"
    assert (await (await wires.citizen()).hello(world.new_token()))["code"] == "wrong_token"
    await citizen.settle()
    lines.ours.write("the lines of the end")  # a refusal may be worth no line at all
    lines.assert_quiet(token)


async def test_a_row_that_the_database_refuses(lines, wires, monkeypatch):
    """A real refusal: PostgreSQL quotes the whole row, with the text, in its error."""
    made = writing.citizen_text

    def without_author_name(**fields):
        text = made(**fields)
        object.__setattr__(text, "agent_name", None)
        return text

    citizen = await wires.citizen()
    await citizen.start(world.new_token())
    monkeypatch.setattr(writing, "citizen_text", without_author_name)
    assert (await citizen.send(SAID))["type"] == "error"
    lines.assert_quiet()
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match=SAID):
            await in_db(_store_without_author_name)()


def _store_without_author_name():
    Message.objects.create(
        conversation=Conversation.objects.get(),
        seq=9,
        author="citizen",
        agent_name=None,
        text=SAID,
        stored_at=timezone.now(),
    )


async def test_a_handler_and_an_event_that_break(lines, wires, monkeypatch):
    citizen = await wires.citizen()
    welcome = await citizen.start(world.new_token(), SAID)
    monkeypatch.setattr(conversing, "mark_read", words)
    await citizen.say("read", seq=1)
    assert (await citizen.hear("error"))["code"] == "failed"
    monkeypatch.setattr(CitizenSocket, "chat_message", words)
    chat = await in_db(Conversation.objects.get)(public_id=welcome["head"]["conversation"])
    await in_db(world.citizen_says)(chat, SAID, timezone.now())
    await citizen.settle()
    lines.assert_quiet()
    assert "IntegrityError" in lines.ours.getvalue()


async def test_a_lookout_that_cannot_look(lines, wires, monkeypatch):
    monkeypatch.setattr("chat.watch.take_look", words)
    monkeypatch.setattr("chat.watch.LOOK_EVERY_S", 0.05)
    citizen = await wires.citizen()
    await citizen.start(world.new_token(), SAID)
    await asyncio.sleep(0.2)
    lines.assert_quiet()
    assert "the lookout could not look" in lines.ours.getvalue()
    assert SAID in lines.plain.getvalue()


async def test_a_background_task_whose_error_nobody_took(lines):
    async def fail():
        words()

    task = asyncio.ensure_future(fail())
    await asyncio.wait([task])
    del task
    gc.collect()
    await asyncio.sleep(0)
    lines.assert_quiet()
    assert "Task exception was never retrieved" in lines.ours.getvalue()
    assert SAID in lines.plain.getvalue()


def test_the_page_without_javascript_and_its_500(lines, monkeypatch):
    citizen = Client(raise_request_exception=False)
    token = world.new_token()
    form = {"step": "start", "token": token, "ref": uuid.uuid4(), "text": SAID, "name": NAME}
    assert citizen.post("/chat/", form).status_code == 302
    assert citizen.get("/chat/").status_code == 200
    assert citizen.post("/chat/", {"ref": uuid.uuid4(), "text": SAID * 900}).status_code == 422
    monkeypatch.setattr(plain.writing, "post", words)
    answer = citizen.post("/chat/", {"ref": uuid.uuid4(), "text": SAID})
    assert answer.status_code == 500
    assert SAID not in answer.content.decode()
    lines.assert_quiet(token)
    assert "Internal Server Error: /chat/" in lines.ours.getvalue()
    assert "IntegrityError" in lines.ours.getvalue()
    assert SAID in lines.plain.getvalue()


def test_pages_that_are_not_there_or_refuse(lines):
    citizen = Client(raise_request_exception=False, enforce_csrf_checks=True)
    bearer = {"authorization": f"Bearer {world.new_token()}"}
    assert citizen.post("/chat/", {"text": SAID, "name": NAME}).status_code == 403
    assert citizen.get("/bestaat-niet/", headers=bearer).status_code == 404
    citizen.post("/chat/frames.json", SAID, content_type="application/json", headers=bearer)
    citizen.post(
        "/chat/files.json", {"ref": SAID, "file": io.BytesIO(SAID.encode())}, headers=bearer
    )
    citizen.get("/chat/transcript.txt", headers=bearer)
    lines.assert_quiet(bearer["authorization"].removeprefix("Bearer "))
    assert "/bestaat-niet/" in lines.ours.getvalue()


def test_files_that_are_sent_and_refused(lines, settings):
    citizen, token = Client(raise_request_exception=False), world.new_token()
    chat = world.a_chat(timezone.now(), token=token)
    bearer = {"authorization": f"Bearer {token}"}

    def send(content):
        file = uploads.uploaded(content, FILE)
        form = {"ref": str(uuid.uuid4()), "file": file}
        return citizen.post("/chat/files.json", form, headers=bearer)

    stored = send(uploads.picture())
    assert stored.status_code == 200
    file = stored.json()["message"]["file"]
    assert file["name"] == FILE
    assert citizen.get(f"/chat/files/{file['id']}", headers=bearer).status_code == 200
    for content in (SAID.encode(), b"%PDF-1.7 " + SAID.encode(), uploads.picture()[:200]):
        assert send(content).status_code == 400
    settings.CLAMD_URL = "tcp://127.0.0.1:9"  # nobody there
    assert send(uploads.picture()).status_code == 503
    lines.assert_quiet(token)
    assert world.fresh(chat).messages.count() == 2


def test_a_copy_that_the_mail_server_refuses(lines, monkeypatch):
    def refuse(self, messages):
        # A server repeats the address in its refusal.
        raise smtplib.SMTPRecipientsRefused({MAIL: (450, f"<{MAIL}>: {SAID}".encode())})

    chat = world.a_chat(timezone.now(), text=SAID, name=NAME)
    closing.end_by_citizen(conversation=chat, now=timezone.now())
    transcripts.ask_transcript_mail(conversation=chat, address=MAIL, now=timezone.now())
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    mail_transcripts.apply()
    assert TranscriptMail.objects.get().attempts == 1
    lines.assert_quiet()
    assert "SMTPRecipientsRefused" in lines.ours.getvalue()


def test_a_celery_task_that_fails_with_words_in_its_arguments(lines):
    @current_app.task(name="tests.break_with_words")
    def break_with_words(text, mail):
        words()

    try:
        done = break_with_words.apply(args=(SAID,), kwargs={"mail": MAIL})
    finally:
        current_app.tasks.unregister("tests.break_with_words")
    assert done.failed()
    lines.assert_quiet()
    assert "tests.break_with_words" in lines.ours.getvalue()
    assert SAID in lines.plain.getvalue()


def test_a_worker_writes_by_the_portals_handler_only():
    # Celery installs handlers of its own, with words, unless somebody listens to this signal.
    assert signals.setup_logging.receivers
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        signals.setup_logging.send(sender=None, loglevel="WARNING", logfile=None)
        assert (root.level, root.handlers) == (logging.WARNING, handlers)
    finally:
        root.setLevel(level)


def test_the_event_log_holds_codes_and_numbers_only(agent):
    chat = world.a_chat(timezone.now(), name=NAME, text=SAID)
    world.citizen_says(chat, SAID, timezone.now())
    details = [event.details for event in Event.objects.all()]
    assert details
    values = [value for row in details for value in row.values()]
    assert all(len(str(value)) <= 20 for value in values)
    assert SAID not in json.dumps(details)
    assert NAME not in json.dumps(details)
