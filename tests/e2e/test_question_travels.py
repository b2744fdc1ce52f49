"""Three questions travel: from chat, telephone and form to a department, and back to the citizen.

Nothing is called behind the screens: Celery routes and mails, the specialist works in the inbox.
PICTURES names a folder for who wants to look.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
from tests.e2e.conftest import AGENT
from tests.e2e.mailbox import link_in, mail_arrives, mails_to
from tests.e2e.talk import Talk
from tests.e2e.test_pass_on import fill_in, go, opened, reference_in, show
from tests.e2e.words import nl

SPECIALIST, OTHER_SPECIALIST = "specialist@hasselt.example", "specialist3@hasselt.example"
INBOX = "/werkbank/vragen/"
MOBILITY = "mobiliteit@hasselt.example"
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
CHATTED = "Mag ik met een bewonerskaart in de Kapelstraat parkeren?"
CALLED = "Moet een studentenkamer gekeurd worden voor ik ze verhuur?"
WRITTEN = "Kan er een fietsenstalling komen op het pleintje aan de bakker?"


def picture(page: Page, name: str, *, full: bool = True) -> None:
    if folder := os.environ.get("PICTURES"):
        page.wait_for_timeout(300)  # for the eye only
        path = Path(folder) / f"{name}.png"
        page.screenshot(path=path, animations="disabled", full_page=full)


@pytest.fixture
def tom(agent_context) -> Page:
    """The specialist's browser."""
    return agent_context(SPECIALIST, INBOX, **DESKTOP).new_page()


def main_says(page: Page, *sentences: str) -> None:
    for sentence in sentences:
        expect(page.get_by_role("main")).to_contain_text(sentence)


def finds(page: Page, words: str, list_: str) -> None:
    """Opens a question from a list of the inbox."""
    page.goto(f"/werkbank/vragen/?lijst={list_}")
    page.get_by_role("main").get_by_role("link").filter(has_text=words).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("HAS-")


def writes(page: Page, label: str, text: str, button: str) -> None:
    page.get_by_role("textbox", name=nl(label)).fill(text)
    page.get_by_role("button", name=nl(button), exact=True).click()


def unfolds(page: Page, summary: str) -> None:
    page.locator("summary").filter(has_text=nl(summary)).click()


def promised(page: Page) -> None:
    """By when the answer comes, in words."""
    main_says(page, "U krijgt antwoord ten laatste op ")


def test_a_question_from_the_chat(citizen: Citizen, agent: Agent, tom, new_context, office, house):
    mail = "chatter@burger.example"
    Talk.begin(citizen, agent, office)
    citizen.write(CHATTED)
    agent.sees(CHATTED)
    dialog = opened(agent)
    fill_in(dialog, CHATTED)
    dialog.get_by_role("textbox", name=nl("E-mail address of the citizen")).fill(mail)
    show(dialog).click()
    citizen.sees(CHATTED)
    picture(agent.page, "passing-on", full=False)
    go(dialog).click()
    expect(dialog).to_be_hidden()
    citizen.sees("Uw vraag is doorgestuurd naar de dienst Mobiliteit.")
    reference = reference_in(citizen.log.text_content() or "")
    picture(citizen.page, "chat-passed-on", full=False)

    # Celery: the department and the citizen are mailed, once.
    to_department = mail_arrives(tom, house, MOBILITY, reference)
    receipt = mail_arrives(tom, house, mail, reference)
    assert "ten laatste op" in receipt.body
    assert mail not in to_department.body
    status = new_context().new_page()
    status.goto(link_in(receipt, reference))
    main_says(status, "Uw vraag is bij de dienst Mobiliteit.")
    promised(status)

    tom.goto(link_in(to_department, "/werkbank/vragen/"))
    expect(tom.get_by_role("heading", level=1)).to_contain_text(reference)
    tom.get_by_role("button", name=nl("Take in hand")).click()
    unfolds(tom, "Ask the citizen something")
    writes(tom, "What do you need to know?", "Op welk nummer woont u?", "Send the question")
    picture(tom, "inbox-asked-back")
    citizen.sees("Op welk nummer woont u?")

    asked = mail_arrives(tom, house, mail, reference, "Op welk nummer woont u?")
    status.goto(link_in(asked, reference))
    main_says(status, "De dienst Mobiliteit heeft u iets gevraagd.")
    picture(status, "status-asked")
    label = nl("Your answer to the department %(department)s") % {"department": "Mobiliteit"}
    status.get_by_role("textbox", name=label).fill("Op nummer 12.")
    status.get_by_role("button", name=nl("Send"), exact=True).click()
    promised(status)

    mail_arrives(tom, house, SPECIALIST, reference, "Op nummer 12.")
    finds(tom, CHATTED, "mine")
    main_says(tom, "Op nummer 12.")
    writes(tom, "Text for the citizen", "Ja, op nummer 12 mag dat.", "Send the answer")
    citizen.sees("Ja, op nummer 12 mag dat.")
    citizen.sees("Tom van de dienst Mobiliteit")
    picture(citizen.page, "chat-answered", full=False)
    answer = mail_arrives(tom, house, mail, reference, "Ja, op nummer 12 mag dat.")

    status.goto(link_in(answer, reference))
    main_says(status, "De dienst Mobiliteit heeft uw vraag beantwoord.")
    picture(status, "status-answered")
    status.get_by_role("button", name=nl("Yes, my question is answered")).click()
    main_says(status, "Uw vraag is afgesloten.")
    field = status.get_by_role("textbox", name=nl("What do you still want to know?"))
    field.fill("Ook op zondag?")
    status.get_by_role("button", name=nl("Send"), exact=True).click()
    main_says(status, "Uw vraag is bij de dienst Mobiliteit.")
    promised(status)
    mail_arrives(tom, house, SPECIALIST, reference, "Ook op zondag?")
    finds(tom, CHATTED, "mine")
    main_says(tom, "Heropend", "Ook op zondag?")
    for each in (to_department, receipt, asked, answer):
        assert len(mails_to(house, each.to, each.subject)) == 1


def test_a_question_by_telephone_is_returned_and_goes_on(agent: Agent, tom, agent_context, house):
    mail, page = "beller@burger.example", agent.page
    page.goto("/werkbank/vraag/doorsturen/")
    page.get_by_role("textbox", name=nl("The question")).fill(CALLED)
    page.get_by_role("combobox", name=nl("All departments")).select_option(label="Mobiliteit")
    page.get_by_role("textbox", name=nl("E-mail address of the citizen")).fill(mail)
    page.get_by_role("button", name=nl("Pass on to the department")).click()
    shown = page.get_by_role("region", name=nl("The question is on its way"))
    reference = reference_in(shown.text_content() or "")
    picture(page, "telephone-passed-on")

    receipt = mail_arrives(page, house, mail, reference)
    mail_arrives(tom, house, MOBILITY, reference)
    finds(tom, CALLED, "unassigned")
    unfolds(tom, "Return: not for us")
    writes(tom, "Why, and who could know", "Verhuur van kamers: Woonloket.", "Return")
    mail_arrives(page, house, "contactcentrum@hasselt.example", reference, "Verhuur van kamers")
    page.goto(link_in(receipt, reference))
    main_says(page, "Het contactcenter zoekt de juiste dienst voor uw vraag.")
    expect(page.get_by_role("main")).not_to_contain_text("Verhuur van kamers")

    finds(page, CALLED, "to-route")
    main_says(page, "Verhuur van kamers: Woonloket.")
    picture(page, "inbox-to-route")
    page.get_by_role("combobox", name=nl("Department"), exact=True).select_option(label="Woonloket")
    page.get_by_role("button", name=nl("Pass on to the department"), exact=True).click()
    mail_arrives(page, house, "wonen@hasselt.example", reference)
    mail_arrives(page, house, mail, reference, "Woonloket")
    page.goto(link_in(receipt, reference))
    main_says(page, "Uw vraag is bij de dienst Woonloket.")
    promised(page)

    samir = agent_context(OTHER_SPECIALIST, INBOX, **DESKTOP).new_page()
    finds(samir, CALLED, "unassigned")
    writes(samir, "Text for the citizen", "Ja, elke tien jaar.", "Send the answer")
    mail_arrives(page, house, mail, reference, "Ja, elke tien jaar.")


def test_a_question_by_the_form(new_context, agent_context, tom, office, house):
    mail, page = "schrijver@burger.example", new_context(**DESKTOP).new_page()
    page.goto("/contact/vraag/")
    page.get_by_role("textbox", name=nl("Your question"), exact=True).fill(WRITTEN)
    page.get_by_role("textbox", name=re.compile(nl("Your e-mail address"))).fill(mail)
    page.wait_for_timeout(3_100)  # a program would be quicker
    page.get_by_role("button", name=nl("Go on")).click()
    page.get_by_role("button", name=nl("Send my question")).click()
    reference = page.locator(".reference-code").inner_text()
    promised(page)
    mail_arrives(page, house, mail, reference)

    desk = agent_context(AGENT, **DESKTOP).new_page()
    finds(desk, WRITTEN, "to-route")
    expect(desk.locator("#suggested")).to_contain_text("Mobiliteit")
    desk.get_by_role("combobox", name=nl("Department"), exact=True).select_option(
        label="Mobiliteit"
    )
    desk.get_by_role("button", name=nl("Pass on to the department"), exact=True).click()
    mail_arrives(tom, house, MOBILITY, reference)
    finds(tom, WRITTEN, "unassigned")
    picture(tom, "inbox-question")
    writes(tom, "Text for the citizen", "Wij komen volgende week kijken.", "Send the answer")
    answer = mail_arrives(page, house, mail, reference, "Wij komen volgende week kijken.")
    page.goto(link_in(answer, reference))
    main_says(page, "De dienst Mobiliteit heeft uw vraag beantwoord.")
    tom.goto("/werkbank/vragen/?lijst=open")
    picture(tom, "inbox-open")
