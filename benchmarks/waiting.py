"""`python -m benchmarks.waiting`: does the wait range keep its word on days that it has not seen?

Some weeks of an invented contact centre (`days.py`) are played. Each citizen whom nobody takes at
once is told a range from what the portal knows at that moment; later it turns out how long the wait
was. The same citizens get two simple answers: the mean wait of the last hour's chats, and the place
times the mean handling time over all chats that can run at once. What was tuned was tuned on other
seeds.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks import report
from benchmarks.days import HOUR, MINUTE, WRAP_UP_S, Day, Visitor
from chat.wait_range import Range, Seat, Situation, Spread, forecast, shown

TUNED_ON, REPORTED_ON = range(100, 112), range(500, 514)
WARM_UP_DAYS, DAYS = 1, 4  # a week starts without a single chat in its books
COVERAGE_BAR, ERROR_BAR = (75.0, 85.0), 0.7
RECENT, ROOM_FOR_MORE = 300, 20  # ended chats and places, as in chat/waiting.py
BANDS = ((0, 2), (2, 5), (5, 10), (10, 20), (20, 999))  # minutes really waited


@dataclass(frozen=True)
class Told:
    """What one citizen was told at the beginning of the wait."""

    place: int
    spread: Spread | None
    last_hour_s: float | None
    by_mean_s: float | None
    cpu_ms: float

    @property
    def range(self) -> Range | None:
        return shown(self.spread) if self.spread else None


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.waiting", description=__doc__)
    parser.add_argument("--tune", action="store_true", help="the seeds that were tuned on")
    parser.add_argument("--weeks", type=int, default=len(REPORTED_ON))
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    seeds = list(TUNED_ON if options.tune else REPORTED_ON)[: options.weeks]
    facts = report.about()
    visitors, all_came = [], 0
    for seed in seeds:
        came = list(_week(seed))
        all_came += len(came)
        visitors += [visitor for visitor in came if visitor.told]
    outcome = {
        **facts,
        "settings": {
            "days": f"{len(seeds)} weeks of {DAYS} days (seeds {seeds[0]} to {seeds[-1]}), each "
            f"after {WARM_UP_DAYS} day that fills the books",
            "citizens": f"{all_came:,} came, {len(visitors):,} of them waited",
        },
        **_judged(visitors),
    }
    _print(outcome)
    if options.write and not options.tune:
        report.write("waiting", outcome)
    return 0 if all(bar["reached"] for bar in outcome["bars"]) else 1


# --- what they are told --------------------------------------------------------------------------


def _week(seed: int) -> Iterable[Visitor]:
    random = Random(seed)
    ended: list[Visitor] = []
    for number in range(WARM_UP_DAYS + DAYS):
        came = Day(random, _tell, ended).run()
        if number >= WARM_UP_DAYS:
            yield from came


def _tell(day: Day, visitor: Visitor) -> Told:
    place = day.place_of(visitor)
    situation = _situation(day)
    start = time.thread_time()
    spreads = forecast(situation, place + ROOM_FOR_MORE)
    cpu_ms = (time.thread_time() - start) * 1_000
    last_hour = [waited for taken_at, waited in day.waits if taken_at > day.now - HOUR]
    slots = sum(seat.cap for seat in situation.seats if not seat.pauses)
    times = situation.handling_s
    return Told(
        place,
        spreads[place - 1] if spreads else None,
        statistics.fmean(last_hour) if last_hour else None,
        place * statistics.fmean(times) / slots if times and slots else None,
        cpu_ms,
    )


def _situation(day: Day) -> Situation:
    """What the rows of the portal would say at this moment."""
    recent = day.ended[-RECENT:]
    handled = [one for one in recent if one.joined_at is not None]
    return Situation(
        tuple(
            Seat(
                agent.cap,
                tuple(sorted(day.now - (one.joined_at or day.now) for one in agent.chats)),
                max(0.0, agent.rounds_off_until - day.now),
                not agent.takes_chats,
            )
            for agent in day.agents
            if agent.has_console(day.now)
        ),
        tuple((one.closed_at or 0) - (one.joined_at or 0) for one in handled),
        WRAP_UP_S,
        _giving_up(recent),
    )


def _giving_up(ended: Sequence[Visitor]) -> float:
    """How many gave up for each second of waiting of everybody."""
    waits = [(one.joined_at or one.closed_at or 0) - one.came_at for one in ended]
    return sum(one.joined_at is None for one in ended) / max(1.0, sum(waits))


# --- how it turned out ---------------------------------------------------------------------------


def _judged(visitors: Sequence[Visitor]) -> dict[str, Any]:
    told = [one for one in visitors if one.told.spread]
    # Nobody came to them at the end of the day, with or without their patience.
    taken = [one for one in told if one.waited_s is not None]
    judged = [(one, is_held(one)) for one in taken]
    both = [
        visitor
        for visitor in taken
        if visitor.told.last_hour_s is not None and visitor.told.by_mean_s is not None
    ]
    errors = {
        "middle of the range": _error(both, lambda told: told.spread.middle_s),
        "mean wait of the last hour": _error(both, lambda told: told.last_hour_s),
        "place × mean handling time / slots": _error(both, lambda told: told.by_mean_s),
    }
    coverage = _percent(held for _, held in judged)
    ratio = errors["middle of the range"] / errors["mean wait of the last hour"]
    cpu = sorted(visitor.told.cpu_ms for visitor in told)
    return {
        "coverage": coverage,
        "too_low_high": {
            "shorter than said": _percent(
                not held and _minutes(visitor) < visitor.told.range.from_minutes
                for visitor, held in judged
            ),
        },
        "by_wait": _by_band(judged),
        "by_place": _by_place(judged),
        "error_minutes": errors,
        "compared": len(both),
        "silent": round(100 * (1 - len(told) / len(visitors)), 2),
        "gave_up": sum(one.gave_up for one in taken),
        "not_judged": len(told) - len(taken),
        "range_width_minutes": round(
            statistics.median(
                one.told.range.to_minutes - one.told.range.from_minutes
                for one in told
                if one.told.range.to_minutes is not None
            ),
            1,
        ),
        "cpu_ms": {
            "median": round(statistics.median(cpu), 2),
            "p95": round(cpu[int(0.95 * len(cpu))], 2),
            "most": round(cpu[-1], 2),
        },
        "bars": [
            {
                "what": "waits inside the range that was shown",
                "found": f"{coverage:.1f} %",
                "bar": "75 to 85 %",
                "reached": COVERAGE_BAR[0] <= coverage <= COVERAGE_BAR[1],
            },
            {
                "what": "mean error against the simple average",
                "found": f"{100 * (ratio - 1):+.0f} %",
                "bar": "≤ -30 %",
                "reached": ratio <= ERROR_BAR,
            },
        ],
    }


def is_held(visitor: Visitor) -> bool:
    """Whether the range that was shown kept its word."""
    said, waited = visitor.told.range, _minutes(visitor)
    return said.from_minutes <= waited and (said.to_minutes is None or waited <= said.to_minutes)


def _minutes(visitor: Visitor) -> float:
    """How long until an agent joined, or would have joined who gave up."""
    assert visitor.waited_s is not None
    return visitor.waited_s / MINUTE


def _percent(facts: Iterable[bool]) -> float:
    return round(100 * statistics.fmean(facts), 2)


def _error(visitors: Sequence[Visitor], said: Any) -> float:
    """Mean absolute error in minutes."""
    return round(
        statistics.fmean(abs(said(one.told) - one.waited_s) for one in visitors) / MINUTE, 3
    )


def _by_band(judged: Sequence[tuple[Visitor, bool]]) -> dict[str, dict[str, float]]:
    rows = {}
    for least, most in BANDS:
        held = [held for visitor, held in judged if least <= _minutes(visitor) < most]
        if held:
            rows[f"{least} to {most} min"] = {"citizens": len(held), "covered": _percent(held)}
    return rows


def _by_place(judged: Sequence[tuple[Visitor, bool]]) -> dict[str, dict[str, float]]:
    rows = {}
    for least, most in ((1, 1), (2, 2), (3, 4), (5, 8), (9, 99)):
        held = [held for visitor, held in judged if least <= visitor.told.place <= most]
        if held:
            rows[f"place {least} to {most}"] = {"citizens": len(held), "covered": _percent(held)}
    return rows


def _print(outcome: dict[str, Any]) -> None:
    report.describe(outcome, outcome["settings"])
    for title, name in (("By wait", "by_wait"), ("By place", "by_place")):
        rows = [
            [row, f"{found['citizens']:,}", f"{found['covered']:.1f}"]
            for row, found in outcome[name].items()
        ]
        report.table(title, ["", "citizens", "covered, %"], rows)
    rows = [[name, f"{minutes:.2f}"] for name, minutes in outcome["error_minutes"].items()]
    report.table("Mean absolute error", ["", "minutes"], rows)
    cpu = outcome["cpu_ms"]
    report.table(
        "Besides",
        ["", ""],
        [
            ["no range shown (too few chats, nobody there), %", f"{outcome['silent']:.1f}"],
            ["gave up: judged by when their turn came", f"{outcome['gave_up']:,}"],
            ["nobody came any more that day: not judged", f"{outcome['not_judged']:,}"],
            ["shorter than said, %", f"{outcome['too_low_high']['shorter than said']:.1f}"],
            ["width of the range, minutes, median", f"{outcome['range_width_minutes']:.0f}"],
            ["processor time, ms, median", f"{cpu['median']:.2f}"],
            ["processor time, ms, p95", f"{cpu['p95']:.2f}"],
            ["processor time, ms, most", f"{cpu['most']:.2f}"],
        ],
    )
    bars = [
        [bar["what"], bar["found"], bar["bar"], "reached" if bar["reached"] else "NOT reached"]
        for bar in outcome["bars"]
    ]
    report.table("Wait range", ["", "", "bar", ""], bars)


if __name__ == "__main__":
    sys.exit(main())
