"""Days of an invented contact centre, minute by minute, for the back-test of the wait range.

Written without a look at `chat/wait_range.py`: citizens come in rushes and some give up, chats take
short, long or very long, agents start and stop in shifts, go for lunch and for a break, fall silent
for a while, and sometimes forget the first answer. Who waits is served in order of coming, by the
free agent with the fewest chats, never above a cap. Everything comes from the seed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

MINUTE, HOUR = 60.0, 3_600.0
OPENS_S, CLOSES_S = 8 * HOUR, 17 * HOUR
# Citizens a minute, by hour of the day, before the factor of the day.
RUSH = {8: 0.45, 9: 1.05, 10: 1.25, 11: 0.8, 12: 0.5, 13: 0.75, 14: 1.0, 15: 0.65, 16: 0.55}
HEARD_WITHIN_S, GONE_AFTER_S, FIRST_ANSWER_S, WRAP_UP_S = 45.0, 60.0, 90.0, 30.0
FORGETS_FIRST_ANSWER = 0.02
PATIENCE_S = 35 * MINUTE  # in the mean


@dataclass(eq=False)
class Visitor:
    """One citizen; `waited_s` until an agent joined for the first time, None when that never was.

    Who gave up keeps a shadow in the line: `waited_s` is then when the turn would have come.
    """

    came_at: float
    joined_at: float | None = None
    closed_at: float | None = None
    waited_s: float | None = None
    gave_up: bool = False
    told: Any = None


@dataclass(eq=False)
class Agent:
    """One agent of a day; `pace` is above 1 for who takes longer."""

    cap: int
    pace: float
    starts_at: float
    stops_at: float
    lunch_at: float
    takes_chats: bool = False
    is_silent: bool = False
    silent_from: float = 0.0
    rounds_off_until: float = 0.0
    chats: set[Visitor] = field(default_factory=set)

    def has_console(self, now: float) -> bool:
        """As the portal sees it: who has just fallen silent still counts."""
        silent = self.is_silent and now - self.silent_from > HEARD_WITHIN_S
        return self.starts_at <= now < self.stops_at and not silent

    def seems_there(self, now: float) -> bool:
        return self.takes_chats and self.has_console(now)


Look = Callable[["Day", Visitor], Any]


class Day:
    """One day. `look(day, visitor)` is asked for each visitor whom nobody takes at once."""

    def __init__(self, random: Random, look: Look, ended: list[Visitor]) -> None:
        self.random = random
        self.look = look
        self.ended = ended  # of the days before too, in order of their end
        self.now = 0.0
        self.queue: list[Visitor] = []
        self.visitors: list[Visitor] = []
        self.waits: list[tuple[float, float]] = []  # when taken, after how long
        self.busy_factor = math.exp(random.gauss(0, 0.15))
        self.slow_factor = math.exp(random.gauss(0, 0.08))
        self.agents = [self._hired(place) for place in range(random.choice((4, 5, 5, 6, 7)))]
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._tie = count()

    def run(self) -> list[Visitor]:
        """Everybody who came, in order of coming."""
        for agent in self.agents:
            self._at(agent.starts_at, self._appears, agent)
        self._plan_arrival(OPENS_S)
        while self._events:
            self.now, _, act, given = heappop(self._events)
            act(*given)
        return self.visitors

    def _at(self, moment: float, act: Callable[..., None], *given: Any) -> None:
        heappush(self._events, (moment, next(self._tie), act, given))

    # --- citizens ----------------------------------------------------------------------------

    def _plan_arrival(self, after: float) -> None:
        """The next one of a Poisson process whose rate changes by the hour (thinning)."""
        most = max(RUSH.values()) * self.busy_factor * len(self.agents) / 5 / MINUTE
        moment = after
        while moment < CLOSES_S - 10 * MINUTE:
            moment += self.random.expovariate(most)
            hour = min(16, int(moment // HOUR))
            if self.random.random() < RUSH[hour] / max(RUSH.values()):
                self._at(moment, self._comes)
                return

    def _comes(self) -> None:
        visitor = Visitor(self.now)
        self.visitors.append(visitor)
        self.queue.append(visitor)
        self._plan_arrival(self.now)
        self._assign()
        if visitor in self.queue:
            visitor.told = self.look(self, visitor)
            patience = self.random.expovariate(1 / PATIENCE_S)
            self._at(self.now + patience, self._gives_up, visitor)

    def _gives_up(self, visitor: Visitor) -> None:
        if visitor.waited_s is None:
            visitor.gave_up = True
            self._end(visitor)

    def _end(self, visitor: Visitor) -> None:
        visitor.closed_at = self.now
        self.ended.append(visitor)

    def place_of(self, visitor: Visitor) -> int:
        """Among those who are still there."""
        return [one for one in self.queue if not one.gave_up].index(visitor) + 1

    # --- chats -------------------------------------------------------------------------------

    def _assign(self) -> None:
        while self.queue:
            free = [agent for agent in self.agents if self._is_free(agent)]
            if not free:
                return
            visitor = self.queue.pop(0)
            if visitor.gave_up:
                visitor.waited_s = self.now - visitor.came_at
                continue
            agent = min(free, key=lambda agent: (len(agent.chats), agent.rounds_off_until))
            self._take(agent, visitor)

    def _is_free(self, agent: Agent) -> bool:
        has_time = agent.rounds_off_until <= self.now
        return agent.seems_there(self.now) and has_time and len(agent.chats) < agent.cap

    def _take(self, agent: Agent, visitor: Visitor) -> None:
        agent.chats.add(visitor)
        visitor.joined_at = self.now
        if visitor.waited_s is None:
            visitor.waited_s = self.now - visitor.came_at
            self.waits.append((self.now, visitor.waited_s))
        if self.random.random() < FORGETS_FIRST_ANSWER or agent.is_silent:
            self._at(self.now + FIRST_ANSWER_S, self._returns, agent, visitor, self.now)
        else:
            self._at(self.now + self._lasts(agent), self._closes, agent, visitor, self.now)

    def _lasts(self, agent: Agent) -> float:
        """Most questions are short, some long; some citizens fall silent for the last minutes."""
        kind = self.random.random()
        if kind < 0.55:
            minutes = self.random.lognormvariate(math.log(4.0), 0.5)
        elif kind < 0.9:
            minutes = self.random.lognormvariate(math.log(9.5), 0.55)
        else:
            minutes = 7 + self.random.lognormvariate(math.log(4.0), 0.8)
        crowd = 1 + 0.1 * (len(agent.chats) - 1)
        return minutes * MINUTE * agent.pace * self.slow_factor * crowd

    def _closes(self, agent: Agent, visitor: Visitor, joined_at: float) -> None:
        if visitor not in agent.chats or visitor.joined_at != joined_at:
            return
        agent.chats.remove(visitor)
        self._end(visitor)
        agent.rounds_off_until = self.now + WRAP_UP_S
        self._at(agent.rounds_off_until, self._assign)

    def _returns(self, agent: Agent, visitor: Visitor, joined_at: float) -> None:
        """Back in the queue, in the place of its first moment."""
        if visitor not in agent.chats or visitor.joined_at != joined_at:
            return
        agent.chats.remove(visitor)
        visitor.joined_at = None
        self.queue.append(visitor)
        self.queue.sort(key=lambda one: one.came_at)
        self._assign()

    # --- agents ------------------------------------------------------------------------------

    def _hired(self, place: int) -> Agent:
        """Half of them start early, half stay late; lunch in turns."""
        random = self.random
        starts = 8.0 + 0.75 * (place % 3) + random.uniform(-0.1, 0.1)
        return Agent(
            cap=random.choice((2, 3, 3)),
            pace=math.exp(random.gauss(0, 0.15)),
            starts_at=starts * HOUR,
            stops_at=min(17.5, starts + random.choice((6.0, 8.5, 8.5))) * HOUR,
            lunch_at=(11.75 + 0.5 * (place % 4)) * HOUR,
        )

    def _appears(self, agent: Agent) -> None:
        agent.takes_chats = True
        self._plan_pause(agent)
        self._at(agent.lunch_at, self._pauses, agent, 30 * MINUTE)
        self._at(self.now + self.random.expovariate(1 / (8 * HOUR)), self._falls_silent, agent)
        self._at(agent.stops_at, self._stops, agent)
        self._assign()

    def _plan_pause(self, agent: Agent) -> None:
        in_s = self.random.expovariate(1 / (80 * MINUTE))
        lasts_s = self.random.uniform(3, 15) * MINUTE
        self._at(self.now + in_s, self._pauses, agent, lasts_s)

    def _pauses(self, agent: Agent, lasts_s: float) -> None:
        if agent.takes_chats and self.now < agent.stops_at:
            agent.takes_chats = False
            self._at(self.now + lasts_s, self._is_back, agent)

    def _is_back(self, agent: Agent) -> None:
        if self.now < agent.stops_at:
            agent.takes_chats = True
            self._plan_pause(agent)
            self._assign()

    def _stops(self, agent: Agent) -> None:
        """Finishes the running chats; whoever is last helps who still waits after closing time."""
        late = self.now >= CLOSES_S or not any(
            other.takes_chats for other in self.agents if other is not agent
        )
        if late and (self.queue or self.now < CLOSES_S):
            agent.stops_at = self.now + 10 * MINUTE
            self._at(agent.stops_at, self._stops, agent)
        else:
            agent.takes_chats = False

    def _falls_silent(self, agent: Agent) -> None:
        agent.is_silent, agent.silent_from = True, self.now
        self._at(self.now + GONE_AFTER_S, self._is_gone, agent)
        self._at(self.now + self.random.uniform(1, 12) * MINUTE, self._is_heard, agent)

    def _is_gone(self, agent: Agent) -> None:
        if agent.is_silent:
            for visitor in sorted(agent.chats, key=lambda one: one.came_at):
                assert visitor.joined_at is not None
                self._returns(agent, visitor, visitor.joined_at)

    def _is_heard(self, agent: Agent) -> None:
        agent.is_silent = False
        self._assign()
