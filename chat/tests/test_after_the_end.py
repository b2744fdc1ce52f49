"""The frames `rate` and `mail_transcript`, by socket and without: done right, wrong and twice."""

import json
import uuid

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async as in_db
from django.test import Client
from django.utils import timezone

from chat.models import Conversation, TranscriptMail
from chat.sentences import sentence
from chat.testing import world
from common.errors import RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = "an@voorbeeld.example"


@pytest.fixture(params=["socket", "polling"])
def ask(request, open_now, wires):
    """`await ask(token, frame)`: what answers one frame in an existing conversation."""

    async def by_socket(token, frame):
        wire = await wires.citizen()
        await wire.hello(token)
        await wire.say(**frame)
        answers = {"rated", "transcript_mailed", "error"}
        while (answer := await wire.next())["type"] not in answers:
            pass
        return answer

    def post(body):
        return Client().post("/chat/frames.json", json.dumps(body), "application/json")

    async def by_polling(token, frame):
        hello = {"type": "hello", "v": 1, "token": token, "after": 0}
        answer = await sync_to_async(post)({"frames": [hello, frame]})
        return answer.json()["frames"][-1]

    return {"socket": by_socket, "polling": by_polling}[request.param]


async def an_ended_chat(token):
    chat = await in_db(world.a_chat)(token=token)
    await in_db(Conversation.objects.filter(pk=chat.pk).update)(
        state="closed", closed_at=timezone.now(), close_reason="citizen"
    )
    return chat


@pytest.fixture
def token():
    return world.new_token()


async def test_a_rating_is_kept_and_answered_with_the_head(ask, token):
    chat = await an_ended_chat(token)
    rated = await ask(token, {"type": "rate", "score": 4, "comment": "Vlot geholpen."})
    assert (rated["type"], rated["head"]["rating"]) == ("rated", 4)
    row = await in_db(world.fresh)(chat)
    assert (row.rating, row.rating_comment) == (4, "Vlot geholpen.")


async def test_a_rating_repeated_after_a_lost_answer_is_no_mistake_and_another_is(ask, token):
    await an_ended_chat(token)
    first = await ask(token, {"type": "rate", "score": 4})
    assert await ask(token, {"type": "rate", "score": 4}) == first
    assert (await ask(token, {"type": "rate", "score": 1}))["code"] == "already_rated"
    assert (await in_db(Conversation.objects.get)()).rating == 4


async def test_an_open_conversation_is_not_rated_yet(ask, token):
    await in_db(world.a_chat)(token=token)
    assert (await ask(token, {"type": "rate", "score": 4}))["code"] == "not_allowed_now"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"score": 0}, "bad_frame"),
        ({"score": 6}, "bad_frame"),
        ({"score": "4"}, "bad_frame"),
        ({"score": 4.5}, "bad_frame"),
        ({"comment": "x"}, "bad_frame"),
        ({"score": 4, "comment": "x" * 501}, "comment_too_long"),
        ({"score": 4, "conversation": str(uuid.uuid4())}, "bad_frame"),
    ],
)
async def test_a_wrong_rating_is_refused(ask, token, fields, code):
    await an_ended_chat(token)
    assert (await ask(token, {"type": "rate", **fields}))["code"] == code
    assert (await in_db(Conversation.objects.get)()).rating is None


async def test_a_copy_by_mail_is_written_down_once_and_answered(ask, token):
    chat = await an_ended_chat(token)
    frame = {"type": "mail_transcript", "mail": MAIL}
    assert await ask(token, frame) == {"type": "transcript_mailed", "mail": MAIL}
    assert await ask(token, frame) == {"type": "transcript_mailed", "mail": MAIL}
    mail = await in_db(TranscriptMail.objects.get)()
    assert mail.conversation_id == chat.pk


async def test_a_fourth_address_is_one_too_many(ask, token):
    await an_ended_chat(token)
    answers = [
        await ask(token, {"type": "mail_transcript", "mail": f"{n}@voorbeeld.example"})
        for n in range(4)
    ]
    assert [answer["type"] for answer in answers] == ["transcript_mailed"] * 3 + ["error"]
    assert await in_db(TranscriptMail.objects.count)() == 3


@pytest.mark.parametrize(
    ("mail", "code"),
    [
        ("", "bad_mail"),
        ("an", "bad_mail"),
        ("an@voorbeeld.example\nBcc: allen@voorbeeld.example", "bad_mail"),
        ("x" * 250 + "@voorbeeld.example", "bad_frame"),
        (5, "bad_frame"),
        ([MAIL], "bad_frame"),
    ],
)
async def test_what_is_no_address_is_refused(ask, token, mail, code):
    await an_ended_chat(token)
    refused = await ask(token, {"type": "mail_transcript", "mail": mail})
    assert refused["code"] == code
    assert refused["text"] == sentence(RuleBroken(code), "nl")
    assert await in_db(TranscriptMail.objects.count)() == 0


async def test_before_the_opener_neither_does_anything(open_now, wires):
    wire = await wires.citizen()
    for frame in ({"type": "rate", "score": 4}, {"type": "mail_transcript", "mail": MAIL}):
        assert (await wire.ask(**frame))["code"] == "not_started"
