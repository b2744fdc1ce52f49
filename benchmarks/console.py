"""`python -m benchmarks.console`: does the console stay smooth with many chats under way?

The real console in a real browser, against a real portal: one agent with 10 or with 50 chats under
way, each with a history, and citizens who write over their own sockets at a steady rate while the
agent types an answer. Every frame is timed by requestAnimationFrame, every task of more than 50 ms
by the browser's long-task observer, and every key from its event until the frame that shows it.
What the page itself costs is the processor time of its main thread, which moves least with what
else the machine does.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import sys
import tempfile
import threading
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks import report
from benchmarks.memory import _citizen
from benchmarks.processes import ROOT, cpu_seconds
from benchmarks.sockets import Socket
from benchmarks.subjects import Subject, portal, private_valkey
from common import catalogue
from tests.e2e import chromium
from tests.e2e.waiting import until

FRAME_BAR_MS, KEY_BAR_MS = 50.0, 100.0  # of 99 in 100
SCREEN: Any = {"width": 1440, "height": 900}
HISTORY = 12  # texts in each chat before anything is measured
KEY_EVERY_MS = 90  # a quick typist
SENTENCES = (
    "Dag, ik heb nog een vraag over mijn reispas.",
    "Kan dat ook op zaterdag? Ik werk in de week tot zes uur en geraak er dan niet.",
    "Dank u!",
    "Hoeveel kost het, en kan ik met de kaart betalen?",
)
LETTERS = "dat kan, u brengt uw oude pas en een foto mee naar het stadskantoor. "
WATCH = """() => {
  const seen = { frames: [], long: [], keys: [] };
  let last = performance.now();
  const frame = now => { seen.frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(now => { last = now; requestAnimationFrame(frame); });
  new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) seen.long.push(duration);
  }).observe({ type: "longtask" });
  document.addEventListener("keydown", event => {
    const pressed = event.timeStamp;
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => seen.keys.push(performance.now() - pressed);
      after.port2.postMessage(null);
    });
  }, { capture: true });
  window.benchmarkSeen = seen;
}"""


@dataclass(frozen=True)
class Case:
    """How many chats the agent has, how many texts come in a second, how slow the computer is."""

    chats: int
    rate: float
    slow: float = 1.0

    @property
    def title(self) -> str:
        computer = f", computer {self.slow:g} × slower" if self.slow != 1 else ""
        return f"{self.chats} chats, {self.rate:g} texts a second{computer}"


class Writers:
    """The citizens, in a thread of their own: each with a socket, one text after the other."""

    def __init__(self, subject: Subject, case: Case) -> None:
        self.subject, self.case = subject, case
        self.sent = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._sockets: list[Socket] = []
        self._writing: asyncio.Task[None] | None = None

    def __enter__(self) -> "Writers":
        self._thread.start()
        self._run(self._come_in())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def start(self) -> None:
        self._run(self._begin())

    def _run(self, what: Any) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout=120)

    async def _come_in(self) -> None:
        for token in self.subject.stage["live"]:
            self._sockets.append(await _citizen(self.subject, token))
        for _ in range(HISTORY):
            for socket in self._sockets:
                self._write(socket)
            await asyncio.sleep(0.5)
        self.sent = 0

    async def _begin(self) -> None:
        self._writing = asyncio.create_task(self._keep_writing())

    async def _keep_writing(self) -> None:
        chance = random.Random(7)
        while self.case.rate:
            await asyncio.sleep(chance.expovariate(self.case.rate))
            self._write(chance.choice(self._sockets))

    async def _leave(self) -> None:
        if self._writing:
            self._writing.cancel()
        for socket in self._sockets:
            socket.close()

    def _write(self, socket: Socket) -> None:
        text = SENTENCES[self.sent % len(SENTENCES)]
        frame = {"type": "send", "ref": str(uuid.uuid4()), "text": text}
        socket.send(json.dumps(frame).encode())
        self.sent += 1


def main(arguments: list[str] | None = None) -> int:
    """Returns 1 when texts did not reach the screen; a bar that is missed is reported."""
    options = _options(arguments)
    path = chromium.find()
    if path is None:
        print("No Chromium or Chrome was found; the console was not measured.")
        return 0
    facts = report.about()
    catalogue.compile_all(ROOT / "locale")
    cases = [
        Case(10, options.rate),
        Case(50, 0),
        Case(50, options.rate),
        Case(50, options.rate, options.slow),
    ]
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="console-")))
        redis_url, _ = stack.enter_context(private_valkey(var))
        browser = stack.enter_context(chromium.open_browser(path))
        facts["versions"]["Chromium"] = browser.version
        measured = [_measure(browser, var, redis_url, case, options.seconds) for case in cases]
    outcome = {
        **facts,
        "settings": {
            "seconds each": options.seconds,
            "history of a chat": HISTORY,
            "a key every ms": KEY_EVERY_MS,
            "screen": f"{SCREEN['width']} × {SCREEN['height']}",
        },
        "bars": {"frame p99 ms": FRAME_BAR_MS, "key p99 ms": KEY_BAR_MS},
        "measured": measured,
    }
    _print(outcome)
    if options.write:
        report.write("console", outcome)
    return 0 if all(one["arrived"] == one["sent"] for one in measured) else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.console", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=10.0, help="texts a second")
    parser.add_argument("--slow", type=float, default=4.0, help="of the last case")
    parser.add_argument("--no-write", dest="write", action="store_false")
    options = parser.parse_args(arguments)
    if options.seconds > 120 or options.rate > 50:
        parser.error("at most two minutes and 50 texts a second")
    return options


def _measure(
    browser: Browser, var: Path, redis_url: str, case: Case, seconds: float
) -> dict[str, Any]:
    name = f"{case.chats}-{case.rate:g}-{case.slow:g}"
    subject = portal(name, case.title, var=var, redis_url=redis_url)
    subject.prepare(agents=1, each=case.chats, static=True)
    with subject.serve() as pid, Writers(subject, case) as writers:
        page = _console(browser, subject, case)
        page.evaluate(WATCH)
        tools = page.context.new_cdp_session(page)
        tools.send("Performance.enable", {"timeDomain": "threadTicks"})
        used, before, began = cpu_seconds(pid), _main_thread(tools), time.monotonic()
        writers.start()
        _type(page, seconds)
        writers.case = Case(case.chats, 0)  # nobody begins another text
        whole = HISTORY * case.chats
        page.wait_for_timeout(1_000)
        after, used, lasted_s = (
            _main_thread(tools),
            cpu_seconds(pid) - used,
            time.monotonic() - began,
        )
        seen = page.evaluate("benchmarkSeen")
        with contextlib.suppress(AssertionError):  # the table shows what is missing
            until(page, lambda: _shown(page) >= whole + writers.sent, what="every text")
        arrived = _shown(page) - whole
        page.context.close()
    return {
        "case": case.title,
        "sent": writers.sent,
        "arrived": arrived,
        "web_cpu_s": round(used, 2),
        "main_thread_ms_a_second": {
            name: round(1_000 * (after[name] - before[name]) / lasted_s, 1) for name in after
        },
        **_summary(seen),
    }


def _console(browser: Browser, subject: Subject, case: Case) -> Page:
    """The agent's console with the first chat on the screen and every history in it."""
    url = f"http://127.0.0.1:{subject.port}"
    context = browser.new_context(viewport=SCREEN, base_url=url, locale="nl-BE")
    name, _, value = subject.stage["agents"][0].partition("=")
    context.add_cookies([{"name": name, "value": value, "url": url}])
    page = context.new_page()
    page.goto("/werkbank/chat/")
    cards = page.locator("console-cards[of=mine] li")
    until(page, lambda: cards.count() == case.chats, what="all chats in the list")
    page.locator("console-cards[of=mine] button.card-open").first.click()
    page.locator("#reply-text").click()
    until(page, lambda: _shown(page) >= HISTORY * case.chats, what="every history")
    if case.slow != 1:
        tools = context.new_cdp_session(page)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": case.slow})
    return page


SHOWN = (
    "[...document.querySelector('chat-console').desk.talks.values()]"
    ".reduce((sum, talk) => sum + talk.messages.length, 0)"
)


def _shown(page: Page) -> int:
    return int(page.evaluate(SHOWN))


def _type(page: Page, seconds: float) -> None:
    until_s = time.monotonic() + seconds
    for number in itertools.count():
        if time.monotonic() > until_s:
            break
        page.keyboard.type(LETTERS[number % len(LETTERS)])
        page.wait_for_timeout(KEY_EVERY_MS)


def _summary(seen: dict[str, list[float]]) -> dict[str, Any]:
    return {
        "frames": len(seen["frames"]),
        "frame_ms": _percentiles(seen["frames"]),
        "long_tasks": len(seen["long"]),
        "longest_task_ms": round(max(seen["long"], default=0.0), 1),
        "keys": len(seen["keys"]),
        "key_ms": _percentiles(seen["keys"]),
    }


def _main_thread(tools: CDPSession) -> dict[str, float]:
    """Processor seconds of the page's main thread so far."""
    found = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
    return {
        "all": found["TaskDuration"],
        "script": found["ScriptDuration"],
        "style": found["RecalcStyleDuration"] + found["LayoutDuration"],
    }


def _percentiles(values: list[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    at = {f"p{share}": ordered[int((len(ordered) - 1) * share / 100)] for share in (50, 95, 99)}
    return {name: round(value, 1) for name, value in {**at, "max": ordered[-1]}.items()}


def _print(outcome: dict[str, Any]) -> None:
    report.describe(outcome, outcome["settings"])
    head = ["", "texts", "frames", "p50", "p95", "p99", "max", "tasks > 50", "longest"]
    rows = [
        [
            one["case"],
            f"{one['arrived']}/{one['sent']}",
            str(one["frames"]),
            *(f"{one['frame_ms'][name]:.1f}" for name in ("p50", "p95", "p99", "max")),
            str(one["long_tasks"]),
            f"{one['longest_task_ms']:.0f}",
        ]
        for one in outcome["measured"]
    ]
    report.table("Frames of the console, ms from one to the next", head, rows)
    cost = [
        [one["case"], *(f"{value:.0f}" for value in one["main_thread_ms_a_second"].values())]
        for one in outcome["measured"]
    ]
    report.table(
        "Processor time of the page's main thread, ms a second",
        ["", "all", "scripts", "style and layout"],
        cost,
    )
    keys = [
        [one["case"], str(one["keys"]), *(f"{value:.1f}" for value in one["key_ms"].values())]
        for one in outcome["measured"]
    ]
    report.table("A key, ms until it is drawn", ["", "keys", "p50", "p95", "p99", "max"], keys)
    for one in outcome["measured"]:
        reached = one["frame_ms"]["p99"] <= FRAME_BAR_MS and one["key_ms"]["p99"] <= KEY_BAR_MS
        print(f"  {one['case']}: {'reached' if reached else 'NOT reached'}")


if __name__ == "__main__":
    sys.exit(main())
