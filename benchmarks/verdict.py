"""Whether everything that was said is in the database once, and on both screens as it is there."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.ledger import Row, Said, Talk

Stored = dict[str, list[Row]]


@dataclass
class Verdict:
    """What was counted, and what betrays a loss, a double or a disorder: those must all be 0."""

    sent: int = 0
    stored: int = 0
    lost: int = 0  # sent, not in the database
    unsent: int = 0  # in the database, sent by nobody
    doubles: int = 0
    altered: int = 0  # stored with another text
    disordered: int = 0  # not in the order in which its author wrote
    holes: int = 0  # numbers that are missing between 1 and the last
    screens_differ: int = 0  # ends whose messages are not those of the database, in its order
    contradictions: int = 0  # one number with two contents, or one text with two numbers
    events_missing: int = 0  # texts without their line in the event log, or with two

    @property
    def is_whole(self) -> bool:
        wrong = asdict(self)
        del wrong["sent"], wrong["stored"]
        return not any(wrong.values())


def stored_rows(found: dict[str, list[list[Any]]]) -> Stored:
    """What `benchmarks.stage messages` printed."""
    return {conversation: [Row(*row) for row in rows] for conversation, rows in found.items()}


def verdict(stored: Stored, talks: Iterable[Talk], *, events: int) -> Verdict:
    """Compares the database with both ends of every conversation."""
    found = Verdict()
    ends: dict[str, list[Talk]] = {}
    for talk in talks:
        found.contradictions += talk.contradictions + talk.ledger.contradictions
        ends.setdefault(talk.ledger.conversation, []).append(talk)
    for conversation in ends.keys() | stored.keys():
        _compare(found, stored.get(conversation, []), ends.get(conversation, []))
    found.events_missing = abs(found.stored - events)
    return found


def _compare(found: Verdict, rows: list[Row], ends: list[Talk]) -> None:
    texts = {row.ref: row for row in rows if row.kind == "text"}
    written = [row for row in rows if row.kind == "text"]
    said = {one.ref: one for talk in ends for one in talk.said}
    found.sent += len(said)
    found.stored += len(written)
    found.doubles += len(written) - len(texts)
    found.lost += len(said.keys() - texts.keys())
    found.unsent += len(texts.keys() - said.keys())
    found.altered += sum(texts[ref].text != said[ref].text for ref in said.keys() & texts.keys())
    found.holes += (rows[-1].seq if rows else 0) - len(rows)
    found.disordered += sum(_is_disordered(texts, talk.said) for talk in ends)
    found.screens_differ += sum(talk.ledger.rows != rows for talk in ends)


def _is_disordered(texts: dict[str | None, Row], said: list[Said]) -> bool:
    seqs = [texts[one.ref].seq for one in said if one.ref in texts]
    return seqs != sorted(seqs)
