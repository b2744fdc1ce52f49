"""A copy of a chat as text: who said what and when, in the language of the chat."""

import pytest
from django.utils.translation import override

from chat.actions import closing, queueing
from chat.models import Attachment, ChatRules, Conversation, Message
from chat.states import Kind, Reason
from chat.testing import world
from chat.testing.files import agent_shares, citizen_shares
from chat.testing.world import NOW, after, agent_says, citizen_says, fresh
from chat.texts import WIDGET_TEXTS
from chat.transcript import as_text, transcript_of
from city.models import CityContact

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return CityContact.objects.create(
        name="Stad Hasselt", name_en="City of Hasselt", phone="011 23 90 00", email="info@stad.test"
    )


@pytest.fixture
def talk(open_chat, agent, contact):
    """Opened, taken, answered, ended by the citizen."""
    conversation = world.a_chat_with(agent)
    agent_says(conversation, agent, "Dat kan van 9 tot 12 uur.", after(90))
    citizen_says(conversation, "Dank u!\nTot dan.", after(120))
    closing.end_by_citizen(conversation=fresh(conversation), now=after(150))
    return fresh(conversation)


def widget_text(key, name="", language="nl"):
    with override(language):
        return str(WIDGET_TEXTS[key]).replace("{name}", name)


def test_it_reads_as_the_talk_went(talk):
    text = as_text(talk)
    assert text.endswith(
        f"""
dinsdag 30 juni 2026
--------------------

{widget_text("you")}, 12.00 uur:
    Kan ik zaterdag mijn reispas ophalen?

{widget_text("joined", "Anke")} (12.00 uur)

Anke, 12.01 uur:
    Dat kan van 9 tot 12 uur.

{widget_text("you")}, 12.02 uur:
    Dank u!
    Tot dan.

{widget_text("closed_citizen")} (12.02 uur)
"""
    )


def test_its_head_says_whose_it_is_until_when_it_is_kept_and_how_to_reach_the_city(talk):
    world.rules(retention_days=90)
    head = as_text(talk).partition("dinsdag 30 juni 2026\n---")[0]
    assert "Stad Hasselt\n====" in head
    assert "dinsdag 30 juni 2026" in head
    assert "maandag 28 september 2026" in head  # ninety days after the end
    assert "011 23 90 00" in head
    assert "info@stad.test" in head


def test_an_open_chat_says_how_long_it_will_be_kept(open_chat, agent, contact):
    world.rules(retention_days=77)
    assert "77" in as_text(world.a_chat_with(agent))


def test_a_city_without_contact_data_is_no_crash(open_chat, agent):
    copy = transcript_of(world.a_chat_with(agent))
    assert (copy.contact, copy.mail) == ([], "")


def test_it_is_in_the_language_of_the_chat_not_of_the_reader(open_chat, agent, contact):
    conversation = world.a_chat_with(agent, language="en")
    with override("nl"):
        text = as_text(conversation)
    assert "City of Hasselt" in text
    assert "Tuesday 30 June 2026" in text
    assert widget_text("you", language="en") in text


def test_another_day_has_its_own_heading_and_midnight_is_that_of_hasselt(open_chat, agent):
    conversation = world.a_chat_with(agent)
    agent_says(conversation, agent, "laat", NOW.replace(hour=21, minute=59))
    agent_says(conversation, agent, "vroeg", NOW.replace(hour=22, minute=1))
    late, early = transcript_of(conversation).days
    assert (late.name, early.name) == ("dinsdag 30 juni 2026", "woensdag 1 juli 2026")
    assert (late.lines[-1].clock, early.lines[0].clock) == ("23.59 uur", "0.01 uur")


def test_nobody_can_write_the_words_of_another(open_chat, agent):
    forged = f"Ja\n\nAnke, 12.00 uur:\n    U krijgt 100 euro.\u2028{widget_text('closed_citizen')}"
    conversation = world.a_chat_with(agent)
    citizen_says(conversation, forged)
    lines = as_text(conversation).splitlines()
    assert "    Anke, 12.00 uur:" in lines
    assert "        U krijgt 100 euro." in lines
    assert "Anke, 12.00 uur:" not in lines
    assert f"    {widget_text('closed_citizen')}" in lines


def test_files_stand_by_name_and_a_removed_one_says_so(open_chat, agent, disk):
    conversation = world.a_chat_with(agent)
    citizen_shares(conversation, name="pas.jpg")
    stored = agent_shares(conversation, agent, name="plan.jpg")
    file = widget_text("file")
    assert f"    {file} pas.jpg" in as_text(conversation).splitlines()
    assert f"    {file} plan.jpg" in as_text(conversation).splitlines()
    Attachment.objects.filter(public_id=stored.payload["file"]["id"]).delete()
    assert f"    {widget_text('file_gone')}" in as_text(conversation).splitlines()


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.TEXT, Kind.FILE, Kind.CARD}))
def test_everything_that_can_happen_has_its_words(open_chat, kind):
    conversation = world.a_chat()
    reasons = {Kind.CLOSED: ("citizen", "agent", "silence"), Kind.LEFT: ("agent_gone",)}
    for seq, reason in enumerate(reasons.get(kind, [""]), 2):
        Message.objects.create(
            conversation=conversation, seq=seq, kind=kind, reason=reason, stored_at=NOW
        )
        assert "(12.00 uur)" in as_text(conversation).splitlines()[-1]


def test_a_change_of_agents_has_its_words(open_chat, agent, second_agent):
    conversation = world.a_chat_with(agent)
    queueing.return_to_queue(
        conversation=conversation, reason=Reason.AGENT_RETURNED, now=NOW, rules=ChatRules.current()
    )
    queueing.claim(conversation=fresh(conversation), agent=second_agent, now=NOW)
    text = as_text(conversation)
    assert widget_text("left_returned", "Anke") in text
    assert widget_text("joined", "Bram") in text


def test_what_silence_did_has_its_words(open_chat, agent):
    conversation = world.ended_by_silence(agent)
    closing.continue_conversation(conversation=conversation, now=NOW)
    text = as_text(fresh(conversation))
    for key in ("asked_if_there", "closed_silence", "continued"):
        assert widget_text(key) in text


def test_it_takes_three_queries_however_long_the_talk(talk, django_assert_num_queries):
    conversation = Conversation.objects.get(pk=talk.pk)
    with django_assert_num_queries(3):
        as_text(conversation)


def test_two_thousand_long_messages_stand_in_it_to_the_last(open_chat):
    conversation = world.a_chat()
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            seq=seq,
            author="citizen",
            text=f"{seq} " + "x" * 1_990,
            stored_at=after(seq),
        )
        for seq in range(2, 2_001)
    )
    lines = as_text(conversation).splitlines()
    begins = [int(line.split()[0]) for line in lines if line.endswith("x" * 1_990)]
    assert begins == list(range(2, 2_001))


def test_a_text_of_a_thousand_lines_keeps_its_words_and_a_hundred_lines(open_chat, agent):
    conversation = world.a_chat_with(agent)
    citizen_says(conversation, "\n".join("x" * 1_000))
    lines = transcript_of(conversation).days[0].lines[-1].lines
    assert len(lines) == 100
    assert sum(line.text.count("x") for line in lines) == 1_000


def test_text_from_the_right_is_known_by_its_first_letter(open_chat, agent):
    conversation = world.a_chat_with(agent)
    citizen_says(conversation, "123 مرحبا Hasselt\nHasselt مرحبا\n!!\nשלום")
    typed = transcript_of(conversation).days[0].lines[-1].lines
    assert [line.rtl for line in typed] == [True, False, False, True]
