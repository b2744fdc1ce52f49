"""Takes the README's pictures of a running portal: `make screenshots`.

The conversation is invented and the pages say that they show a demo. Pictures go to
docs/screenshots; ARGS="--into /tmp/pictures" puts them elsewhere.
"""

import argparse
import os
import re
import struct
import tempfile
import zlib
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hasselt_portal.settings")
os.environ.setdefault("PORTAL_DEMO", "1")
os.environ.setdefault("PORTAL_VAR", tempfile.mkdtemp(prefix="pictures-"))

import django

django.setup()

from common import catalogue  # noqa: E402
from hasselt_portal.tests.running import BASE  # noqa: E402

catalogue.compile_all(BASE / "locale")  # before anything that is imported reads a sentence

from playwright.sync_api import Browser, Locator, Page, expect  # noqa: E402

from tests.e2e import chromium  # noqa: E402
from tests.e2e.agent import Agent  # noqa: E402
from tests.e2e.citizen import Citizen  # noqa: E402
from tests.e2e.house import House, open_house  # noqa: E402
from tests.e2e.screenshots_passed_on import Journey  # noqa: E402
from tests.e2e.words import nl  # noqa: E402

MOST_BYTES = 150_000
DESKTOP: dict[str, Any] = {"viewport": {"width": 1200, "height": 760}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780},
    "is_mobile": True,
    "has_touch": True,
}
# The demo's own hours stay, so that terms in the pictures are true; no rule interrupts the story.
CALM: dict[str, Any] = {
    "assigns_automatically": False,
    "default_cap": 10,
    "silence_minutes": 60,
    "abandon_minutes": 10_000,
    "first_answer_seconds": 10_000,
    "agent_gone_seconds": 10_000,
    "new_chats_per_hour": 10_000,
    "wrap_up_seconds": 0,
}
STORY = [
    (
        "citizen",
        "Dag, ik verhuis zaterdag 5 december naar de Kuringersteenweg. Hoe geef ik dat aan?",
    ),
    ("agent", "Dag! Dat kan van thuis uit, tot 8 werkdagen na uw verhuizing."),
    ("card", "adreswijziging"),
    ("citizen", "Kan ik ineens een parkeerverbod vragen voor de verhuiswagen?"),
    ("agent", "Ja, dat staat op dezelfde pagina. Vraag het minstens 10 werkdagen vooraf."),
]
OTHERS = [
    "Mijn PMD-zak is niet opgehaald in de Kempische Steenweg.",
    "Moet ik een afspraak maken voor een reispas?",
]
NOTE = "Vraagt ook naar een lift op een smalle stoep."
AGENT = "agent1@hasselt.example"
BOARD = "/werkbank/chat/muurbord/"
QUESTIONS = "/werkbank/vraag/"
ANSWERED = ["Rijbewijs", "Afval", "Rijbewijs"]
MINUTES = [3, 4, 5, 6, 8, 10, 12, 15] * 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=BASE / "docs" / "screenshots")
    into: Path = parser.parse_args().into
    into.mkdir(parents=True, exist_ok=True)
    path = chromium.find()
    if path is None:
        raise SystemExit("No Chromium or Chrome was found; install one to take pictures.")
    with open_house() as house, chromium.open_browser(path) as browser:
        house.office.rules(**CALM)
        Studio(house, browser, into).take_all()


class Studio:
    """Plays the story and takes the pictures on the way."""

    def __init__(self, house: House, browser: Browser, into: Path) -> None:
        self.house = house
        self.browser = browser
        self.into = into

    def take_all(self) -> None:
        self.picture("widget-closed", self.visitor(**PHONE).open_chat().page)
        agent = self.agent()
        home = self.visitor(**DESKTOP)
        home.page.goto("/")
        expect(home.launcher).to_contain_text(nl("Open now"))
        self.picture("home", home.page)
        phone = self.visitor(**PHONE).open_chat()
        self.picture("widget-first-question", phone.page)
        for citizen in (phone, self.visitor(**DESKTOP).open_chat()):
            self.play(citizen, agent)
            name = "home-phone-chat" if citizen is phone else "home-chat"
            self.picture(name, citizen.page)
        self.wait_in_line(agent)
        agent.page.keyboard.press("Alt+o")
        agent.page.keyboard.type(NOTE)
        agent.page.keyboard.press("Enter")
        expect(agent.page.locator("console-notes")).to_contain_text(NOTE)
        citizen.page.wait_for_timeout(3_200)  # that somebody types is told once in three seconds
        citizen.field.press("D")
        expect(agent.talk).to_contain_text(nl("{name} is typing…", name="").strip())
        expect(agent.talk.locator("console-hints button").first).to_be_visible()
        agent.field.fill("Graag gedaan. Kan ik u nog met iets anders")
        agent.page.set_viewport_size({"width": 1200, "height": 690})  # for the size of the file
        agent.page.locator("#note-text").scroll_into_view_if_needed()
        self.picture("console", agent.page)
        agent.field.fill("")
        agent.close_with_topic("Verhuizen en adres")
        expect(citizen.button("New chat")).to_be_visible()
        self.picture("widget-ended", citizen.panel)
        self.count_and_show()
        self.house.office.rules(**CALM)
        Journey(self).take_all(agent, self.visitor(**DESKTOP).open_chat())

    def wait_in_line(self, agent: Agent) -> None:
        """Two more come; the last one has the place and the range on the screen."""
        self.house.office.handled(email=AGENT, minutes=MINUTES)
        self.house.office.rules(default_cap=2, abandon_minutes=10)
        for text in OTHERS:
            last = self.visitor(**DESKTOP).open_chat()
            last.write(text)
            expect(agent.card(text)).to_be_visible()
        expect(last.panel.locator(".place")).to_contain_text(re.compile(r"\d minuten"))
        self.picture("widget-waiting", last.panel)

    def count_and_show(self) -> None:
        """Questions by telephone, noted by a colleague, and the wall board of it all."""
        desk = self.staff("agent2@hasselt.example", QUESTIONS)
        for topic in ANSWERED:
            desk.get_by_role("main").get_by_role("button", name=topic, exact=True).click()
            expect(desk.get_by_role("status")).to_contain_text(topic)
        self.picture("telephone-question", desk)
        board = self.staff("supervisor@hasselt.example", BOARD)
        expect(board.locator("[data-figure=waiting]")).to_have_text(str(len(OTHERS)))
        self.picture("wall-board", board)

    def staff(self, email: str, where: str) -> Page:
        member = Agent(self.new_page(**DESKTOP))
        member.log_in(email, where=where)
        return member.page

    def play(self, citizen: Citizen, agent: Agent) -> None:
        citizen.write(STORY[0][1])
        expect(agent.list_of("waiting")).to_contain_text("Kuringersteenweg")
        agent.take("Kuringersteenweg")
        for who, text in STORY[1:]:
            if who == "card":
                agent.page.keyboard.press("Alt+k")
                agent.page.keyboard.type(text)
                palette = agent.dialog("Show the way")
                expect(palette.get_by_role("option").first).to_contain_text(text)
                agent.page.keyboard.press("Enter")
            else:
                {"citizen": citizen, "agent": agent}[who].write(text)
            agent.sees(text)
            citizen.sees(text)

    def visitor(self, **options: Any) -> Citizen:
        return Citizen(self.new_page(**options))

    def agent(self) -> Agent:
        agent = Agent(self.new_page(**DESKTOP))
        agent.log_in(AGENT)
        return agent.become_available()

    def new_page(self, **options: Any) -> Page:
        options |= {"base_url": self.house.url, "locale": "nl-BE", "reduced_motion": "reduce"}
        return self.browser.new_context(**options).new_page()

    def picture(self, name: str, of: Page | Locator) -> None:
        page = of if isinstance(of, Page) else of.page
        page.evaluate("document.fonts.ready.then(() => null)")
        page.wait_for_timeout(400)  # the last line settles; nothing depends on it
        path = self.into / f"{name}.png"
        path.write_bytes(smaller(of.screenshot(animations="disabled", caret="hide")))
        size = path.stat().st_size
        assert size <= MOST_BYTES, f"{path.name} has {size} bytes"
        print(f"{path.name}: {size // 1000} kB")


def smaller(png: bytes) -> bytes:
    """The same picture, packed as tightly as zlib can; keeps what a PNG must have."""
    parts, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        parts.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    pixels = zlib.decompress(b"".join(body for kind, body in parts if kind == b"IDAT"))
    packed = zlib.compress(pixels, 9)
    kept = [next(part for part in parts if part[0] == b"IHDR"), (b"IDAT", packed), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in kept
    ]
    return png[:8] + b"".join(chunks)


if __name__ == "__main__":
    main()
