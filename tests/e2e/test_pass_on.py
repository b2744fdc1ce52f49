"""A chat question and a telephone question go to a department; the answer comes back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import axe
from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
from tests.e2e.keyboard import tab_to
from tests.e2e.talk import Talk
from tests.e2e.words import nl

DEPARTMENT = "Mobiliteit"
MAIL = "fatima@burger.example"
QUESTION = "Mag ik met een bewonerskaart voor mijn deur parkeren?"
PAGE = "/werkbank/vraag/doorsturen/"
REFERENCE = re.compile(r"HAS-\d{4}-\d{6}-[A-Z]")


def opened(agent: Agent) -> Locator:
    agent.page.keyboard.press("Alt+d")
    dialog = agent.dialog("Pass on to a department")
    expect(dialog).to_be_visible()
    return dialog


def fill_in(dialog: Locator, text: str) -> None:
    dialog.get_by_role("textbox", name=nl("The question")).fill(text)
    dialog.get_by_role("combobox", name=nl("All departments")).select_option(label=DEPARTMENT)
    dialog.get_by_role("textbox", name=nl("E-mail address of the citizen")).fill(MAIL)


def show(dialog: Locator) -> Locator:
    return dialog.get_by_role("button", name=nl("Show to the citizen"))


def go(dialog: Locator) -> Locator:
    return dialog.get_by_role("button", name=nl("Pass on to the department"))


def reference_in(words: str) -> str:
    found = REFERENCE.search(words)
    assert found, words
    return found[0]


def proposal(text: str) -> str:
    words = nl(
        "I pass this question on for you to the department %(department)s:\n\n"
        "“%(text)s”\n\nIs that right?"
    )
    return words % {"department": DEPARTMENT, "text": text}


def test_a_chat_question_goes_on_and_its_answer_comes_back(citizen: Citizen, agent: Agent, office):
    Talk.begin(citizen, agent, office)
    citizen.write(QUESTION)
    agent.sees(QUESTION)
    dialog = opened(agent)
    field = dialog.get_by_role("textbox", name=nl("The question"))
    assert QUESTION in field.input_value()
    fill_in(dialog, QUESTION)
    expect(go(dialog)).to_have_attribute("aria-disabled", "true")
    show(dialog).click()
    expect(go(dialog)).not_to_have_attribute("aria-disabled", "true")
    citizen.sees(proposal(QUESTION).split("\n")[0])
    citizen.sees(QUESTION)

    # Another text was not seen; the same one was.
    field.fill(f"{QUESTION} Ook op zondag?")
    expect(go(dialog)).to_have_attribute("aria-disabled", "true")
    field.fill(QUESTION)
    citizen.write("Ja, dat klopt.")
    expect(dialog).to_contain_text("Ja, dat klopt.")

    # What was filled in survives a reload.
    agent.page.reload()
    expect(agent.connection).to_have_text(nl("Connected"))
    expect(agent.field).to_be_visible()
    agent.sees("Ja, dat klopt.")
    dialog = opened(agent)
    mail = dialog.get_by_role("textbox", name=nl("E-mail address of the citizen"))
    assert mail.input_value() == MAIL
    go(dialog).click()
    expect(dialog).to_be_hidden()

    line = agent.page.locator("console-passed-on li")
    expect(line).to_contain_text(f"{DEPARTMENT}, ")
    reference = reference_in(line.text_content() or "")
    stored = office.passed_on(reference=reference)
    assert (stored["channel"], stored["department"]) == ("chat", DEPARTMENT)
    assert (stored["text"], stored["mail"]) == (QUESTION, MAIL)
    citizen.sees(f"Uw vraag is doorgestuurd naar de dienst {DEPARTMENT}.")
    link = citizen.log.get_by_role("link").last
    expect(link).to_have_attribute("href", re.compile(re.escape(reference)))
    assert MAIL not in (citizen.log.text_content() or "")

    office.specialist_answers(reference=reference, text="Ja, met een kaart mag dat.")
    citizen.sees("Ja, met een kaart mag dat.")
    citizen.sees(f"Tom van de dienst {DEPARTMENT}")
    agent.sees("Ja, met een kaart mag dat.")
    expect(line).to_contain_text("beantwoord")
    citizen.write("Dank u!")
    agent.sees("Dank u!")


def test_the_dialog_works_with_keys_alone_and_says_what_is_missing(
    citizen: Citizen, agent: Agent, office, complaints
):
    complaints.expect_status(400)
    Talk.begin(citizen, agent, office)
    page = agent.page
    dialog = opened(agent)
    expect(dialog.get_by_role("textbox", name=nl("The question"))).to_be_focused()
    tab_to(page, show(dialog))
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text(nl("Choose the department first."))
    everything = dialog.get_by_role("combobox", name=nl("All departments"))
    expect(everything).to_be_focused()
    page.keyboard.type(DEPARTMENT)
    tab_to(page, show(dialog))
    page.keyboard.press("Enter")
    expect(go(dialog)).not_to_have_attribute("aria-disabled", "true")
    tab_to(page, go(dialog))
    page.keyboard.press("Enter")
    mail = dialog.get_by_role("textbox", name=nl("E-mail address of the citizen"))
    expect(mail).to_be_focused()
    page.keyboard.type(MAIL)
    tab_to(page, go(dialog))
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(agent.page.locator("console-passed-on li")).to_contain_text(DEPARTMENT)


def fill_in_page(page: Page) -> None:
    page.get_by_role("textbox", name=nl("The question")).fill(QUESTION)
    page.get_by_role("combobox", name=nl("All departments")).select_option(label=DEPARTMENT)
    page.get_by_role("radio", name=nl("By telephone")).check()
    page.get_by_role("textbox", name=nl("Telephone number of the citizen")).fill("0470123456")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_telephone_question_goes_on_with_and_without_scripts(
    agent_context, office, complaints, scripts
):
    complaints.expect_status(422)
    page = agent_context(java_script_enabled=scripts).new_page()
    page.goto("/werkbank/vraag/")
    page.get_by_role("main").get_by_role("link", name=nl("Pass on to a department")).click()
    send = page.get_by_role("button", name=nl("Pass on to the department"))
    suggest = page.get_by_role("button", name=nl("Suggest a department"))
    page.get_by_role("textbox", name=nl("The question")).fill(QUESTION)
    if scripts:
        expect(suggest).to_be_hidden()
    else:
        suggest.click()
    send.click()
    expect(page.get_by_role("alert")).to_contain_text(nl("Department"))
    assert page.get_by_role("textbox", name=nl("The question")).input_value() == QUESTION
    fill_in_page(page)
    send.click()
    shown = page.get_by_role("region", name=nl("The question is on its way"))
    expect(shown).to_contain_text(f"Uw vraag is doorgestuurd naar de dienst {DEPARTMENT}.")
    reference = reference_in(shown.text_content() or "")
    stored = office.passed_on(reference=reference)
    assert (stored["channel"], stored["phone"]) == ("phone", "0470 12 34 56")
    page.goto("/werkbank/vraag/")
    expect(page.locator(".own-list li").first).to_contain_text(reference)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_form_and_the_filled_in_dialog_are_accessible(
    citizen: Citizen, agent: Agent, agent_context, office, complaints, scheme
):
    complaints.expect_status(422)
    dress = "scheme => { document.documentElement.dataset.scheme = scheme; }"
    page = agent_context().new_page()
    page.goto(PAGE)
    page.get_by_role("button", name=nl("Pass on to the department")).click()
    page.evaluate(dress, scheme)
    problems = axe.check(page, name=f"form refused, {scheme}") + axe.large_text(page)
    fill_in_page(page)
    page.get_by_role("button", name=nl("Pass on to the department")).click()
    page.evaluate(dress, scheme)
    problems += axe.check(page, name=f"form sent, {scheme}")

    Talk.begin(citizen, agent, office)
    agent.page.evaluate(dress, scheme)
    dialog = opened(agent)
    fill_in(dialog, QUESTION)
    problems += axe.check(agent.page, name=f"dialog, {scheme}")
    show(dialog).click()
    expect(go(dialog)).not_to_have_attribute("aria-disabled", "true")
    problems += axe.check(agent.page, name=f"dialog shown, {scheme}")
    assert not problems
