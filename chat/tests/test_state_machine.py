"""Any order of anything that people and the clock can do, against a replay of the messages."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from chat.actions import availability, closing, conversing, queueing
from chat.models import Presence
from chat.states import ALLOWED_MOVES, OPEN_STATES, Author, Reason, State
from chat.testing import world
from common.errors import RuleBroken

pytestmark = pytest.mark.django_db

# What each message says of the state after it; written here by hand, not read from the code.
STATE_AFTER = {
    "joined": "active",
    "left": "waiting",
    "closed": "closed",
    "abandoned": "abandoned",
    "continued": "waiting",
}
EXPLICIT_MOVES = {
    ("waiting", "active"),
    ("waiting", "closed"),
    ("waiting", "abandoned"),
    ("active", "waiting"),
    ("active", "closed"),
    ("closed", "waiting"),
    ("abandoned", "waiting"),
}
TROUBLE = {
    *("already_taken", "conversation_closed", "not_found", "too_fast", "cannot_continue"),
    *("chat_closed", "not_allowed_now"),
}


def test_the_table_of_moves_is_what_we_say_it_is():
    allowed = {(str(a), str(b)) for a, to in ALLOWED_MOVES.items() for b in to}
    assert allowed == EXPLICIT_MOVES


class ChatMachine(RuleBasedStateMachine):
    """One conversation, its citizen, two agents, and time."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.now = world.NOW
        self.agents = [
            User.objects.create_user(f"{name}@test.example", first_name=name)
            for name in ("Anke", "Bram")
        ]
        for agent in self.agents:
            agent.role_grants.create(role="agent")
        self.rules = world.open_for_business(self.agents[0])
        world.is_there(self.agents[1])
        self.chat = world.a_chat(self.now)
        self.queued_at = self.now

    def attempt(self, action, **arguments) -> bool:
        self.now += timedelta(milliseconds=1)  # no two steps fall together
        try:
            with transaction.atomic():
                action(**arguments, now=self.now)
        except RuleBroken as broken:
            if broken.code not in TROUBLE:
                raise
            return False
        return True

    def row(self):
        return world.fresh(self.chat)

    @rule(seconds=st.sampled_from([1, 5, 31, 61, 95, 125, 301, 1_900, 3_601, -2]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(who=st.sampled_from([0, 1]), state=st.sampled_from(["available", "away"]))
    def agent_is_heard(self, who: int, state: str) -> None:
        world.is_there(self.agents[who], self.now, Presence.State(state))

    @rule()
    def citizen_is_heard(self) -> None:
        availability.hear(agent_ids=set(), citizen_conversation_ids={self.chat.pk}, now=self.now)

    @rule()
    def citizen_writes(self) -> None:
        was_open = self.row().state in OPEN_STATES
        if not self.attempt(self._citizen_text):
            return
        assert was_open

    def _citizen_text(self, now) -> None:
        world.citizen_says(self.row(), now=now)

    @rule(who=st.sampled_from([0, 1]))
    def agent_writes(self, who: int) -> None:
        owned = self.row().agent_id == self.agents[who].pk
        stored = self.attempt(lambda now: world.agent_says(self.row(), self.agents[who], now=now))
        assert stored is owned

    @rule(who=st.sampled_from([0, 1]))
    def agent_claims(self, who: int) -> None:
        before = self.row()
        mine = before.agent_id == self.agents[who].pk
        won = self.attempt(queueing.claim, conversation=before, agent=self.agents[who])
        assert won is (before.state == State.WAITING or mine)

    @rule()
    def agent_returns(self) -> None:
        before = self.row()
        done = queueing.return_to_queue(
            conversation=before, reason=Reason.AGENT_RETURNED, now=self.now, rules=self.rules
        )
        assert done is (before.state == State.ACTIVE)

    @rule()
    def citizen_ends(self) -> None:
        self.attempt(closing.end_by_citizen, conversation=self.row())

    @precondition(lambda self: self.row().state == State.ACTIVE)
    @rule()
    def agent_closes(self) -> None:
        topic = world.a_topic()
        self.attempt(closing.close_by_agent, conversation=self.row(), topic=topic)
        assert self.row().topic == topic

    @rule()
    def citizen_extends(self) -> None:
        self.attempt(closing.extend, conversation=self.row())
        assert self.row().silence_ends_at is None or self.row().state not in OPEN_STATES

    @rule()
    def citizen_continues(self) -> None:
        before = self.row()
        if self.attempt(closing.continue_conversation, conversation=before):
            if before.state not in OPEN_STATES:
                assert before.close_reason in {"silence", "unreachable"}
                assert self.now <= before.closed_at + timedelta(minutes=60)
                self.queued_at = self.now
            assert self.row().state in OPEN_STATES

    @rule()
    def the_sweep_runs(self) -> None:
        queueing.return_unattended(now=self.now, rules=self.rules)
        closing.close_silent(now=self.now, rules=self.rules)
        closing.ask_silent_citizens(now=self.now, rules=self.rules)
        closing.abandon_unreachable(now=self.now, rules=self.rules)

    @rule()
    def citizen_reads(self) -> None:
        row = self.row()
        conversing.mark_read(conversation=row, reader=Author.CITIZEN, seq=row.last_seq)

    @invariant()
    def the_messages_tell_the_whole_story(self) -> None:
        row = self.row()
        messages = list(row.messages.order_by("seq"))
        assert [m.seq for m in messages] == list(range(1, row.last_seq + 1))
        state, agent, moves = "waiting", None, set()
        for message in messages:
            to = STATE_AFTER.get(message.kind, state)
            if to != state:
                moves.add((state, to))
            if message.kind == "text":
                assert state in OPEN_STATES, "a text in a conversation that had ended"
                assert message.author == "citizen" or message.agent_id == agent
            state = to
            agent = message.agent_id if to == "active" and message.kind == "joined" else agent
            agent = agent if to == "active" else None
        assert (row.state, row.agent_id) == (state, agent)
        assert moves <= EXPLICIT_MOVES

    @invariant()
    def the_row_agrees_with_itself(self) -> None:
        row = self.row()
        assert (row.agent_id is not None) == (row.state == State.ACTIVE)
        assert (row.closed_at is not None) == (row.state not in OPEN_STATES)
        assert (row.close_reason != "") == (row.state not in OPEN_STATES)
        assert row.silence_ends_at is None or row.state == State.ACTIVE
        assert row.queued_at == self.queued_at
        assert row.citizen_read_seq <= row.last_seq
        assert row.agent_read_seq <= row.last_seq

    @invariant()
    def every_message_has_its_event(self) -> None:
        told = [f"chat.{'message' if k == 'text' else k}" for k in world.kinds(self.chat)]
        logged = world.events_of(self.chat)
        assert logged[0] == "chat.queued"
        beside = {"chat.first_answer", "chat.assigned"}
        assert [kind for kind in logged[1:] if kind not in beside] == told
        assert logged.count("chat.assigned") == logged.count("chat.joined")
        answered = self.row().first_answered_at is not None
        assert logged.count("chat.first_answer") == answered


def test_no_order_of_steps_breaks_a_conversation():
    run_state_machine_as_test(
        ChatMachine,
        settings=settings(max_examples=15, stateful_step_count=25, deadline=None),
    )
