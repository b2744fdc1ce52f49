"""Any order of arrivals, claims, closes, transfers and exits: the promises of the queue hold."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import TestCase
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from chat.actions import assigning, availability, closing, passing, queueing
from chat.colleagues import colleagues
from chat.models import ChatRules, Conversation, Presence
from chat.states import Reason, State
from chat.testing import queue_judge, world
from common.errors import RuleBroken

pytestmark = pytest.mark.django_db
REFUSED = {
    *("already_taken", "at_cap", "chat_closed", "colleague_full", "colleague_gone"),
    *("conversation_closed", "not_allowed_now"),
}
who = st.integers(0, 2)
which = st.integers(0, 9)
states = st.sampled_from(["available", "available", "busy", "on_phone", "away"])


class QueueMachine(RuleBasedStateMachine):
    """Three agents, any number of citizens, and time; each step with what follows its commit."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(queue=st.integers(2, 8))
    def begin(self, queue: int) -> None:
        self.now = world.NOW
        self.agents = [
            User.objects.create_user(f"{name}@test.example", first_name=name)
            for name in ("Anke", "Bram", "Cas")
        ]
        for agent in self.agents:
            agent.role_grants.create(role="agent")
            world.is_there(agent, self.now)
        world.open_for_business(self.agents[0])
        world.rules(assigns_automatically=True, default_cap=2, wrap_up_seconds=30)
        self.before: dict[int, int] = {}
        for _ in range(queue):
            self.step(world.a_chat)

    def step(self, action, **arguments) -> None:
        self.now += timedelta(milliseconds=1)
        self.before = queue_judge.loads()
        try:
            with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
                action(**arguments, now=self.now)
        except RuleBroken as broken:
            if broken.code not in REFUSED:
                raise

    def some(self, number: int, state: State) -> Conversation | None:
        rows = Conversation.objects.filter(state=state).select_related("agent").order_by("pk")
        return rows[number % len(rows)] if rows else None

    @rule()
    def citizens_come(self) -> None:
        for _ in range(3):
            self.a_citizen_comes()

    @rule()
    def a_citizen_comes(self) -> None:
        free = [one for one in self.there() if one.room(self.now)]
        queue = Conversation.objects.filter(state=State.WAITING).count()
        self.step(world.a_chat)
        newest = Conversation.objects.order_by("pk").last()
        if newest and newest.agent_id and queue == 0 and newest.opened_at == self.now:
            least = min(one.open for one in free)
            assert self.before.get(newest.agent_id, 0) == least, "not to the least busy"

    @rule(agent=who, number=which)
    def an_agent_pulls(self, agent: int, number: int) -> None:
        if chat := self.some(number, State.WAITING):
            self.step(queueing.claim, conversation=chat, agent=self.agents[agent])

    @rule(number=which)
    def a_chat_is_closed(self, number: int) -> None:
        if chat := self.some(number, State.ACTIVE):
            self.step(closing.close_by_agent, conversation=chat, topic=world.a_topic())

    @rule(number=which, state=st.sampled_from([State.WAITING, State.ACTIVE]))
    def a_citizen_leaves(self, number: int, state: State) -> None:
        if chat := self.some(number, state):
            self.step(closing.end_by_citizen, conversation=chat)

    @rule(number=which, to=who)
    def a_chat_is_passed_on(self, number: int, to: int) -> None:
        chat = self.some(number, State.ACTIVE)
        if chat and chat.agent:
            to_id = self.agents[to].public_id
            self.step(passing.transfer, conversation=chat, by=chat.agent, to=to_id, note="")

    @rule(number=which)
    def a_chat_is_given_back(self, number: int) -> None:
        if chat := self.some(number, State.ACTIVE):
            self.step(
                queueing.return_to_queue,
                conversation=chat,
                reason=Reason.AGENT_RETURNED,
                rules=ChatRules.current(),
            )

    @rule(agent=who)
    def a_shift_ends(self, agent: int) -> None:
        self.step(passing.hand_over, by=self.agents[agent])

    @rule(agent=who, state=states)
    def an_agent_changes(self, agent: int, state: str) -> None:
        state = Presence.State(state)
        self.step(availability.set_presence, agent=self.agents[agent], state=state)

    @rule(agent=who)
    def an_agent_is_ready(self, agent: int) -> None:
        self.step(availability.end_wrap_up, agent=self.agents[agent])

    @rule(agent=who, cap=st.none() | st.integers(1, 4))
    def a_cap_changes(self, agent: int, cap: int | None) -> None:
        presence = Presence.objects.get(agent=self.agents[agent])
        self.step(availability.set_cap, presence=presence, cap=cap)

    @rule(seconds=st.sampled_from([1, 31, 61, 95]), heard=st.sets(who))
    def time_passes(self, seconds: int, heard: set[int]) -> None:
        """Some consoles are heard meanwhile; then comes the sweep."""
        self.now += timedelta(seconds=seconds)
        availability.hear(
            agent_ids={self.agents[n].pk for n in heard},
            citizen_conversation_ids=set(),
            now=self.now,
        )
        self.step(self._sweep)

    def _sweep(self, now) -> None:
        rules = ChatRules.current()
        queueing.return_unattended(now=now, rules=rules)
        assigning.assign_waiting(now=now, rules=rules)

    def there(self):
        return colleagues(now=self.now, rules=ChatRules.current())

    @invariant()
    def nobody_gets_a_chat_above_the_cap(self) -> None:
        for one in self.there():
            assert one.open <= max(one.cap, self.before.get(one.user.pk, 0))

    @invariant()
    def no_chat_has_two_owners(self) -> None:
        assert queue_judge.two_owners() == []

    @invariant()
    def nobody_is_forgotten_while_somebody_is_free(self) -> None:
        assert queue_judge.forgotten(self.now) == 0

    @invariant()
    def the_queue_keeps_its_order(self) -> None:
        for chat in Conversation.objects.filter(state=State.WAITING):
            assert chat.queued_at == chat.opened_at


def test_no_order_of_steps_breaks_a_promise_of_the_queue():
    run_state_machine_as_test(
        QueueMachine,
        # Without making a failing series shorter, which takes minutes with a database.
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )


@pytest.mark.usefixtures("db")
def test_who_pulls_while_rounding_off_gets_what_there_is_room_for():
    machine = QueueMachine()
    try:
        machine.begin(queue=5)
        machine.citizens_come()
        machine.a_chat_is_closed(number=0)
        machine.a_chat_is_given_back(number=7)
        machine.an_agent_pulls(agent=0, number=1)
        assert queue_judge.forgotten(machine.now) == 0
    finally:
        machine.teardown()
