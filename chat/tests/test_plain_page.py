"""The chat by plain forms, without JavaScript."""

import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from chat.models import Conversation, Message, Presence
from chat.testing import world

pytestmark = pytest.mark.django_db
HERE = "/chat/"


def hidden(page, name):
    """The value of a hidden field of the page."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page.content.decode())
    assert found, name
    return found[1]


def post(client, step, here=HERE, **fields):
    return client.post(here, {"step": step, **fields})


def start(client, text="Dag!", here=HERE, **fields):
    page = client.get(here)
    form = {"token": hidden(page, "token"), "ref": hidden(page, "ref"), "text": text, **fields}
    return post(client, "start", here, **form), form


def body(answer):
    return answer.content.decode()


@pytest.fixture
def chatting(citizen, open_now):
    """A browser with a conversation."""
    start(citizen)
    return citizen


def the_chat():
    return Conversation.objects.get()


def test_a_first_form_starts_a_conversation(citizen, open_now):
    answer, form = start(citizen, "Dag!", name="An")
    assert (answer.status_code, answer["Location"]) == (302, "/chat/#laatste")
    assert (the_chat().name, the_chat().language, world.texts(the_chat())) == ("An", "nl", ["Dag!"])
    assert form["token"] not in body(citizen.get(HERE))
    assert "Dag!" in body(citizen.get(HERE))


def test_looking_sets_no_cookie_but_that_of_the_form(citizen, open_now):
    page = citizen.get(HERE)
    assert set(page.cookies) == {"csrftoken"}
    assert "no-store" in page["Cache-Control"] or "no-cache" in page["Cache-Control"]


def test_the_cookie_is_for_this_page_only_and_no_script_reads_it(citizen, open_now, settings):
    settings.SESSION_COOKIE_SECURE = True
    answer, form = start(citizen)
    cookies = {c["path"]: c for c in answer.cookies.values() if c.key.startswith("chat_token")}
    assert set(cookies) == {"/chat/", "/en/chat/"}
    for cookie in cookies.values():
        assert (cookie.value, cookie["httponly"], cookie["secure"]) == (form["token"], True, True)
        assert (cookie["samesite"], cookie["max-age"]) == ("Lax", "")


def test_a_double_click_on_start_is_one_conversation(citizen, open_now):
    _, form = start(citizen)
    assert post(citizen, "start", **form).status_code == 302
    assert Message.objects.count() == 1


def test_a_conversation_stays_when_the_language_changes(citizen, open_now):
    start(citizen, "Dag!")
    assert "Dag!" in body(citizen.get("/en/chat/"))


def test_an_english_start_is_an_english_conversation(citizen, open_now):
    answer, _ = start(citizen, here="/en/chat/")
    assert answer["Location"] == "/en/chat/#laatste"
    assert the_chat().language == "en"


def test_writing_on_is_stored_once_per_form(chatting):
    ref = hidden(chatting.get(HERE), "ref")
    for _ in range(2):
        assert post(chatting, "send", ref=ref, text="En zondag?").status_code == 302
    assert world.texts(the_chat()) == ["Dag!", "En zondag?"]


def test_another_text_in_the_same_form_is_stored_too(chatting):
    """The answer to the first never came, and the citizen wrote on in that page."""
    ref = hidden(chatting.get(HERE), "ref")
    for text in ("En zondag?", "En zondag? Of maandag?", "En zondag? Of maandag?"):
        assert post(chatting, "send", ref=ref, text=text).status_code == 302
    assert world.texts(the_chat()) == ["Dag!", "En zondag?", "En zondag? Of maandag?"]


def test_another_first_text_in_the_same_form_is_stored_too(citizen, open_now):
    _, form = start(citizen, "Dag!")
    again = {**form, "text": "Dag! Is de balie open?"}
    for _ in range(2):
        assert post(citizen, "start", **again).status_code == 302
    assert world.texts(the_chat()) == ["Dag!", "Dag! Is de balie open?"]


def test_another_first_text_for_a_chat_that_ended_comes_back_in_a_form_that_works(
    citizen, open_now
):
    _, form = start(citizen, "Dag!")
    post(citizen, "end")
    answer = post(citizen, "start", **{**form, "text": "Nog iets."})
    assert answer.status_code == 422
    assert "Nog iets." in body(answer)
    new = {"token": hidden(answer, "token"), "ref": hidden(answer, "ref"), "text": "Nog iets."}
    assert post(citizen, "start", **new).status_code == 302
    assert world.texts(Conversation.objects.latest("pk")) == ["Nog iets."]


def test_an_empty_or_too_long_text_comes_back_with_its_words(chatting):
    ref = hidden(chatting.get(HERE), "ref")
    for text in ("", "  ", "\u200b", "x" * 2_001):
        answer = post(chatting, "send", ref=ref, text=text)
        assert answer.status_code == 422
        assert text.strip() in body(answer)
        assert hidden(answer, "ref") == ref
    assert the_chat().last_seq == 1


def test_an_empty_or_too_long_start_comes_back_with_its_words(citizen, open_now):
    for text in ("", "\u200b", "y" * 2_001):
        answer, form = start(citizen, text, name="An")
        assert answer.status_code == 422
        assert text in body(answer)
        assert (hidden(answer, "token"), hidden(answer, "ref")) == (form["token"], form["ref"])
        assert 'value="An"' in body(answer)
    assert Conversation.objects.count() == 0


def test_a_line_break_counts_as_one_character(chatting):
    text = "\r\n".join(["x" * 99] * 20)  # 1,999 characters as a person counts
    assert post(chatting, "send", ref=uuid.uuid4(), text=text).status_code == 302
    assert len(world.texts(the_chat())[-1]) == 1_999


def test_writing_too_fast_keeps_the_text(chatting):
    for _ in range(20):
        post(chatting, "send", ref=uuid.uuid4(), text="x")
    answer = post(chatting, "send", ref=uuid.uuid4(), text="nog iets belangrijks")
    assert answer.status_code == 422
    assert "nog iets belangrijks" in body(answer)


def test_ending_twice_is_no_mistake(chatting):
    for _ in range(2):
        answer = chatting.post(HERE, {"step": "end"}, follow=True)
        assert answer.status_code == 200
        assert "error-summary" not in body(answer)
    assert world.kinds(the_chat()) == ["text", "closed"]


def test_a_text_that_came_too_late_goes_along_into_a_new_chat(chatting):
    post(chatting, "end")
    late = post(chatting, "send", ref=uuid.uuid4(), text="mijn lange vraag")
    assert late.status_code == 422
    assert "mijn lange vraag" in body(late)
    fresh = post(chatting, "new", text="mijn lange vraag")
    assert "mijn lange vraag" in body(fresh)
    form = {"token": hidden(fresh, "token"), "ref": hidden(fresh, "ref")}
    assert post(chatting, "start", text="mijn lange vraag", **form).status_code == 302
    assert Conversation.objects.count() == 2


def test_a_new_chat_forgets_the_old_one(chatting):
    post(chatting, "end")
    assert post(chatting, "new").status_code == 302
    assert "Dag!" not in body(chatting.get(HERE))


def test_what_silence_ended_is_continued_with_the_late_text(chatting, agent):
    Conversation.objects.update(state="closed", closed_at=timezone.now(), close_reason="silence")
    answer = post(chatting, "continue", text="toch nog dit")
    assert (answer.status_code, the_chat().state) == (200, "waiting")
    assert "toch nog dit" in body(answer)
    Conversation.objects.update(state="closed", closed_at=timezone.now(), close_reason="silence")
    assert post(chatting, "continue").status_code == 302
    assert the_chat().state == "waiting"


def test_what_cannot_be_continued_says_so(chatting):
    post(chatting, "end")
    answer = chatting.post("/en/chat/", {"step": "continue"}, follow=True)
    assert "This chat cannot be continued any more" in body(answer)


def test_the_silence_question_is_answered_by_a_button(chatting, agent):
    Conversation.objects.update(state="active", agent=agent, silence_ends_at=timezone.now())
    assert 'value="extend"' in body(chatting.get(HERE))
    assert post(chatting, "extend").status_code == 302
    assert the_chat().silence_ends_at is None


def test_closed_says_so_and_shows_no_form(citizen, open_now, agent):
    world.is_there(agent, timezone.now(), Presence.State.AWAY)
    page = body(citizen.get("/en/chat/"))
    assert "Nobody is available at the moment" in page
    assert 'name="text"' not in page
    assert '<a class="button" href="/en/contact/vraag/">' in page


def test_a_start_that_came_too_late_keeps_its_text(citizen, open_now, agent):
    page = citizen.get(HERE)
    form = {"token": hidden(page, "token"), "ref": hidden(page, "ref"), "text": "te laat"}
    world.is_there(agent, timezone.now(), Presence.State.AWAY)
    answer = post(citizen, "start", **form)
    assert answer.status_code == 422
    assert "te laat" in body(answer)
    assert 'formaction="/contact/vraag/"' in body(answer)
    asked = citizen.post("/contact/vraag/", {"step": "begin", **form})
    assert asked.context["form"]["text"].value() == "te laat"


def test_a_strangers_cookie_opens_nothing(chatting, open_now):
    for token in (world.new_token(), "kort", "x" * 43):
        stranger = Client()
        stranger.cookies["chat_token_nl"] = token
        assert "Dag!" not in body(stranger.get(HERE))
        post(stranger, "end")
    assert the_chat().state == "waiting"


def test_a_text_for_a_conversation_that_is_gone_comes_back_in_a_form_that_works(citizen, open_now):
    answer = post(citizen, "send", ref=uuid.uuid4(), text="mijn vraag")
    assert answer.status_code == 422
    assert "mijn vraag" in body(answer)
    form = {"token": hidden(answer, "token"), "ref": hidden(answer, "ref")}
    assert post(citizen, "start", text="mijn vraag", **form).status_code == 302


def test_forms_without_the_csrf_token_are_refused(open_now):
    careful = Client(enforce_csrf_checks=True)
    assert post(careful, "start", token=world.new_token(), text="x").status_code == 403
    assert Conversation.objects.count() == 0


def test_words_of_people_are_never_markup(chatting):
    post(chatting, "send", ref=uuid.uuid4(), text="<script>alert(1)</script>")
    assert "<script>alert(1)" not in body(chatting.get(HERE))
    assert "&lt;script&gt;alert(1)" in body(chatting.get(HERE))


def test_other_methods_are_refused(citizen):
    assert citizen.put(HERE).status_code == 405
    assert citizen.head(HERE).status_code == 200


def test_a_long_conversation_costs_no_more_queries(chatting, django_assert_max_num_queries):
    conversation = the_chat()
    Message.objects.bulk_create(
        Message(conversation=conversation, seq=n, author="citizen", text="x", stored_at=world.NOW)
        for n in range(2, 150)
    )
    Conversation.objects.update(last_seq=149)
    # Who waits is told the place, the range and products; outside a test's transaction what they
    # are worked out from is remembered for some seconds.
    with django_assert_max_num_queries(36):
        chatting.get(HERE)
