"""The chat in a portal that is being broken: the short form of `python -m benchmarks.chaos`.

Real web processes, a real worker, a real Valkey, killed and emptied in the middle. Beside it, tests
of the judge: what it must find wrong, so that its "whole" means something.
"""

import random
from collections import Counter
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings

from benchmarks import chaos
from benchmarks.ledger import Ledger, Row, Said, Talk
from benchmarks.verdict import Verdict, verdict
from benchmarks.weather import Weather
from hasselt_portal.environment import Environment

SHORT = "--messages 240 --conversations 8 --pause 0.1 --cut-after 4"
BROKEN = "--web-kills 2 --valkey-kills 1 --flushes 1 --worker-kills 1"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> str:
    """The kind of database of this round of tests: a new one for the play, made and dropped."""
    portal: Environment = settings.PORTAL
    address = urlsplit(portal.database_url)
    if address.scheme == "sqlite":
        return "sqlite"
    monkeypatch.setenv("BENCH_POSTGRES", urlunsplit(address._replace(path="/postgres")))
    return "shared"


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_while_everything_breaks(database):
    arguments = f"{SHORT} {BROKEN} --database {database}".split()

    outcome = chaos.played(chaos.options_from(arguments))

    found, wire = outcome["verdict"], outcome["wire"]
    assert (outcome["whole"], outcome["stuck"], outcome["refused"]) == (True, "", {}), found
    assert found == asdict(Verdict(sent=240, stored=240))
    # It was a storm: otherwise the calm would prove nothing.
    broken = Counter(outcome["broken"])
    assert broken["kill -9 of web-1"] + broken["kill -9 of web-2"] >= 2
    assert broken["kill -9 of valkey"] == broken["Valkey flushed"] == 1
    assert wire["in: lost"] > 50
    assert min(wire["in: late"], wire["in: repeated"], wire["out: repeated"]) > 0
    assert min(outcome["layer"].values()) > 10


# --- the judge -----------------------------------------------------------------------------------

CITIZENS, AGENTS = ("r1", "r3"), ("r2",)
ROWS = [
    Row(1, "text", "citizen", "een", "r1"),
    Row(2, "text", "agent", "twee", "r2"),
    Row(3, "text", "citizen", "drie", "r3"),
]


def an_end(rows: list[Row], refs: tuple[str, ...]) -> Talk:
    """One side whose screen shows `rows` and who wrote those with `refs`."""
    talk = Talk(lambda said: True, repeat_s=1)
    talk.ledger.conversation = "c"
    talk.ledger.add([row._asdict() for row in rows])
    talk.said = [Said(row.ref, row.text, 0.0) for row in ROWS if row.ref in refs]
    return talk


def judged(rows: list[Row], *, events: int = 3, screen: list[Row] | None = None) -> Verdict:
    ends = [an_end(ROWS if screen is None else screen, CITIZENS), an_end(ROWS, AGENTS)]
    return verdict({"c": rows}, ends, events=events)


def test_all_in_order_is_whole():
    assert judged(ROWS) == Verdict(sent=3, stored=3)
    assert judged(ROWS).is_whole


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (ROWS[:2], {"lost", "screens_differ", "events_missing"}),
        ([*ROWS, ROWS[2]._replace(seq=4)], {"doubles", "screens_differ", "events_missing"}),
        (
            [*ROWS, Row(4, "text", "agent", "?", "r9")],
            {"unsent", "screens_differ", "events_missing"},
        ),
        ([*ROWS[:2], ROWS[2]._replace(text="vier")], {"altered", "screens_differ"}),
        ([*ROWS[:2], ROWS[2]._replace(seq=4)], {"holes", "screens_differ"}),
        (
            [ROWS[2]._replace(seq=1), ROWS[1], ROWS[0]._replace(seq=3)],
            {"disordered", "screens_differ"},
        ),
    ],
    ids=["lost", "double", "of nobody", "altered", "hole", "disordered"],
)
def test_what_is_wrong_in_the_database_is_named(rows, names):
    found = judged(rows)
    wrong = {name for name, count in asdict(found).items() if count}
    assert wrong - {"sent", "stored"} == names
    assert not found.is_whole


def test_a_screen_that_misses_one_is_not_whole():
    assert judged(ROWS, screen=ROWS[:2]).screens_differ == 1


def test_a_text_without_its_event_is_not_whole():
    assert not judged(ROWS, events=2).is_whole


def test_a_conversation_that_nobody_shows_is_not_whole():
    assert verdict({"c": ROWS}, [], events=3).unsent == 3


def test_two_numbers_for_one_text_are_a_contradiction():
    talk = an_end(ROWS, CITIZENS)
    talk.acknowledged("r1", 1, 0.0)
    talk.acknowledged("r1", 4, 0.0)
    assert verdict({"c": ROWS}, [talk], events=3).contradictions == 1


# --- the clients ---------------------------------------------------------------------------------


def message(seq: int, text: str = "x") -> dict[str, Any]:
    return Row(seq, "text", "agent", text, f"r{seq}")._asdict()


def test_a_ledger_orders_what_comes_in_any_order_and_often():
    seqs = [*range(1, 30), *range(1, 30)]
    random.Random(3).shuffle(seqs)
    ledger = Ledger()
    shown = [row.seq for seq in seqs for row in ledger.add([message(seq)])]
    assert shown == list(range(1, 30))
    assert (ledger.gapless, ledger.has_gap, ledger.contradictions) == (29, False, 0)


def test_a_ledger_knows_of_its_hole():
    ledger = Ledger()
    ledger.add([message(1), message(3)])
    assert (ledger.gapless, ledger.has_gap) == (1, True)


def test_one_number_with_two_contents_is_a_contradiction():
    ledger = Ledger()
    ledger.add([message(1), message(1, text="y")])
    assert ledger.contradictions == 1


def test_texts_go_one_by_one_and_again_until_they_are_acknowledged():
    sent: list[str] = []
    talk = Talk(lambda said: not sent.append(said.text), repeat_s=1)
    first = talk.say("een", now=0.0)
    talk.say("twee", now=0.1)
    talk.tick(0.5)
    talk.tick(1.5)
    assert sent == ["een", "een"]

    talk.acknowledged(first.ref, 1, now=1.6)
    assert sent == ["een", "een", "twee"]
    assert talk.has_unsent


def test_the_weather_is_as_bad_as_it_was_told():
    chance, weather = random.Random(1), Weather(lost=0.2, repeated=0.05, late=0.1)
    fates = Counter(len(weather.fate(chance)) for _ in range(20_000))
    assert fates[0] / 20_000 == pytest.approx(0.2, abs=0.02)
    assert fates[2] / 20_000 == pytest.approx(0.05, abs=0.01)
