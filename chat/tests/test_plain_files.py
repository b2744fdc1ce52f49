"""Files, and numbers that are left out, on the page without JavaScript."""

import uuid

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext

from chat.actions import closing
from chat.models import Attachment, Conversation
from chat.sentences import sentence
from chat.templatetags.chat_words import file_facts
from chat.testing import world
from chat.testing.files import agent_shares, citizen_shares
from chat.tests.test_plain_page import HERE, body, hidden, post, start
from common.errors import RuleBroken
from common.testing.uploads import picture, uploaded

pytestmark = pytest.mark.django_db
NATIONAL_NUMBER = "85.07.30-033.28"  # of the examples of the law: nobody has it


@pytest.fixture
def chatting(citizen, open_now, disk):
    """A browser with a conversation."""
    start(citizen)
    return citizen


def the_chat():
    return Conversation.objects.get()


def send(client, text="", content=None, name="foto.jpg", **fields):
    refs = {name: hidden(client.get(HERE), name) for name in ("ref", "file_ref")}
    file = uploaded(picture() if content is None else content, name)
    return post(client, "send", **{**refs, "text": text, "file": file, **fields})


def said(code):
    return sentence(RuleBroken(code), "nl")


def test_a_file_alone_is_sent(chatting):
    assert send(chatting).status_code == 302
    assert world.kinds(the_chat()) == ["text", "file"]
    page = body(chatting.get(HERE))
    address = f"/chat/bestand/{Attachment.objects.get().public_id}/"
    assert f'href="{address}"' in page
    assert "foto.jpg" in page
    assert chatting.get(address).content[:3] == b"\xff\xd8\xff"


def test_a_file_with_a_text_are_two_messages(chatting):
    assert send(chatting, "Dit is de put.").status_code == 302
    assert world.kinds(the_chat()) == ["text", "file", "text"]


def test_the_same_form_twice_sends_file_and_text_once(chatting):
    refs = {"ref": uuid.uuid4(), "file_ref": uuid.uuid4()}
    for _ in range(2):
        assert send(chatting, "Dit is de put.", **refs).status_code == 302
    assert world.kinds(the_chat()) == ["text", "file", "text"]


@pytest.mark.parametrize(
    ("content", "code"), [(b"GIF89a", "file_type"), (b"%PDF-1.7 nothing", "file_broken")]
)
def test_a_refused_file_says_why_at_its_field_and_keeps_the_text(chatting, content, code):
    answer = send(chatting, "Dit is de put.", content)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors == {"file": [said(code)]}
    assert "Dit is de put." in body(answer)
    assert 'aria-invalid="true"' in str(form["file"])
    assert world.kinds(the_chat()) == ["text"]


def test_an_empty_file_is_refused(chatting):
    answer = send(chatting, content=b"")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"file": [said("file_missing")]}


def test_a_text_that_is_refused_after_its_file_leaves_room_for_another_file(chatting):
    refs = {"ref": uuid.uuid4(), "file_ref": uuid.uuid4()}
    answer = send(chatting, "\u200b", **refs)
    assert answer.status_code == 422
    assert world.kinds(the_chat()) == ["text", "file"]
    assert hidden(answer, "file_ref") != str(refs["file_ref"])
    again = {"ref": hidden(answer, "ref"), "file_ref": hidden(answer, "file_ref")}
    assert send(chatting, "Beter.", picture("PNG"), "plan.png", **again).status_code == 302
    assert world.kinds(the_chat()) == ["text", "file", "file", "text"]


def test_a_file_that_comes_too_late_says_that_the_chat_has_ended(chatting):
    refs = {name: hidden(chatting.get(HERE), name) for name in ("ref", "file_ref")}
    closing.end_by_citizen(conversation=the_chat(), now=timezone.now())
    answer = send_late(chatting, refs)
    assert answer.status_code == 422
    assert said("conversation_closed") in body(answer)
    assert Attachment.objects.count() == 0


def send_late(client, refs):
    return post(client, "send", **refs, text="", file=uploaded(picture(), "foto.jpg"))


def test_a_city_that_takes_no_files_shows_no_field_and_stores_none(chatting):
    world.rules(files_allowed=False)
    assert 'type="file"' not in body(chatting.get(HERE))
    assert send(chatting).status_code == 422  # without its file it is an empty message
    assert world.kinds(the_chat()) == ["text"]


def test_before_the_first_message_there_is_no_field_for_a_file(citizen, open_now):
    assert 'type="file"' not in body(citizen.get(HERE))


def test_many_files_in_a_minute_are_too_fast(chatting):
    for _ in range(10):
        send(chatting, content=b"GIF89a")
    answer = send(chatting)
    assert answer.status_code == 422
    assert world.kinds(the_chat()) == ["text"]


def test_a_conversation_that_is_removed_meanwhile_gives_the_text_back(chatting, monkeypatch):
    def removed(**kwargs):
        raise Conversation.DoesNotExist

    refs = {name: hidden(chatting.get(HERE), name) for name in ("ref", "file_ref")}
    monkeypatch.setattr("chat.plain.writing.citizen_text", removed)
    answer = post(chatting, "send", **refs, text="mijn vraag")
    assert answer.status_code == 422
    assert "mijn vraag" in body(answer)
    assert said("wrong_token") in body(answer)


def test_a_removed_file_is_still_a_line(chatting):
    citizen_shares(the_chat(), now=timezone.now())
    Attachment.objects.all().delete()
    assert gettext("This file was removed.") in body(chatting.get(HERE))


def test_files_of_the_agent_stand_there_too(citizen, open_now, agent, disk):
    start(citizen)
    world.queueing.claim(conversation=the_chat(), agent=agent, now=timezone.now())
    agent_shares(the_chat(), agent, name="plan.jpg", now=timezone.now())
    assert "plan.jpg" in body(citizen.get(HERE))


def test_many_files_cost_no_more_queries(chatting, django_assert_max_num_queries):
    for _ in range(5):
        citizen_shares(the_chat(), now=timezone.now())
    with django_assert_max_num_queries(38):
        chatting.get(HERE)


@pytest.mark.parametrize(
    ("size", "language", "words"),
    [
        (183_204, "nl", "JPEG, 184 kB"),
        (1_000_000, "nl", "JPEG, 1 MB"),
        (2_412_000, "nl", "JPEG, 2,4 MB"),
        (2_412_000, "en", "JPEG, 2.4 MB"),
    ],
)
def test_a_size_is_written_as_the_language_does(size, language, words):
    with translation.override(language):
        assert file_facts(Attachment(media_type="image/jpeg", size_bytes=size)) == words


def test_a_number_that_is_left_out_is_told_once(chatting):
    ref = hidden(chatting.get(HERE), "ref")
    text = f"Ik ben {NATIONAL_NUMBER}."
    answer = chatting.post(HERE, {"step": "send", "ref": ref, "text": text}, follow=True)
    assert gettext("We left out your national register number.") in body(answer)
    assert NATIONAL_NUMBER not in body(answer)
    assert NATIONAL_NUMBER not in world.texts(the_chat())[-1]
    assert gettext("We left out your national register number.") not in body(chatting.get(HERE))


def test_a_number_in_the_first_message_is_told_too(citizen, open_now):
    page = citizen.get(HERE)
    form = {"token": hidden(page, "token"), "ref": hidden(page, "ref"), "text": NATIONAL_NUMBER}
    answer = citizen.post(HERE, {"step": "start", **form}, follow=True)
    assert gettext("We left out your national register number.") in body(answer)
