"""The figures of the wall board: right, and as cheap with many rows as with few."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat import board
from chat.actions import closing, queueing, rating
from chat.models import ChatRules, ChatStop, Conversation, PhoneFirst, Presence
from chat.states import Reason
from chat.testing import crowds, world
from questions.actions import at_once as questions
from questions.models import Question

pytestmark = pytest.mark.django_db


def figures(now=world.NOW):
    return board.board(now=now)


def answered(channel="phone"):
    return questions.Answered(
        client_ref=uuid.uuid4(),
        channel=Question.Channel(channel),
        outcome=Question.Outcome.ANSWERED_AT_ONCE,
        topic=world.a_topic(),
    )


def test_who_waits_and_since_when(open_chat, agent):
    world.a_chat(world.after(30))
    world.a_chat(world.NOW)
    world.a_chat_with(agent, world.after(40))
    found = figures(world.after(90))
    assert (found.waiting, found.waiting_since) == (2, world.NOW)


def test_an_empty_day_has_no_longest_wait_and_nobody(db):
    found = figures()
    assert (found.waiting, found.waiting_since, found.agents) == (0, None, [])
    assert (found.answered, found.missed, found.mean_rating) == (0, 0, None)


def test_a_chat_counts_as_answered_on_the_day_of_its_first_answer(open_chat, agent):
    chat = world.a_chat_with(agent)
    assert figures().answered == 0
    world.agent_says(chat, agent)
    world.agent_says(chat, agent, "En nog iets.")
    assert figures().answered == 1
    assert figures(world.NOW + timedelta(days=1)).answered == 0


def test_who_got_no_answer_is_missed_and_who_did_is_not(open_chat, agent):
    closing.end_by_citizen(conversation=world.a_chat(), now=world.NOW)
    helped = world.a_chat_with(agent)
    world.agent_says(helped, agent)
    closing.end_by_citizen(conversation=world.fresh(helped), now=world.NOW)
    world.a_chat()
    closing.abandon_unreachable(now=world.after(3600), rules=ChatRules.current())
    found = figures(world.after(3600))
    assert (found.missed, found.gave_up) == (2, 1)
    assert figures(world.NOW + timedelta(days=1)).missed == 0


def test_who_was_answered_and_then_waited_in_vain_is_missed_too(open_chat, agent):
    chat = world.a_chat_with(agent)
    world.agent_says(chat, agent)
    queueing.return_to_queue(
        conversation=world.fresh(chat),
        reason=Reason.AGENT_GONE,
        now=world.NOW,
        rules=ChatRules.current(),
    )
    closing.abandon_unreachable(now=world.after(3600), rules=ChatRules.current())
    found = figures(world.after(3600))
    assert (found.answered, found.missed) == (1, 1)


@pytest.mark.parametrize(("ratings", "mean"), [(4, None), (5, 3.0)])
def test_a_mean_is_shown_from_five_ratings(open_chat, ratings, mean):
    for score in range(1, ratings + 1):
        chat = world.a_chat()
        closing.end_by_citizen(conversation=chat, now=world.NOW)
        rating.rate(conversation=world.fresh(chat), score=score, comment="", now=world.NOW)
    found = figures()
    assert (found.ratings, found.mean_rating) == (ratings, mean)


def test_telephone_questions_count_unless_taken_back(agent):
    kept = questions.register(answered=answered(), by=agent, now=world.NOW)
    questions.register(answered=answered("mail"), by=agent, now=world.NOW)
    assert figures().telephone == 1
    questions.withdraw(question=kept, by=agent, now=world.NOW)
    assert figures().telephone == 0


def test_agents_have_state_open_chats_and_cap(open_chat, agent, second_agent):
    world.rules(default_cap=3)
    world.is_there(second_agent, state=Presence.State.ON_PHONE)
    Presence.objects.filter(agent=second_agent).update(cap=5)
    world.a_chat_with(agent)
    assert figures().agents == [
        board.AgentLine("Anke", "available", 1, 3),
        board.AgentLine("Bram", "on_phone", 0, 5),
    ]


def test_an_agent_not_heard_leaves_the_board_unless_chats_are_left_behind(
    open_chat, agent, second_agent
):
    world.rules(default_cap=3)
    world.is_there(second_agent)
    world.a_chat_with(agent)
    assert figures(world.after(60)).agents == [board.AgentLine("Anke", "offline", 1, 3)]


def test_who_lost_the_role_is_no_agent(open_chat, agent):
    agent.role_grants.all().delete()
    assert figures().agents == []


def test_telephone_first_lowers_the_caps_while_it_runs(open_chat, agent, supervisor):
    row = PhoneFirst.objects.create(
        source="supervisor",
        started_at=world.NOW,
        started_by=supervisor,
        until=world.after(600),
    )
    found = figures()
    assert found.phone_first == row
    assert found.agents[0].cap == 1
    later = figures(world.after(601))
    assert later.phone_first is None


def test_a_closing_for_now_shows_until_its_end(supervisor):
    row = ChatStop.objects.create(
        text="Storing", started_at=world.NOW, started_by=supervisor, until=world.after(60)
    )
    assert figures().stop == row
    assert figures(world.after(61)).stop is None
    ChatStop.objects.update(until=None)
    assert figures(world.after(61)).stop == row
    ChatStop.objects.update(ended_at=world.NOW)
    assert figures(world.after(61)).stop is None


def queries_now():
    with CaptureQueriesContext(
        connection,
    ) as captured:
        figures()
    return len(captured)


def test_ten_thousand_rows_cost_the_same_queries_as_ten(
    open_chat, agent, supervisor, django_assert_num_queries
):
    world.is_there(supervisor)
    crowds.closed_conversations(10, now=world.NOW, agent=agent)
    crowds.open_conversations(5, now=world.NOW, agent=agent)
    few = queries_now()
    crowds.closed_conversations(10_000, now=world.NOW, agent=agent)
    crowds.open_conversations(200, now=world.NOW, agent=agent)
    with django_assert_num_queries(few):
        found = figures()
    assert few <= 10
    assert found.answered > 5_000
    assert found.waiting == 2 + 100


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (lambda: board.answered_since(world.NOW), "conversation_opened_at"),
        (lambda: board.closed_since(world.NOW), "conversations_to_anonymise"),
        (Conversation.objects.open_now, "open_conversations|conversations_to_anonymise"),
    ],
    ids=["answered", "closed", "open"],
)
def test_no_figure_reads_the_whole_table(rows, index, agent):
    crowds.closed_conversations(300, now=world.NOW, agent=agent)
    assert Conversation.objects.count() == 300
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":  # so few rows it would rather read all
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert re.search(index, rows().order_by().explain())
