"""What a client of docs/chat-protocol.md knows of a conversation, and what it has yet to say."""

import uuid
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Row(NamedTuple):
    """A message as far as both ends and the database must agree on it."""

    seq: int
    kind: str
    author: str
    text: str
    ref: str | None


def row_of(message: dict[str, Any]) -> Row:
    return Row(*(message[name] for name in Row._fields))


class Ledger:
    """Messages ordered by `seq`; what lies behind a hole waits."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.conversation = ""  # public id, known from the first head
        self.head_seq = 0
        self.contradictions = 0  # one number with two contents
        self._ahead: dict[int, Row] = {}

    @property
    def gapless(self) -> int:
        return len(self.rows)

    @property
    def has_gap(self) -> bool:
        return bool(self._ahead) or self.head_seq > self.gapless

    def add(self, messages: Iterable[dict[str, Any]]) -> list[Row]:
        """Takes messages in any order, any number of times; returns those now readable."""
        for row in map(row_of, messages):
            if self._known(row.seq) not in (None, row):
                self.contradictions += 1
            elif row.seq > self.gapless:
                self._ahead[row.seq] = row
        before = self.gapless
        while row := self._ahead.pop(self.gapless + 1, None):
            self.rows.append(row)
        return self.rows[before:]

    def take_head(self, head: dict[str, Any] | None) -> None:
        if head:
            self.conversation = head["conversation"]
            self.head_seq = max(self.head_seq, head["seq"])

    def _known(self, seq: int) -> Row | None:
        return self.rows[seq - 1] if seq <= self.gapless else self._ahead.get(seq)


class Said(NamedTuple):
    """A text with the `ref` that it keeps for ever, and when the person pressed send."""

    ref: str
    text: str
    at: float


class Talk:
    """One end of one conversation. Texts go one by one: each after the answer to the one before."""

    def __init__(self, transmit: Callable[[Said], bool], repeat_s: float) -> None:
        self.ledger = Ledger()
        self.said: list[Said] = []
        self.seqs: dict[str, int] = {}  # of the own texts, as acknowledged
        self.contradictions = 0
        self.asked_at = 0.0
        self._waiting: deque[Said] = deque()
        self._transmit, self._repeat_s = transmit, repeat_s
        self._repeat_at = 0.0

    @property
    def is_quiet(self) -> bool:
        """Nothing is left to say, and nothing is missing."""
        return not self._waiting and not self.ledger.has_gap

    @property
    def has_unsent(self) -> bool:
        return bool(self._waiting)

    def say(self, text: str, now: float) -> Said:
        said = Said(str(uuid.uuid4()), text, now)
        self.said.append(said)
        self._waiting.append(said)
        if len(self._waiting) == 1:
            self.flush(now)
        return said

    def flush(self, now: float) -> None:
        """Sends the oldest text (again)."""
        if self._waiting and self._transmit(self._waiting[0]):
            self._repeat_at = now + self._repeat_s

    def tick(self, now: float) -> None:
        if self._waiting and now >= self._repeat_at:
            self.flush(now)

    def hold(self, seconds: float, now: float) -> None:
        self._repeat_at = now + seconds

    def acknowledged(self, ref: str, seq: int, now: float) -> None:
        """An `ack`, or a message with that `ref`: every one of them must name the same number."""
        if self.seqs.setdefault(ref, seq) != seq:
            self.contradictions += 1
        if self._waiting and self._waiting[0].ref == ref:
            self._waiting.popleft()
            self.flush(now)

    def take(self, frame: dict[str, Any], now: float) -> list[Row]:
        """The messages and the head of any frame; returns what became readable."""
        messages = frame.get("messages") or ([frame["message"]] if "message" in frame else [])
        fresh = self.ledger.add(messages)
        self.ledger.take_head(frame.get("head"))
        own = {said.ref for said in list(self._waiting)[:1]}
        for message in messages:
            if message["ref"] in own:
                self.acknowledged(message["ref"], message["seq"], now)
        return fresh
