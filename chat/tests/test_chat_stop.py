"""A supervisor closes the chat for now: no new conversations, the others go on."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chat import rush as standing
from chat.actions import closing, rush
from chat.actions.availability import availability
from chat.models import ChatStop
from chat.status import chat_status
from chat.testing import world
from chat.testing.world import NOW, after
from common.errors import RuleBroken
from common.models import Event

pytestmark = pytest.mark.django_db
TEXT, TEXT_EN = "Onze ploeg helpt nu aan de telefoon.", "Our team is on the telephone now."


def stop(supervisor, now=NOW, **fields):
    given = {"text": TEXT, "text_en": TEXT_EN, **fields}
    rush.stop_chat(by=supervisor, now=now, **given)


def state(now=NOW):
    return availability(now=now, rules=world.rules()).state


def test_new_conversations_are_refused_in_the_words_of_the_supervisor(open_chat, supervisor):
    stop(supervisor)
    assert state() == "closed"
    status = chat_status(NOW)
    assert (status.state, status.sentence) == ("closed", TEXT)
    with pytest.raises(RuleBroken, match="chat_closed") as refused:
        world.a_chat()
    assert refused.value.params == {"text": TEXT, "text_en": TEXT_EN}


def test_what_runs_and_who_waits_goes_on(open_chat, agent, supervisor):
    running, waiting = world.a_chat_with(agent), world.a_chat()
    stop(supervisor, after(10))
    assert world.citizen_says(running, now=after(20)).seq
    assert world.agent_says(running, agent, now=after(30)).seq
    assert world.fresh(waiting).state == "waiting"


def test_what_silence_ended_is_not_continued_meanwhile(open_chat, agent, supervisor):
    ended = world.ended_by_silence(agent)
    stop(supervisor)
    with pytest.raises(RuleBroken, match="chat_closed"):
        closing.continue_conversation(conversation=ended, now=NOW)


def test_it_opens_again_by_a_click_and_by_the_time(open_chat, supervisor):
    stop(supervisor)
    rush.resume_chat(by=supervisor, now=after(5))
    rush.resume_chat(by=supervisor, now=after(6))
    assert state(after(7)) == "open"
    stop(supervisor, after(10), until=after(70))
    assert (state(after(30)), standing.standing(after(70)).stop) == ("closed", None)
    assert rush.end_what_is_over(now=after(75))
    found = ChatStop.objects.order_by("pk").values_list("ended_by", "ended_at")
    assert list(found) == [(supervisor.pk, after(5)), (None, after(70))]
    kinds = Event.objects.filter(kind__in=["chat.stopped", "chat.resumed"]).order_by("pk")
    assert [(event.kind, event.details.get("reason")) for event in kinds] == [
        ("chat.stopped", None),
        ("chat.resumed", "opened_again"),
        ("chat.stopped", None),
        ("chat.resumed", "time_over"),
    ]


def test_the_same_twice_is_one_and_other_words_take_its_place(open_chat, supervisor):
    stop(supervisor, until=after(600))
    stop(supervisor, after(1), until=after(601))
    assert ChatStop.objects.count() == 1
    stop(supervisor, after(2), text="Om 14 uur zijn we terug.")
    assert standing.standing(after(3)).stop.text == "Om 14 uur zijn we terug."
    assert ChatStop.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("text", ["", "  \n ", "\u202e", "x" * 201])
def test_no_words_or_too_many_are_refused(open_chat, supervisor, text):
    with pytest.raises(RuleBroken, match="stop_text"):
        stop(supervisor, text=text)
    assert state() == "open"


@pytest.mark.parametrize("seconds", [-1, 0, 86_401])
def test_an_end_in_the_past_or_far_away_is_refused(open_chat, supervisor, seconds):
    with pytest.raises(RuleBroken, match="stop_until"):
        stop(supervisor, until=after(seconds))


def test_a_national_number_is_left_out_of_the_words(open_chat, supervisor):
    stop(supervisor, text="Bel 85.07.30-033.28")
    assert "85.07" not in ChatStop.objects.get().text


def test_outside_the_hours_the_hours_say_why(open_chat, supervisor):
    stop(supervisor)
    night = NOW + timedelta(hours=12)
    assert TEXT not in chat_status(night).sentence


def test_the_plain_page_and_the_launcher_say_so_in_both_languages(open_now, supervisor):
    stop(supervisor, timezone.now())
    for address, text in (("/chat/", TEXT), ("/en/chat/", TEXT_EN)):
        assert text in Client().get(address).content.decode()
    status = Client().get("/chat/status.json", {"lang": "en"}).json()
    assert (status["state"], status["sentence"]) == ("closed", TEXT_EN)


def test_a_post_to_the_plain_page_is_refused_in_those_words(open_now, supervisor):
    page = Client().get("/chat/")
    form = page.context["form"]
    stop(supervisor, timezone.now())
    given = {name: form[name].value() or "" for name in form.fields}
    answer = Client().post("/chat/", {**given, "act": "start", "text": "Dag!"})
    assert answer.status_code == 422
    assert TEXT in answer.content.decode()
