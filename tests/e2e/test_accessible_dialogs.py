"""axe finds nothing while a dialog or a list of the console lies open, in both schemes."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.agent import Agent
from tests.e2e.talk import Talk
from tests.e2e.words import nl

pytestmark = pytest.mark.once

NARROW_AND_WIDE = (360, 1280)
SUPERVISOR = "supervisor@hasselt.example"
DIALOGS = {
    "t": "Pass on to a colleague",
    "d": "Pass on to a department",
    "e": "End of your shift?",
    "w": "Close the conversation",
    "r": "Back to the queue?",
    "k": "Show the way",
    "h": "Keyboard shortcuts",
}


@pytest.fixture(params=["dark", "light"])
def scheme(request) -> str:
    return request.param


@pytest.fixture
def colleague(agent_context, office) -> Agent:
    """A supervisor who is there too."""
    return Agent(agent_context(SUPERVISOR).new_page()).open_console().become_available()


def dress(page: Page, scheme: str) -> None:
    page.evaluate("scheme => { document.documentElement.dataset.scheme = scheme; }", scheme)


def test_dialogs_of_a_conversation(citizen, agent, colleague, office, scheme):
    Talk.begin(citizen, agent, office)
    page = agent.page
    dress(page, scheme)
    problems = []
    for key, name in DIALOGS.items():
        page.keyboard.press(f"Alt+{key}")
        expect(agent.dialog(name)).to_be_visible()
        problems += axe.check(page, name=f"{name} {scheme}", widths=NARROW_AND_WIDE)
        page.keyboard.press("Escape")
        expect(agent.dialog(name)).to_be_hidden()
    agent.field.press_sequentially("/")
    expect(agent.talk.get_by_role("listbox", name=nl("Ready answers"))).to_be_visible()
    problems += axe.check(page, name=f"ready answers {scheme}", widths=NARROW_AND_WIDE)
    assert not problems


def test_telephone_first_and_closing_the_chat(agent, colleague, scheme):
    page = colleague.page
    dress(page, scheme)
    dress(agent.page, scheme)
    page.keyboard.press("Alt+f")
    close = page.get_by_role("button", name=nl("Close the chat…"))
    expect(close).to_be_visible()
    problems = axe.check(page, name=f"how long {scheme}", widths=NARROW_AND_WIDE)
    page.keyboard.press("Escape")
    page.get_by_role("button", name=nl("Telephone first"), exact=True).click()
    page.keyboard.press("Alt+f")
    close.click()
    dialog = colleague.dialog("Close the chat for now")
    expect(dialog).to_be_visible()
    problems += axe.check(page, name=f"closing {scheme}", widths=NARROW_AND_WIDE)
    dialog.get_by_role("button", name=nl("Close the chat"), exact=True).click()
    expect(dialog).to_be_hidden()
    for desk in (colleague, agent):
        expect(desk.page.locator("console-rush-state [data-stop]").first).to_be_visible()
        problems += axe.check(desk.page, name=f"closed {scheme}", widths=NARROW_AND_WIDE)
    assert not problems
