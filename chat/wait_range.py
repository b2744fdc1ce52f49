"""How long the citizens in the queue will wait: a range that holds four times out of five.

The rest of the day is played many times over with what is known now: each running chat ends when a
recent chat of at least its age ended, each chat that ends makes room for the next in line, who
takes as long as some recent chat did. The waits at a place, over all plays, are the range.

Pure: no rows, no clock. The plays come from a fixed seed, so that the same situation gives the same
answer in every process and the range on a screen moves only when something has happened.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from math import exp, hypot, log
from random import Random
from statistics import NormalDist, fmean, pstdev

FEWEST = 20  # handling times; with fewer the range says nothing that a citizen could use
MOST_PLAYS, FEWEST_PLAYS = 160, 40
WORK = 10_000  # plays times places and chats, so that a rush costs no more than 10 ms either
LOW, MIDDLE, HIGH = 0.10, 0.50, 0.90
HORIZON_S = 60 * 60  # nobody plans on more, and the plays stop there
SHORT_MINUTES, LONG_MINUTES = 2, 30
SEED = 2026

# What the recent chats do not tell: agents who start, stop or fall silent, chats that come back
# because the first answer stayed out, and a day that is not like the days before. As a spread of
# the pace at which chats end (a factor, as the standard deviation of its logarithm). Found on the
# tuning seeds of `python -m benchmarks.waiting`, see docs/decisions/2026-11-25-an-honest-wait.md.
PACE_SPREAD = 0.25
PAUSE_S = 15 * 60  # in the mean, until who pauses takes chats again


@dataclass(frozen=True)
class Seat:
    """An agent who takes chats: how many at once, the ages of the running ones in seconds.

    `back_in_s` is how long the agent still rounds off the last one. Who `pauses` (away, on the
    telephone, with the console open) takes no chat now and comes back some time.
    """

    cap: int
    ages_s: tuple[float, ...] = ()
    back_in_s: float = 0.0
    pauses: bool = False


@dataclass(frozen=True)
class Situation:
    """What is known at one moment.

    `gives_up_per_s`: how many of those who wait give up, for each second that one of them waits.
    """

    seats: tuple[Seat, ...]
    handling_s: tuple[float, ...]
    wrap_up_s: float = 0.0
    gives_up_per_s: float = 0.0


@dataclass(frozen=True)
class Spread:
    """The waits at one place: one in ten is below `low_s`, one in ten above `high_s`."""

    low_s: float
    middle_s: float
    high_s: float


def forecast(situation: Situation, places: int) -> list[Spread]:
    """The waits at place 1 to `places`; empty when nobody is there or too little is known.

    A place further back never has a shorter wait. What is `HORIZON_S` may be any time longer.
    """
    takes_chats = any(seat.cap > 0 and not seat.pauses for seat in situation.seats)
    if len(situation.handling_s) < FEWEST or not takes_chats:
        return []
    random = Random(SEED).random  # noqa: S311  a play, no secret
    handling = sorted(situation.handling_s)
    chats = sum(max(seat.cap, len(seat.ages_s)) for seat in situation.seats)
    count = min(MOST_PLAYS, max(FEWEST_PLAYS, WORK // (places + chats)))
    paces = _paces(handling, count)
    plays = [_played(situation, handling, pace, places, random) for pace in paces]
    return [_spread(sorted(waits)) for waits in zip(*plays, strict=True)]


def _paces(handling: Sequence[float], count: int) -> list[float]:
    """A factor on all times for each play, evenly over its distribution instead of by lot.

    The fewer handling times, the less their mean is known: its standard error widens the spread.
    """
    error = pstdev(handling) / max(1.0, fmean(handling)) / len(handling) ** 0.5
    spread = hypot(PACE_SPREAD, error)
    normal = NormalDist()
    return [exp(spread * normal.inv_cdf((play + 0.5) / count)) for play in range(count)]


def _played(
    situation: Situation,
    handling: Sequence[float],
    pace: float,
    places: int,
    random: Callable[[], float],
) -> list[float]:
    """One play: when each place gets its turn."""
    room = _room(situation, handling, pace, random)
    waits: list[float] = []
    while len(waits) < places and room[0] < HORIZON_S:
        at = room[0]
        waits.append(at)
        if random() < exp(-situation.gives_up_per_s * at):  # is still there
            lasts = pace * handling[int(random() * len(handling))]
            heapreplace(room, at + lasts + situation.wrap_up_s)
    return waits + [HORIZON_S] * (places - len(waits))


def _room(
    situation: Situation, handling: Sequence[float], pace: float, random: Callable[[], float]
) -> list[float]:
    """When each place at each seat comes free, as a heap. Above its cap a seat first empties."""
    room: list[float] = []
    for seat in situation.seats:
        ends = sorted(_rest(handling, age / pace, random) * pace for age in seat.ages_s)
        back = -PAUSE_S * log(1 - random()) if seat.pauses else seat.back_in_s
        followed = ends[max(0, len(ends) - seat.cap) :]  # by another chat, when they end
        room += [max(back, end + situation.wrap_up_s) for end in followed]
        room += [back] * (seat.cap - len(ends))
    heapify(room)
    return room


def _rest(handling: Sequence[float], age_s: float, random: Callable[[], float]) -> float:
    """How long a chat of this age still runs: as a recent one that lasted at least as long.

    One that outlasts them all may last up to as long again: what ran long tends to run on.
    """
    longer = bisect_right(handling, age_s)
    if longer == len(handling):
        return age_s * random()
    return handling[longer + int(random() * (len(handling) - longer))] - age_s


def _spread(waits: Sequence[float]) -> Spread:
    low, middle, high = (waits[int(share * len(waits))] for share in (LOW, MIDDLE, HIGH))
    return Spread(low, middle, high)


@dataclass(frozen=True)
class Range:
    """What a citizen reads, in whole minutes. Without `to_minutes` it may be any time longer."""

    from_minutes: int
    to_minutes: int | None


def shown(spread: Spread) -> Range:
    """The spread as it is shown, rounded to the nearest minute, so that it stays what it was.

    Below two minutes there is no use in a number, and above half an hour no honesty in one.
    """
    low, high = round(spread.low_s / 60), round(spread.high_s / 60)
    if low >= LONG_MINUTES:
        return Range(LONG_MINUTES, None)
    if high <= SHORT_MINUTES:
        return Range(0, SHORT_MINUTES)
    if spread.high_s >= HORIZON_S:
        return Range(low, None)
    return Range(low, max(high, low + 1))
