"""The pictures of a question that travels: console or telephone, department, mail, status page."""

import re
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
from tests.e2e.mailbox import link_in, mail_arrives
from tests.e2e.test_pass_on import go, opened, reference_in, show
from tests.e2e.words import nl

if TYPE_CHECKING:
    from tests.e2e.screenshots import Studio

SMALL: dict[str, Any] = {
    "viewport": {"width": 360, "height": 1000},
    "is_mobile": True,
    "has_touch": True,
}
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
SPECIALIST, COLLEAGUE = "specialist@hasselt.example", "agent2@hasselt.example"
MAIL, CALLER, WRITER = "fatima@burger.example", "karel@burger.example", "an@burger.example"
CHATTED = "Mag ik met een bewonerskaart in de Kapelstraat parkeren?"
FOLLOWS = "Ja, dat klopt. Stuur het antwoord maar naar fatima@burger.example."
ASKED = "Op welk nummer woont u?"
REPLY = "Op nummer 12."
ANSWER = "Ja, met uw bewonerskaart mag u er parkeren, ook op zondag."
CALLED = "De laadpaal op de parking van het zwembad is defect. Wanneer is hij hersteld?"
WRITTEN = "Kan er een fietsenstalling komen op het pleintje aan de bakker?"


class Journey:
    """Plays the question's way through the screens, on the portal of a studio."""

    def __init__(self, studio: "Studio") -> None:
        self.studio = studio
        self.house = studio.house
        self.picture = studio.picture

    def take_all(self, agent: Agent, citizen: Citizen) -> None:
        """The agent is available and has room for one more; the citizen has a closed chat."""
        reference, status = self.passed_on(agent, citizen)
        self.telephone()
        self.form()
        self.asked_back_and_answered(reference, status)

    def passed_on(self, agent: Agent, citizen: Citizen) -> tuple[str, str]:
        """From the chat; the reference and the address of the status page."""
        citizen.write(CHATTED)
        agent.take(CHATTED)
        agent.sees(CHATTED)
        dialog = opened(agent)
        dialog.get_by_role("textbox", name=nl("The question")).fill(CHATTED)
        choice = dialog.get_by_role("radio", name=re.compile("^Mobiliteit"))
        choice.check()
        dialog.get_by_role("textbox", name=nl("E-mail address of the citizen")).fill(MAIL)
        show(dialog).click()
        citizen.sees(CHATTED)
        citizen.write(FOLLOWS)
        expect(dialog).to_contain_text(FOLLOWS)
        agent.page.set_viewport_size({"width": 1200, "height": 860})
        self.picture("passing-on", agent.page)
        go(dialog).click()
        expect(dialog).to_be_hidden()
        citizen.sees("Uw vraag is doorgestuurd naar de dienst Mobiliteit.")
        reference = reference_in(citizen.log.text_content() or "")
        self.picture("chat-passed-on", citizen.panel)
        receipt = mail_arrives(agent.page, self.house, MAIL, reference)
        return reference, link_in(receipt, reference)

    def telephone(self) -> None:
        desk = self.studio.staff(COLLEAGUE, "/werkbank/vraag/doorsturen/")
        desk.get_by_role("textbox", name=nl("The question")).fill(CALLED)
        department = desk.get_by_role("combobox", name=nl("All departments"))
        department.select_option(label="Mobiliteit")
        desk.get_by_role("textbox", name=nl("E-mail address of the citizen")).fill(CALLER)
        desk.get_by_role("button", name=nl("Pass on to the department")).click()
        expect(desk.get_by_role("region", name=nl("The question is on its way"))).to_be_visible()
        self.picture("telephone-passed-on", desk)

    def form(self) -> None:
        page = self.page(SMALL)
        page.goto("/contact/vraag/")
        page.get_by_role("textbox", name=nl("Your question"), exact=True).fill(WRITTEN)
        page.get_by_role("textbox", name=re.compile(nl("Your e-mail address"))).fill(WRITER)
        page.wait_for_timeout(3_100)  # a program would be quicker
        page.evaluate("window.scrollTo(0, 0)")
        self.picture("contact-form", page)
        page.get_by_role("button", name=nl("Go on")).click()
        page.get_by_role("button", name=nl("Send my question")).click()
        expect(page.locator(".reference-code")).to_be_visible()
        self.picture("contact-form-sent", page)

    def asked_back_and_answered(self, reference: str, status: str) -> None:
        tom = Agent(self.page(WIDE))
        tom.log_in(SPECIALIST, where="/werkbank/vragen/")
        tom.page.goto("/werkbank/vragen/?lijst=unassigned")
        for scheme in ("light", "dark"):
            self.dressed(tom.page, scheme)
            self.picture(f"inbox-{scheme}", tom.page)
        tom.page.get_by_role("main").get_by_role("link").filter(has_text=CHATTED).click()
        expect(tom.page.get_by_role("heading", level=1)).to_contain_text(reference)
        detail = tom.page.url
        tom.page.get_by_role("button", name=nl("Take in hand")).click()
        tom.page.locator("summary").filter(has_text=nl("Ask the citizen something")).click()
        self.writes(tom.page, "What do you need to know?", ASKED, "Send the question")
        mail_arrives(tom.page, self.house, MAIL, reference, ASKED)
        self.statuses("asked", status)

        page = self.page(WIDE)
        page.goto(status)
        label = nl("Your answer to the department %(department)s") % {"department": "Mobiliteit"}
        self.writes(page, label, REPLY, "Send")
        tom.page.goto(detail)
        expect(tom.page.get_by_role("main")).to_contain_text(REPLY)
        for scheme in ("light", "dark"):
            self.dressed(tom.page, scheme)
            self.picture(f"inbox-question-{scheme}", tom.page)
        self.writes(tom.page, "Text for the citizen", ANSWER, "Send the answer")
        mail_arrives(tom.page, self.house, MAIL, reference, ANSWER)
        self.statuses("answered", status)
        page.goto("/demo/postvak/")
        self.picture("mail-to-citizen", page)

    def statuses(self, which: str, path: str) -> None:
        for size, options in (("phone", SMALL), ("desktop", WIDE)):
            page = self.page(options)
            page.goto(path)
            self.picture(f"status-{which}-{size}", page)

    def dressed(self, page: Page, scheme: str) -> None:
        page.evaluate("scheme => { document.documentElement.dataset.scheme = scheme; }", scheme)

    def writes(self, page: Page, label: str, text: str, button: str) -> None:
        page.get_by_role("textbox", name=nl(label)).fill(text)
        page.get_by_role("button", name=nl(button), exact=True).click()

    def page(self, options: dict[str, Any]) -> Page:
        return self.studio.new_page(**options)
