"""Runs inside the portal's settings for `benchmarks.queue_race`; prints what became of it."""

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.queue_settings")
django.setup()

from django.core.management import call_command  # noqa: E402  Django must be set up first
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Role, User  # noqa: E402
from chat.actions import assigning, availability, closing, passing, queueing  # noqa: E402
from chat.models import ChatRules, Conversation, Presence  # noqa: E402
from chat.states import Reason, State  # noqa: E402
from chat.testing import queue_judge, world  # noqa: E402
from city.remembered import forget  # noqa: E402
from common import realtime  # noqa: E402
from common.errors import RuleBroken  # noqa: E402
from common.models import Event  # noqa: E402

LOOK_EVERY_S = 0.02
Step = Callable[[Random], Any]


class Crowd:
    """Agents who are there, citizens who wait already, and everything they then do at once."""

    def __init__(self, wanted: dict[str, Any]) -> None:
        self.wanted, self.random = wanted, Random(wanted["seed"])
        self.cap: int = wanted["cap"]
        world.rules(
            schedule=world.schedule_with(world.ROUND_THE_CLOCK),
            assigns_automatically=True,
            default_cap=self.cap,
            wrap_up_seconds=0,
            new_chats_per_hour=1_000_000,
            first_answer_seconds=10_000,
        )
        self.topic = world.a_topic()
        self.agents = [self._agent(number) for number in range(wanted["agents"])]
        self.outcomes: Counter[str] = Counter()
        self.most_at_once = 0

    def _agent(self, number: int) -> User:
        agent = User.objects.create_user(f"agent{number}@bench.example", first_name=f"A{number}")
        agent.role_grants.create(role=Role.AGENT)
        # Heard from time to come: a run may take longer than an agent may be silent.
        Presence.objects.create(
            agent=agent, state="available", heard_at=timezone.now() + timedelta(hours=1)
        )
        return agent

    def fill(self) -> int:
        """Half of all places are taken when it begins, and some citizens wait to be pulled."""
        taken, waiting = len(self.agents) * self.cap // 2, self.wanted["crowd"]["claims"] // 2
        for count, by_itself in ((taken, True), (waiting, False)):
            set_rules(assigns_automatically=by_itself)
            for _ in range(count):
                realtime.collected(self.arrives, self.random)
        set_rules(assigns_automatically=True)
        return taken + waiting

    # --- what people do ------------------------------------------------------------------------

    def arrives(self, random: Random) -> None:
        world.a_chat(timezone.now())

    def pulls(self, random: Random) -> None:
        chat = self._some(State.WAITING, random)
        queueing.claim(conversation=chat, agent=random.choice(self.agents), now=timezone.now())

    def passes_on(self, random: Random) -> None:
        chat = self._some(State.ACTIVE, random)
        to = random.choice(self.agents).public_id
        passing.transfer(
            conversation=chat, by=chat.agent, to=to, note="kijk even mee", now=timezone.now()
        )

    def closes(self, random: Random) -> None:
        chat = self._some(State.ACTIVE, random)
        closing.close_by_agent(conversation=chat, topic=self.topic, now=timezone.now())

    def gives_back(self, random: Random) -> None:
        queueing.return_to_queue(
            conversation=self._some(State.ACTIVE, random),
            reason=Reason.AGENT_RETURNED,
            now=timezone.now(),
            rules=ChatRules.current(),
        )

    def hands_over(self, random: Random) -> None:
        passing.hand_over(by=random.choice(self.agents), now=timezone.now())

    def goes_away(self, random: Random) -> None:
        state = Presence.State.AWAY
        availability.set_presence(agent=random.choice(self.agents), state=state, now=later())

    def goes_silent(self, random: Random) -> None:
        long_ago = timezone.now() - timedelta(minutes=5)
        Presence.objects.filter(agent=random.choice(self.agents)).update(heard_at=long_ago)

    def _some(self, state: State, random: Random) -> Conversation:
        keys = list(Conversation.objects.filter(state=state).values_list("pk", flat=True))
        if not keys:
            raise RuleBroken("not_found")
        row = Conversation.objects.select_related("agent").get(pk=random.choice(keys))
        if row.state != state:  # somebody was here between the two questions
            raise RuleBroken("not_found")
        return row

    # --- all at once -----------------------------------------------------------------------------

    def rush(self) -> float:
        """Everything the crowd does; returns how long it took, in seconds."""
        steps: dict[str, Step] = {
            "arrivals": self.arrives,
            "claims": self.pulls,
            "transfers": self.passes_on,
            "closes": self.closes,
            "returns": self.gives_back,
            "hand-overs": self.hands_over,
            "going away": self.goes_away,
            "going silent": self.goes_silent,
        }
        todo = [name for name, count in self.wanted["crowd"].items() for _ in range(count)]
        self.random.shuffle(todo)
        return self._at_once([steps[name] for name in todo])

    def level(self) -> dict[str, int]:
        """Everybody is there again with room for more; as many come at once as level the loads."""
        heard = timezone.now() + timedelta(hours=1)
        Presence.objects.update(state="available", heard_at=heard, wrap_up_until=None)
        set_rules(default_cap=20)
        rules = ChatRules.current()
        realtime.collected(assigning.assign_waiting, now=timezone.now(), rules=rules)
        loads = queue_judge.loads()
        most = max(loads.values(), default=0)
        missing = sum(most - loads.get(agent.pk, 0) for agent in self.agents)
        before = queue_judge.spread_of_free(timezone.now())
        arrivals = min(missing + len(self.agents) // 2, 20 * len(self.agents) - sum(loads.values()))
        self._at_once([self.arrives] * arrivals)
        after = queue_judge.spread_of_free(timezone.now())
        return {"before": before, "arrivals": arrivals, "after": after}

    def _at_once(self, todo: list[Step]) -> float:
        gate = threading.Barrier(len(todo) + 1)
        threads = [
            threading.Thread(target=self._run, args=(gate, step, number))
            for number, step in enumerate(todo)
        ]
        over = threading.Event()
        witness = threading.Thread(target=self._watch, args=(over,))
        for thread in [*threads, witness]:
            thread.start()
        gate.wait()
        started = time.monotonic()
        for thread in threads:
            thread.join()
        took_s = time.monotonic() - started
        over.set()
        witness.join()
        return took_s

    def _run(self, gate: threading.Barrier, step: Step, number: int) -> None:
        random = Random(f"{self.wanted['seed']}-{number}")
        gate.wait()
        try:
            realtime.collected(step, random)  # rung by nobody: there are no consoles
            self.outcomes["done"] += 1
        except RuleBroken as broken:
            self.outcomes[broken.code] += 1
        except Exception as error:
            self.outcomes[f"failed: {type(error).__name__}"] += 1
        finally:
            connection.close()

    def _watch(self, over: threading.Event) -> None:
        """Looks at the loads meanwhile, in single statements that see committed work only."""
        try:
            while not over.wait(LOOK_EVERY_S):
                self.most_at_once = max([self.most_at_once, *queue_judge.loads().values()])
        finally:
            connection.close()


def set_rules(**fields: Any) -> None:
    """Behind the back of the portal, which would assign at once."""
    ChatRules.objects.update(**fields)
    forget()


def later() -> Any:
    """Setting a state stamps when the agent was heard; see `_agent`."""
    return timezone.now() + timedelta(hours=1)


def main(wanted: dict[str, Any]) -> dict[str, Any]:
    call_command("migrate", interactive=False, verbosity=0)
    crowd = Crowd(wanted)
    expected = crowd.fill() + wanted["crowd"]["arrivals"]
    took_s = crowd.rush()
    now = timezone.now()
    promises = {
        "above the cap": queue_judge.given_above_cap({a.pk: crowd.cap for a in crowd.agents}),
        "most at once": max(0, crowd.most_at_once - crowd.cap),
        "two owners": len(queue_judge.two_owners()),
        "lost": queue_judge.lost(expected),
        "forgotten": queue_judge.forgotten(now),
        "failures": sum(n for code, n in crowd.outcomes.items() if code.startswith("failed")),
    }
    facts = {
        "agents": len(crowd.agents),
        "most chats of one agent meanwhile": crowd.most_at_once,
        "waiting at the end": Conversation.objects.filter(state=State.WAITING).count(),
        "assigned by itself": _given("assigned"),
        "pulled": _given("pulled"),
        "transferred": _given("transferred"),
        "handed over": _given("handed_over"),
        "whole rush, s": round(took_s, 2),
        "steps a second": round(sum(wanted["crowd"].values()) / took_s, 1),
    }
    facts["of the silent swept up"], _ = realtime.collected(
        queueing.return_unattended, now=now, rules=ChatRules.current()
    )
    promises["forgotten after the sweep"] = queue_judge.forgotten(now)
    level = crowd.level()
    promises["spread"] = max(0, level["after"] - 1)
    facts["spread before plain arrivals"] = level["before"]
    facts["plain arrivals at once"] = level["arrivals"]
    facts["spread after them"] = level["after"]
    return {
        "seed": wanted["seed"],
        "crowd": wanted["crowd"],
        "outcomes": dict(crowd.outcomes),
        "promises": promises,
        "facts": facts,
    }


def _given(how: str) -> int:
    return Event.objects.filter(kind="chat.assigned", details__how=how).count()


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
