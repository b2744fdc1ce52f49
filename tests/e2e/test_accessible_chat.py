"""axe finds nothing in any state of the widget, the console and the page without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import axe
from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
from tests.e2e.complaints import LOST_CONNECTION
from tests.e2e.talk import QUESTION, Talk
from tests.e2e.words import nl, starting

pytestmark = pytest.mark.once

LONG = "woord " * 340


@pytest.fixture(params=["nl", "en"])
def visitor(request, new_context) -> Citizen:
    language = request.param
    locale = {"nl": "nl-BE", "en": "en-GB"}[language]
    return Citizen(new_context(locale=locale).new_page(), language)


def test_the_closed_chat(visitor):
    visitor.open_chat()
    expect(visitor.panel).to_contain_text(visitor.say("The chat is closed now"))
    assert not axe.check(visitor.page, name="closed")


def test_the_first_field_and_its_errors(visitor, present):
    visitor.open_chat()
    problems = axe.check(visitor.page, name="first field")
    visitor.field.press("Enter")
    expect(visitor.panel.get_by_role("alert").first).to_be_visible()
    problems += axe.check(visitor.page, name="empty")
    visitor.write(LONG)
    expect(visitor.field).to_have_attribute("aria-invalid", "true")
    assert not problems + axe.check(visitor.page, name="too long")


def test_waiting_and_the_question_whether_to_stop(visitor, present):
    visitor.open_chat()
    visitor.write(QUESTION)
    expect(visitor.panel).to_contain_text(visitor.say("We are looking for an employee"))
    visitor.sees(QUESTION)
    problems = axe.check(visitor.page, name="waiting")
    visitor.button("End the chat").click()
    expect(visitor.button("Yes, end it")).to_be_visible()
    assert not problems + axe.check(visitor.page, name="asked whether to stop")


def test_talking_with_phone_first_and_losing_the_connection(citizen, agent, office, complaints):
    complaints.expect(LOST_CONNECTION)
    office.announce(text="Het is heel druk. Bel ons, dan helpen we u sneller.")
    talk = Talk.begin(citizen, agent, office)
    talk.write(agent="Kijk op https://www.hasselt.be/ of mail stad@hasselt.example.")
    citizen.sees("Kijk op")
    problems = axe.check(citizen.page, name="talking")
    problems += axe.large_text(citizen.page)
    citizen.page.context.set_offline(True)
    expect(citizen.panel).to_contain_text(
        nl("You are offline. What you write is kept and goes out as soon as you are back.")
    )
    citizen.write("Dit wacht.")
    assert not problems + axe.check(citizen.page, name="offline")


def test_the_silence_question_and_the_end_by_silence(citizen, agent, office):
    talk = Talk.begin(citizen, agent, office)
    talk.write(agent="Bent u er nog?")
    talk.check()
    office.silent_for(conversation=talk.conversation, minutes=120)
    office.sweep()
    expect(citizen.button("I am still here")).to_be_visible()
    problems = axe.check(citizen.page, name="silence question")
    office.silence_over(conversation=talk.conversation)
    office.sweep()
    expect(citizen.button("Talk on")).to_be_visible()
    assert not problems + axe.check(citizen.page, name="ended by silence")


def test_ended_by_the_agent_and_folded_with_news(citizen, agent, office):
    talk = Talk.begin(citizen, agent, office)
    citizen.page.keyboard.press("Escape")
    talk.write(agent="Ik heb het gevonden.")
    expect(citizen.launcher).to_contain_text(nl("1 new message"))
    problems = axe.check(citizen.page, name="folded with news")
    citizen.launcher.click()
    agent.close_with_topic("Afval")
    expect(citizen.button("New chat")).to_be_visible()
    assert not problems + axe.check(citizen.page, name="ended")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_console(new_context, agent_context, office, scheme):
    page = agent_context(color_scheme=scheme).new_page()
    agent = Agent(page).open_console()
    choose_scheme(agent, scheme)
    problems = axe.check(page, name="away and empty")
    agent.become_available()
    problems += axe.check(page, name="available")
    for words in (QUESTION, "Nog iemand met een vraag over een attest"):
        Citizen(new_context().new_page()).open_chat().write(words)
        expect(agent.card(words)).to_be_visible()
    problems += axe.check(page, name="waiting")
    agent.take(QUESTION)
    agent.write("Op https://www.hasselt.be/ vindt u alles.")
    agent.sees("vindt u alles")
    problems += axe.check(page, name="talking")
    agent.write(LONG)
    problems += axe.check(page, name="too long")
    agent.field.fill("")
    for key, name in {"w": "close", "r": "return", "h": "keys"}.items():
        page.keyboard.press(f"Alt+{key}")
        expect(page.locator("dialog[open]")).to_be_visible()
        problems += axe.check(page, name=name, widths=(360, 1280))
        page.keyboard.press("Escape")
    assert not problems


def choose_scheme(agent: Agent, scheme: str) -> None:
    agent.page.get_by_role("button", name=starting("Bieke")).click()
    label = {"dark": "Dark", "light": "Light"}[scheme]
    agent.page.get_by_role("radio", name=nl(label), exact=True).check()
    expect(agent.page.locator("html")).to_have_attribute("data-scheme", scheme)
    agent.page.keyboard.press("Escape")


def test_the_console_offline_and_logged_out(citizen, agent, office, complaints):
    complaints.expect(LOST_CONNECTION)
    Talk.begin(citizen, agent, office)
    agent.page.context.set_offline(True)
    expect(agent.connection).to_contain_text(nl("No network on this computer"))
    agent.write("Dit wacht op het net.")
    problems = axe.check(agent.page, name="offline")
    agent.page.context.set_offline(False)
    expect(agent.connection).to_contain_text(nl("Connected"))
    office.log_out(email="agent1@hasselt.example")
    heading = agent.page.get_by_role("heading", name=nl("You are logged out"))
    expect(heading).to_be_visible()
    assert not problems + axe.check(agent.page, name="logged out")


def test_the_page_without_scripts(citizen, agent, complaints):
    """The same document as without scripts; axe itself is one."""
    complaints.expect_status(422)
    page = citizen.page
    page.goto("/chat/")
    page.get_by_role("button", name=nl("Send and start the chat")).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    problems = axe.check(page, name="plain error")
    page.get_by_role("textbox", name=starting(nl("Your message"))).fill(QUESTION)
    page.get_by_role("button", name=nl("Send and start the chat")).click()
    expect(page.get_by_role("main")).to_contain_text(QUESTION)
    problems += axe.check(page, name="plain waiting")
    agent.take(QUESTION)
    agent.write("Dag, ik help u.")
    agent.knows_stored("Dag, ik help u.")
    page.get_by_role("link", name=nl("Show new messages")).click()
    expect(page.get_by_role("main")).to_contain_text("Dag, ik help u.")
    problems += axe.check(page, name="plain talking")
    page.get_by_role("button", name=nl("End the chat")).click()
    expect(page.get_by_role("main")).to_contain_text(re.compile(re.escape(nl("Start a new chat"))))
    assert not problems + axe.check(page, name="plain ended")
