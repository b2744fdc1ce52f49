"""A whole day at the console without a mouse: from becoming available to the end of the shift."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
from tests.e2e.keyboard import HAS_FOCUS, tab_to
from tests.e2e.waiting import until
from tests.e2e.words import nl

COLLEAGUE = "agent2@hasselt.example"
PERMIT = "Hoe vraag ik een bewonerskaart aan?"
PERMIT_PAGE = "Bewonerskaart om te parkeren"
LATE = "Is het containerpark zaterdag open?"
NOTE = "Heeft twee wagens op naam."
PASSING = "Vraagt ook naar een kaart voor bezoek."
BODY = "document.activeElement === document.body"


class KeyedAgent(Agent):
    """An agent who has no mouse, and whose focus is never lost."""

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)
        self.has_focus_somewhere()

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def has_focus_somewhere(self) -> None:
        """Once what the key began is drawn."""
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        until(self.page, lambda: not self.page.evaluate(BODY), what="a place for the focus")

    def confirm(self, dialog: Locator, name: str) -> None:
        """Goes to a button of the dialog and presses it; the dialog then closes."""
        button = dialog.get_by_role("button", name=nl(name), exact=True)
        if not button.evaluate(HAS_FOCUS):
            tab_to(self.page, button)
        self.press("Enter")
        expect(dialog).to_be_hidden()
        self.has_focus_somewhere()

    def open_next(self, words: str) -> None:
        self.press("Alt+ArrowDown")
        self.sees(words)
        expect(self.field).to_be_focused()


@pytest.fixture
def centre(office):
    """Chats come by themselves, two at most, with ten minutes to round off."""
    office.rules(assigns_automatically=True, default_cap=2, wrap_up_seconds=600)
    return office


@pytest.fixture
def bieke(centre, agent_context) -> KeyedAgent:
    return KeyedAgent(agent_context().new_page()).open_console()


@pytest.fixture
def joris(bieke, agent_context) -> KeyedAgent:
    return KeyedAgent(agent_context(COLLEAGUE).new_page()).open_console()


def asked(new_context, question: str) -> Citizen:
    citizen = Citizen(new_context().new_page()).open_chat()
    citizen.write(question)
    citizen.sees(question)
    return citizen


def start(agent: KeyedAgent) -> None:
    agent.press("Tab")  # a page that just came has the focus nowhere
    agent.press("Alt+p")
    expect(agent.available).to_have_attribute("aria-pressed", "true")


def answer(agent: KeyedAgent, citizen: Citizen) -> None:
    """A ready answer, the word that it is looked up, a card, and a suggestion."""
    expect(agent.talk.get_by_role("group", name=nl("Fits this question"))).to_contain_text(
        "Bewonerskaart"
    )
    agent.type("/pinco")
    expect(agent.talk.get_by_role("option")).to_have_count(1)
    agent.press("Enter")
    expect(agent.field).to_have_value(re.compile("^Bent u uw pincode kwijt"))
    agent.press("Enter")
    citizen.sees("Bent u uw pincode kwijt")
    agent.press("Alt+z")
    citizen.sees("Ik zoek het even op.")
    agent.press("Alt+k")
    palette = agent.dialog("Show the way")
    expect(palette).to_be_visible()
    agent.type("reistoe")
    expect(palette.get_by_role("option")).to_have_count(1)
    agent.press("Enter")
    expect(palette).to_be_hidden()
    citizen.sees("Reistoelating")
    expect(agent.field).to_be_focused()
    agent.press("Alt+1")
    armed = nl("Send the page “{title}”: press Enter", title=PERMIT_PAGE)
    expect(agent.talk.get_by_role("button", name=armed)).to_be_focused()
    agent.page.wait_for_timeout(350)  # a held key repeats faster than that
    agent.press("Enter")
    citizen.sees(PERMIT_PAGE)
    expect(agent.field).to_be_focused()


def write_note(agent: KeyedAgent) -> None:
    agent.press("Alt+o")
    field = agent.page.get_by_role("textbox", name=nl("New note"))
    expect(field).to_be_focused()
    agent.type(NOTE)
    agent.press("Enter")
    expect(agent.page.locator("console-notes")).to_contain_text(NOTE)
    expect(field).to_have_value("")
    agent.press("Alt+a")
    expect(agent.field).to_be_focused()


def pass_on(agent: KeyedAgent, name: str) -> None:
    agent.press("Alt+t")
    dialog = agent.dialog("Pass on to a colleague")
    expect(dialog.get_by_role("radio", name=re.compile(name))).to_be_checked()
    tab_to(agent.page, dialog.get_by_role("textbox"))
    agent.type(PASSING)
    agent.confirm(dialog, "Pass on")


def close(agent: KeyedAgent, citizen: Citizen, topic: str) -> None:
    agent.press("Alt+w")
    dialog = agent.dialog("Close the conversation")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    agent.type(topic)
    agent.confirm(dialog, "Close")
    expect(citizen.button("New chat")).to_be_visible()


def test_a_whole_day_with_keys_alone(centre, bieke, joris, new_context):
    start(bieke)
    citizen = asked(new_context, PERMIT)
    expect(bieke.list_of("mine").get_by_role("listitem")).to_have_count(1)
    conversation = centre.newest()
    bieke.open_next(PERMIT)
    answer(bieke, citizen)
    write_note(bieke)

    start(joris)
    pass_on(bieke, "Joris")
    expect(bieke.list_of("mine").get_by_role("listitem")).to_have_count(0)
    expect(joris.list_of("mine").get_by_role("listitem")).to_have_count(1)
    expect(citizen.panel).to_contain_text("Joris")
    joris.open_next(PERMIT)
    for text in (NOTE, PASSING):
        expect(joris.page.locator("console-notes")).to_contain_text(text)
        assert text not in citizen.page.content()
    joris.type("Dag, ik neem het over.")
    joris.press("Enter")
    citizen.sees("Dag, ik neem het over.")
    close(joris, citizen, "Mobiliteit")
    found = centre.state(conversation=conversation)
    assert (found["state"], found["topic"]) == ("closed", "mobiliteit")

    wrap_up = joris.page.locator("console-wrap-up")
    expect(wrap_up).to_be_visible()
    joris.press("Alt+c")
    expect(wrap_up).to_be_hidden()
    joris.has_focus_somewhere()

    last = asked(new_context, LATE)
    until(last.page, lambda: all(row["agent"] for row in centre.queue()), what="the last given")
    goes, stays = (bieke, joris) if centre.queue()[0]["agent"] == "Bieke" else (joris, bieke)
    expect(goes.list_of("mine").get_by_role("listitem")).to_have_count(1)
    goes.press("Alt+e")
    goes.confirm(goes.dialog("End of your shift?"), "Hand over and stop")
    expect(goes.available).to_have_attribute("aria-pressed", "false")
    expect(stays.list_of("mine").get_by_role("listitem")).to_have_count(1)
    stays.open_next(LATE)
    close(stays, last, "Afval")
    stays.press("Alt+e")
    stays.confirm(stays.dialog("End of your shift?"), "Hand over and stop")
    expect(stays.available).to_have_attribute("aria-pressed", "false")
    assert centre.queue() == []
