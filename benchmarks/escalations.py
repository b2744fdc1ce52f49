"""`python -m benchmarks.escalations`: questions passed on, while the worker is killed everywhere.

Questions go their whole way (routed, mailed, asked back, replied, reminded, overdue, answered) in a
real portal: private Valkey, real worker and beat, a mail server that speaks SMTP. At every point
between two statements that matter one worker dies with -9, once for each step of the way; it is
started again as the launcher would. Then the broker is flushed all the time, the mail server
refuses for an hour, and it answers after the time-out. Passes when each question stands once, with
each line once, each step has one Message-ID, and nothing is left.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks import report
from benchmarks.deadly import ANY, note_death
from benchmarks.fleet import Fleet, database, fleet
from benchmarks.processes import ROOT, free_port, python
from benchmarks.subjects import clean_environment
from common.testing.smtp import STALL, MailServer

MAILS = ("receipt", "to_department", "asked_back", "replied", "reminder", "overdue", "answer")
LINES = ["asked", "routed", "taken", "asked_back", "replied", "answered"]
AT_THE_SERVER = "server has it"
# point: in words, and the steps at which it is tried
POINTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "registering": ("registering, before its commit", (ANY,)),
    "no bell yet": ("registered, before the bell", (ANY,)),
    "claimed": ("step claimed", ("route", *MAILS)),
    "routing": ("routing, before its commit", ("route",)),
    "routed": ("routed, step not done yet", ("route",)),
    "letter made": ("letter made, not sent", MAILS),
    AT_THE_SERVER: ("server has the mail, its yes is not out", MAILS),
    "sent": ("server said yes, before our commit", MAILS),
    "done written": ("step done, task not ended", ("route", *MAILS)),
    "not acknowledged": ("task ended, not acknowledged", (ANY,)),
    "chasing": ("reminding, before its commit", ("reminder", "overdue")),
    "chased": ("reminded, task not ended", ("reminder", "overdue")),
}
WAVES = (
    ("registering", "no bell yet", "claimed", "routing"),
    ("routed", "letter made", AT_THE_SERVER),
    ("sent", "done written", "not acknowledged", "chasing", "chased"),
)
BEFORE_THE_WORKER = ("registering", "no bell yet")
FLUSH_EVERY_S = 2.0
GIVE_UP_AFTER_S = 1_200.0


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when a question, a line or a mail was lost or doubled, or anything is left."""
    options = options_from(arguments)
    outcome = {**report.about(), **played(options)}
    _print(outcome)
    if options.write:
        kind = "sqlite" if options.database == "sqlite" else "postgres"
        report.write(f"escalations-{kind}", outcome)
    return 0 if outcome["whole"] else 1


def options_from(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.escalations", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres", "shared"], default="sqlite")
    parser.add_argument("--sweep", type=float, default=20.0, help="seconds; the portal: 20")
    parser.add_argument("--hold", type=float, default=40.0, help="seconds; the portal: 40")
    parser.add_argument("--points", nargs="*", default=[*POINTS, *SERVER_TROUBLE])
    parser.add_argument("--steps", nargs="*", help="only these steps of the way")
    parser.add_argument("--no-write", dest="write", action="store_false")
    return parser.parse_args(arguments)


def played(options: argparse.Namespace) -> dict[str, Any]:
    """Builds a portal, lets everything happen in it, and says what came of it."""
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="esc-")))
        database_url, postgres = stack.enter_context(database(options.database, var))
        armed = var / "armed"
        armed.mkdir()
        post = Post(armed)
        stack.callback(post.close)
        extra = {
            "ARMED": str(armed),
            "MAIL_PORT": str(post.port),
            "SWEEP_S": str(options.sweep),
            "HOLD_S": str(options.hold),
        }
        portal = stack.enter_context(
            fleet(
                var / "portal",
                settings="benchmarks.escalation_settings",
                database_url=database_url,
                webs=0,
                wanted={},
                postgres=postgres,
                extra=extra,
            )
        )
        run = Run(options, portal, armed, post)
        run.open()
        stack.callback(run.office.end)
        for wave in WAVES:
            if points := [point for point in wave if point in options.points]:
                run.try_points(points)
                _say(run)
        for trouble, happens in SERVER_TROUBLE.items():
            if trouble in options.points:
                happens(run)
                _say(run)
        return _outcome(run)


def _say(run: "Run") -> None:
    """How it went so far: a run takes long."""
    for row in _outcome(run)["rows"]:
        print(row, file=sys.stderr, flush=True)


class Post(MailServer):
    """The mail server; a worker may be killed between its having a mail and its saying so."""

    def __init__(self, armed: Path) -> None:
        super().__init__()
        self.armed, self.port = armed, free_port()
        self.kill_by_id: dict[str, tuple[str, int]] = {}
        self.worker_pid = 0
        self._controller: Controller | None = None
        self.open()

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def close(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if death := self.kill_by_id.pop(id_of(self.taken[-1]), None):
            note_death(self.armed, AT_THE_SERVER, *death)
            os.killpg(self.worker_pid, signal.SIGKILL)
        return answer


def id_of(mail: Any) -> str:
    return str(mail["Message-ID"]).strip("<>").partition("@")[0]


class Office:
    """`benchmarks.escalation_office` as a process; it too may die."""

    def __init__(self, portal: Fleet) -> None:
        self._env = {**clean_environment(), **portal.env}
        self._process = self._started()

    def ask(self, verb: str, **given: Any) -> Any:
        """Raises EOFError when it died over it; it is there again for the next call."""
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps([verb, given]) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            self.end()
            self._process = self._started()
            raise EOFError(verb)
        return json.loads(line)

    def end(self) -> None:
        """Closes its pipes, which ends it, and waits for that."""
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate(timeout=20)

    def _started(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            python("benchmarks.escalation_office"),
            env=self._env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


@dataclass
class Trial:
    """What was tried at one point, and the questions that lived through it."""

    point: str
    words: str
    refs: list[str]
    keys: list[int] = field(default_factory=list)
    kills: int = 0
    repaired_s: float = 0.0
    took_s: float = 0.0
    was_stuck: bool = False


class Run:
    def __init__(self, options: argparse.Namespace, portal: Fleet, armed: Path, post: Post) -> None:
        self.options, self.portal, self.armed, self.post = options, portal, armed, post
        self.trials: list[Trial] = []
        self._kill_when_mailed: dict[int, str] = {}
        self.office = Office(portal)
        self.worker = portal.servers["worker"]

    def open(self) -> None:
        self.office.ask("opened")
        self._note_worker()

    # --- kills ---------------------------------------------------------------------------------

    def try_points(self, points: list[str]) -> None:
        """For each point one question for each step at which it is passed, all under way together.

        So one death comes on top of the other, and the repair of one waits for others too.
        """
        steps_of = {point: self._steps_to_try(point) for point in points}
        trials = {
            point: self._trial(point, POINTS[point][0], len(steps))
            for point, steps in steps_of.items()
            if steps
        }
        with self._worker_away():
            for point, trial in trials.items():
                if point in BEFORE_THE_WORKER:
                    self._arm(point, ANY, ANY)
                self._register(trial)
                for step, key in zip(steps_of[point], trial.keys, strict=True):
                    self._arm_step(point, step, key)
        self._journey(*trials.values())
        self._judge_deaths(trials)

    def _steps_to_try(self, point: str) -> list[str]:
        asked = self.options.steps
        return [step for step in POINTS[point][1] if not asked or step == ANY or step in asked]

    def _arm_step(self, point: str, step: str, key: int) -> None:
        if point == AT_THE_SERVER:
            self._kill_when_mailed[key] = step
        elif point not in BEFORE_THE_WORKER:
            whose = (ANY, ANY) if step == ANY else (step, key)
            self._arm(point, *whose)

    def _arm(self, point: str, step: str, key: Any) -> None:
        (self.armed / f"{point}.{step}.{key}").touch()

    def _register(self, trial: Trial) -> None:
        """As a form does: what got no answer is sent again with the same ref."""
        for _ in range(3):
            try:
                trial.keys = self.office.ask("registered", refs=trial.refs)
            except EOFError:
                continue
            return
        raise RuntimeError("nobody registers any more")

    def _judge_deaths(self, trials: dict[str, Trial]) -> None:
        """How long each step that was interrupted stayed undone after the kill."""
        path = self.armed.parent / "deaths"
        deaths = [json.loads(line) for line in path.read_text().splitlines()]
        path.unlink()
        for point, kind, key, at in deaths:
            trial = trials[point]
            trial.kills += 1
            keys = trial.keys if key == ANY else [key]
            wanted = "route" if kind == ANY else kind
            for row in self.office.ask("reported", keys=keys):
                done = [step["done_at"] for step in row["steps"] if step["kind"] == wanted]
                trial.repaired_s = max(trial.repaired_s, done[0] - at)
        for trial in trials.values():
            if trial.kills != len(trial.refs):
                raise RuntimeError(f"{trial.words}: {trial.kills} of {len(trial.refs)} died")

    # --- trouble -------------------------------------------------------------------------------

    def flush_all_the_time(self) -> None:
        trial = self._trial("flushed", "broker flushed every 2 s", 4)
        with self._worker_away():
            self._register(trial)
            self._flush()  # every bell that was rung
        self._journey(trial, meanwhile=self._flush, every_s=FLUSH_EVERY_S)

    def refuse_for_an_hour(self) -> None:
        """Nobody answers the door: 4 attempts in 21 minutes, the next would come 60 later."""
        trial = self._trial("refused", "mail server away for an hour", 3)
        self.post.close()
        self._register(trial)
        for attempts, minutes in enumerate((1, 5, 15, 60), 1):
            self._until(lambda least=attempts: self._tried(trial) >= least, "attempts")
            if minutes < 60:
                self._all_wait_no_longer()
        steps = self._steps(trial)
        trial.was_stuck = all(step["is_stuck"] for step in steps if step["kind"] != "route")
        self.post.open()
        self.office.ask("forwarded", minutes=39)  # 60 minutes after the first
        self.office.ask("forwarded", minutes=21)
        self._journey(trial)

    def answer_too_late(self) -> None:
        trial = self._trial("late", "mail server answers after the time-out", 3)
        with self._worker_away():
            self._register(trial)
            self.post.to_content = [STALL] * 6
        self._until(
            lambda: not self.post.to_content, "time-outs", meanwhile=self._all_wait_no_longer
        )
        self._all_wait_no_longer()
        self._journey(trial, meanwhile=self._all_wait_no_longer)

    def _all_wait_no_longer(self) -> None:
        self.office.ask("forwarded", minutes=60)

    def _tried(self, trial: Trial) -> int:
        """How often each mail was tried, at least. Away, each run tries one only."""
        mails = [s["attempts"] for s in self._steps(trial) if s["kind"] in MAILS]
        if min(mails, default=0) < max(mails, default=0):
            self._all_wait_no_longer()
        return min(mails) if len(mails) == 2 * len(trial.keys) else 0

    # --- the way -------------------------------------------------------------------------------

    def _trial(self, point: str, words: str, count: int) -> Trial:
        print(f"  {words} …", file=sys.stderr, flush=True)
        trial = Trial(point, words, [str(uuid.uuid4()) for _ in range(count)])
        self.trials.append(trial)
        return trial

    def _journey(self, *trials: Trial, meanwhile: Any = None, every_s: float = 1.0) -> None:
        began = time.monotonic()
        keys = [key for trial in trials for key in trial.keys]
        self._until(
            lambda: not self.office.ask("advanced", keys=keys),
            "questions that are not at their end",
            meanwhile=meanwhile,
            every_s=every_s,
        )
        for trial in trials:
            trial.took_s = time.monotonic() - began

    def _until(
        self, is_reached: Any, what: str, *, meanwhile: Any = None, every_s: float = 1.0
    ) -> None:
        deadline, next_at = time.monotonic() + GIVE_UP_AFTER_S, time.monotonic()
        while not is_reached():
            self._tell_the_server()
            if self.worker.child.has_ended():
                self.worker.kill()  # what is left of its group
                self._start_worker()
            if meanwhile and time.monotonic() >= next_at:
                meanwhile()
                next_at = time.monotonic() + every_s
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.trials[-1].words}: {what}")
            time.sleep(0.2)

    def _tell_the_server(self) -> None:
        """Which mail kills, as soon as its step stands. Mails wait for our people, so it does."""
        for key, kind in list(self._kill_when_mailed.items()):
            for row in self.office.ask("reported", keys=[key]):
                for step in row["steps"]:
                    if step["kind"] == kind and not step["done_at"]:
                        self.post.kill_by_id[step["message_id"]] = (kind, key)
                        del self._kill_when_mailed[key]

    def _steps(self, trial: Trial) -> list[dict[str, Any]]:
        rows = self.office.ask("reported", keys=trial.keys)
        return [step for row in rows for step in row["steps"]]

    @contextmanager
    def _worker_away(self) -> Iterator[None]:
        self.worker.child.make_stop()
        yield
        self._tell_the_server()
        self._start_worker()

    def _start_worker(self) -> None:
        self.worker.start()
        self._note_worker()

    def _note_worker(self) -> None:
        self.post.worker_pid = self.worker.pid

    def _flush(self) -> None:
        self.portal.flushes += 1
        with redis.Redis.from_url(self.portal.env["REDIS_URL"]) as client:
            client.flushall()


SERVER_TROUBLE = {
    "flushed": Run.flush_all_the_time,
    "refused": Run.refuse_for_an_hour,
    "late": Run.answer_too_late,
}


def _outcome(run: Run) -> dict[str, Any]:
    taken = Counter(id_of(mail) for mail in run.post.taken)
    rows = [_row(run, trial, taken) for trial in run.trials]
    options = run.options
    return {
        "settings": {
            "database": run.portal.stage["durability"],
            "sweep": f"every {options.sweep:g} s (the portal: 20), chase every 3 s (60)",
            "hold of a claim": f"{options.hold:g} s (the portal: 40)",
            "tried at": " ".join(options.steps or ["every step of the way"]),
            "points": "in three waves: one worker dies after the other while the first is repaired",
            "repaired": "seconds from the kill until the step was done, restarts included",
        },
        "rows": rows,
        "kills": sum(row["kills"] for row in rows),
        "flushes": run.portal.flushes,
        "whole": all(row["whole"] for row in rows),
    }


def _row(run: Run, trial: Trial, taken: Counter[str]) -> dict[str, Any]:
    found = run.office.ask("reported", keys=trial.keys)
    steps = [step for row in found for step in row["steps"]]
    mails = [step["message_id"] for step in steps if step["kind"] in MAILS]
    expected = len(trial.refs)
    row = {
        "point": trial.words,
        "kills": trial.kills,
        "questions": expected,
        "found": len({row["key"] for row in found}),
        "lines_wrong": sum(row["lines"] != LINES for row in found),
        "steps": len(steps),
        "mail_steps": len(mails),
        "message_ids": len(set(mails) & set(taken)),
        "repeated": sum(taken[one] - 1 for one in set(mails) if taken[one]),
        "left": sum(step["is_open"] or step["is_stuck"] for step in steps),
        "repaired_s": round(trial.repaired_s, 1),
        "whole_way_s": round(trial.took_s, 1),
        "was_stuck": trial.was_stuck,
    }
    right = row["found"] == expected and row["steps"] == expected * (len(MAILS) + 1)
    once = row["message_ids"] == row["mail_steps"] == expected * len(MAILS)
    row["whole"] = right and once and not row["lines_wrong"] and not row["left"]
    if trial.point == "refused":  # people were told meanwhile
        row["whole"] = row["whole"] and trial.was_stuck
    return row


def _print(outcome: dict[str, Any]) -> None:
    report.describe(outcome, outcome["settings"])
    report.table(
        f"{outcome['kills']} kills with -9, {outcome['flushes']} flushes",
        [
            *("", "kills", "questions", "found", "steps", "Message-IDs", "repeated", "left"),
            *("repaired s", "whole way s", ""),
        ],
        [
            [
                row["point"],
                *(str(row[name]) for name in ("kills", "questions", "found")),
                *(str(row["steps"]), f"{row['message_ids']} of {row['mail_steps']}"),
                *(str(row["repeated"]), str(row["left"])),
                *(f"{row['repaired_s']:.1f}" if row["kills"] else "–", f"{row['whole_way_s']:.0f}"),
                "whole" if row["whole"] else "NOT whole",
            ]
            for row in outcome["rows"]
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
