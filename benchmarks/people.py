"""Citizens and agents who speak docs/chat-protocol.md as the widget and the console do."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.ledger import Row, Said, Talk
from benchmarks.line import Line, Network
from benchmarks.polling_line import PollingLine

VERSION = 1
ASK_AGAIN_S = 1.0
CLAIM_AGAIN_S = 2.0
# What may be sent again as it is; anything else that is refused is a finding.
LATER = {"too_fast": 2.0, "failed": 0.5, "not_started": 0.2}
HARMLESS = {"already_started", "already_taken"}  # answers to a repeated opener, a lost race
OnRows = Callable[["Citizen | Agent", Talk, list[Row]], None]


class Person:
    """One end with a connection of its own; subclasses know which frames it says."""

    path: str
    ping_every_s = 20.0

    def __init__(
        self,
        network: Network,
        on_rows: OnRows,
        *,
        cookie: str = "",
        make_line: Callable[..., Line] = Line,
    ) -> None:
        self.network, self._on_rows = network, on_rows
        self._loop = asyncio.get_running_loop()
        self.errors: list[str] = []
        self.line = make_line(
            network,
            path=self.path,
            opener=self.opener,
            on_frame=self.hear,
            cookie=cookie,
            ping_every_s=self.ping_every_s,
        )

    def opener(self) -> dict[str, Any]:
        raise NotImplementedError

    def hear(self, frame: dict[str, Any]) -> None:
        react = getattr(self, f"on_{frame['type']}", None)
        if react:
            react(frame)

    def _take(self, talk: Talk, frame: dict[str, Any], ask: Callable[..., bool]) -> None:
        """Messages and head of a frame; asks for what is missing, not more than once a second."""
        now = self._loop.time()
        rows = talk.take(frame, now)
        if rows:
            self._on_rows(self, talk, rows)  # type: ignore[arg-type]
        if frame.get("more") or (talk.ledger.has_gap and now >= talk.asked_at + ASK_AGAIN_S):
            talk.asked_at = now
            ask(after=talk.ledger.gapless)

    def _refused(self, talk: Talk | None, frame: dict[str, Any]) -> None:
        code = frame["code"]
        self.network.tally[f"error {code}"] += 1
        if code in LATER and talk:
            talk.hold(frame.get("retry_after_s") or LATER[code], self._loop.time())
        elif code not in HARMLESS and code not in LATER:
            self.errors.append(code)


class Citizen(Person):
    """A widget with one conversation; `first` is what a new one starts with.

    `polling` is the share of its connections that go over plain HTTP.
    """

    path = "/ws/chat/"

    def __init__(
        self,
        network: Network,
        on_rows: OnRows,
        *,
        token: str,
        first: str | None = None,
        polling: float = 0.0,
    ) -> None:
        make_line = partial(PollingLine, share=polling) if polling else Line
        super().__init__(network, on_rows, make_line=make_line)
        self.token, self.has_started = token, first is None
        self.talk = Talk(self._transmit, network.repeat_s)
        if first is not None:
            self.talk.say(first, self._loop.time())

    def opener(self) -> dict[str, Any]:
        if self.has_started:
            after = self.talk.ledger.gapless
            return {"type": "hello", "v": VERSION, "token": self.token, "after": after}
        ref, text, _ = self.talk.said[0]
        given = {"token": self.token, "ref": ref, "text": text, "lang": "nl", "page": "/"}
        return {"type": "start", "v": VERSION, **given}

    def tick(self, now: float) -> None:
        self.line.tick(now)
        self.talk.tick(now)
        if self.talk.ledger.has_gap:
            self._take(self.talk, {}, self._ask)

    def typing(self) -> None:
        self.line.send(type="typing")

    def read(self, talk: Talk, seq: int) -> None:
        self.line.send(type="read", seq=seq)

    def on_welcome(self, frame: dict[str, Any]) -> None:
        is_new = not self.line.is_online  # over HTTP each answer begins with one
        self.has_started = True
        self.line.settled()
        self.on_messages(frame)
        if is_new:
            self.talk.flush(self._loop.time())

    def on_messages(self, frame: dict[str, Any]) -> None:
        self._take(self.talk, frame, self._ask)

    on_message = on_head = on_messages

    def on_ack(self, frame: dict[str, Any]) -> None:
        self.talk.acknowledged(frame["ref"], frame["seq"], self._loop.time())

    def on_error(self, frame: dict[str, Any]) -> None:
        self._refused(self.talk, frame)

    def _transmit(self, said: Said) -> bool:
        return self.line.send(type="send", ref=said.ref, text=said.text)

    def _ask(self, after: int) -> bool:
        return self.line.send(type="after", after=after)


class Agent(Person):
    """A console. It takes waiting conversations until it has `wants`, and watches its own."""

    path = "/ws/console/"
    ping_every_s = 15.0

    def __init__(self, network: Network, on_rows: OnRows, *, cookie: str, wants: int = 0) -> None:
        super().__init__(network, on_rows, cookie=cookie)
        self.wants = wants
        self.me = ""
        self.talks: dict[str, Talk] = {}
        self.on_new_talk: Callable[[Talk], None] = lambda talk: None
        self._claimed_at: dict[str, float] = {}
        self._cards: dict[str, dict[str, Any]] = {}

    def opener(self) -> dict[str, Any]:
        watch = [
            {"conversation": conversation, "after": talk.ledger.gapless}
            for conversation, talk in self.talks.items()
        ]
        return {"type": "hello", "v": VERSION, "watch": watch}

    def tick(self, now: float) -> None:
        self.line.tick(now)
        self._claim_more(now)
        for conversation, talk in self.talks.items():
            talk.tick(now)
            if talk.ledger.has_gap:
                self._take(talk, {}, self._asking(conversation))

    def typing(self, talk: Talk) -> None:
        self.line.send(type="typing", conversation=self._name_of(talk))

    def read(self, talk: Talk, seq: int) -> None:
        self.line.send(type="read", conversation=self._name_of(talk), seq=seq)

    # --- frames ------------------------------------------------------------------------------

    def on_welcome(self, frame: dict[str, Any]) -> None:
        self.me = frame["me"]["id"]
        self.line.settled()
        self.on_cards(frame)
        for talk in self.talks.values():
            talk.flush(self._loop.time())

    def on_cards(self, frame: dict[str, Any]) -> None:
        self._cards = {card["conversation"]: card for card in frame["cards"]}
        self._watch_own()

    def on_card(self, frame: dict[str, Any]) -> None:
        card = frame["card"]
        self._cards[card["conversation"]] = card
        self._watch_own()

    def on_messages(self, frame: dict[str, Any]) -> None:
        conversation = frame["conversation"]
        if talk := self.talks.get(conversation):
            self._take(talk, frame, self._asking(conversation))

    on_message = on_messages

    def on_head(self, frame: dict[str, Any]) -> None:
        self.on_messages({**frame, "conversation": frame["head"]["conversation"]})

    def on_ack(self, frame: dict[str, Any]) -> None:
        talk = self.talks[frame["conversation"]]
        talk.acknowledged(frame["ref"], frame["seq"], self._loop.time())

    def on_error(self, frame: dict[str, Any]) -> None:
        self._refused(self.talks.get(frame.get("conversation") or ""), frame)

    # --- the lists ---------------------------------------------------------------------------

    def _watch_own(self) -> None:
        for conversation, card in self._cards.items():
            if card["agent"] == self.me and conversation not in self.talks:
                talk = Talk(self._transmitting(conversation), self.network.repeat_s)
                self.talks[conversation] = talk
                self.line.send(type="watch", conversation=conversation, after=0)
                self.on_new_talk(talk)

    def _claim_more(self, now: float) -> None:
        for conversation, card in self._cards.items():
            if len(self.talks) >= self.wants:
                return
            if card["state"] != "waiting" or now < self._claimed_at.get(conversation, 0.0):
                continue
            self._claimed_at[conversation] = now + CLAIM_AGAIN_S
            self.line.send(type="claim", conversation=conversation)
            return

    def _transmitting(self, conversation: str) -> Callable[[Said], bool]:
        return lambda said: self.line.send(
            type="send", conversation=conversation, ref=said.ref, text=said.text
        )

    def _asking(self, conversation: str) -> Callable[..., bool]:
        return lambda after: self.line.send(type="after", conversation=conversation, after=after)

    def _name_of(self, talk: Talk) -> str:
        return next(name for name, own in self.talks.items() if own is talk)


class Company:
    """All who take part in a run, ticked by one clock."""

    TICK_S = 0.25

    def __init__(self) -> None:
        self.citizens: list[Citizen] = []
        self.agents: list[Agent] = []
        self._clock: asyncio.Task[None] | None = None

    @property
    def everyone(self) -> list[Citizen | Agent]:
        return [*self.agents, *self.citizens]

    @property
    def talks(self) -> list[Talk]:
        own = [talk for agent in self.agents for talk in agent.talks.values()]
        return [*own, *(citizen.talk for citizen in self.citizens)]

    def keep_time(self) -> None:
        self._clock = asyncio.get_running_loop().create_task(self._tick())

    def stop(self) -> None:
        if self._clock:
            self._clock.cancel()
        for person in self.everyone:
            person.line.stop()

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self.TICK_S)
            now = loop.time()
            for person in self.everyone:
                person.tick(now)
