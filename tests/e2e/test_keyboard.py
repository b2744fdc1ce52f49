"""The whole chat without a mouse, for both sides."""

from playwright.sync_api import expect

from accounts import demo
from tests.e2e.agent import CONSOLE, Agent
from tests.e2e.citizen import Citizen
from tests.e2e.conftest import AGENT
from tests.e2e.keyboard import tab_to
from tests.e2e.words import nl, starting


def test_a_citizen_chats_with_keys_alone(citizen, agent, office):
    page, keys = citizen.page, citizen.page.keyboard
    page.goto("/")
    expect(citizen.launcher).to_be_visible()
    tab_to(page, citizen.launcher)
    keys.press("Enter")
    expect(citizen.field).to_be_focused()

    keys.press("Escape")
    expect(citizen.panel).to_be_hidden()
    expect(citizen.launcher).to_be_focused()
    keys.press("Space")
    expect(citizen.field).to_be_focused()

    keys.type("Wanneer komt")
    keys.press("Shift+Enter")
    keys.type("de ophaling?")
    keys.press("Enter")
    citizen.sees("Wanneer komt\nde ophaling?")
    expect(citizen.field).to_have_value("")
    expect(citizen.field).to_be_focused()

    agent.take("Wanneer komt")
    agent.write("Donderdag vanaf 7 uur.")
    citizen.sees("Donderdag vanaf 7 uur.")
    expect(citizen.field).to_be_focused()

    tab_to(page, citizen.log.locator("xpath=.."), key="Shift+Tab")
    tab_to(page, citizen.button("Close window, the chat stays open"), key="Shift+Tab")
    keys.press("Enter")
    expect(citizen.launcher).to_be_focused()
    keys.press("Enter")
    expect(citizen.field).to_be_focused()

    tab_to(page, citizen.button("End the chat"), key="Shift+Tab")
    keys.press("Enter")
    expect(citizen.button("Yes, end it")).to_be_focused()
    keys.press("Escape")
    expect(citizen.field).to_be_focused()
    tab_to(page, citizen.button("End the chat"), key="Shift+Tab")
    keys.press("Enter")
    keys.press("Enter")
    expect(citizen.button("New chat")).to_be_focused()
    assert office.state(conversation=office.newest())["reason"] == "citizen"
    keys.press("Enter")
    expect(citizen.field).to_be_focused()


def test_the_focus_stays_within_a_chat_that_fills_the_screen(new_context, agent):
    citizen = Citizen(new_context(viewport={"width": 360, "height": 640}).new_page())
    citizen.open_chat()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(12):
            citizen.page.keyboard.press(key)
            assert citizen.page.evaluate("document.activeElement.localName") == "hasselt-chat"


def test_an_agent_works_with_keys_alone(citizen, new_context, agent_context, office):
    page = new_context().new_page()
    agent, keys = Agent(page), page.keyboard
    page.goto(CONSOLE)
    tab_to(page, page.get_by_role("textbox", name="E-mailadres"))
    keys.type(AGENT)
    tab_to(page, page.get_by_role("textbox", name="Wachtwoord"))
    keys.type(demo.PASSWORD)
    keys.press("Enter")
    page.wait_for_url(f"**{CONSOLE}")
    expect(agent.connection).to_contain_text(nl("Connected"))
    tab_to(page, agent.available)
    keys.press("Enter")
    expect(agent.available).to_have_attribute("aria-pressed", "true")

    citizen.open_chat()
    citizen.write("Hoe vraag ik een parkeerkaart aan?")
    expect(agent.card("parkeerkaart")).to_be_visible()
    tab_to(page, agent.card("parkeerkaart").get_by_role("button", name=starting(nl("Take"))))
    keys.press("Enter")
    expect(agent.field).to_be_focused()
    keys.type("Dat kan online,")
    keys.press("Shift+Enter")
    keys.type("of aan het loket.")
    keys.press("Enter")
    citizen.sees("Dat kan online,\nof aan het loket.")
    expect(agent.field).to_be_focused()

    keys.press("Alt+r")
    expect(agent.dialog("Back to the queue?")).to_be_visible()
    keys.press("Escape")
    expect(agent.dialog("Back to the queue?")).to_be_hidden()
    expect(agent.field).to_be_focused()

    keys.press("Alt+w")
    dialog = agent.dialog("Close the conversation")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    tab_to(page, dialog.get_by_role("button", name=nl("Close"), exact=True))
    keys.press("Enter")
    expect(dialog).to_contain_text(nl("Choose a topic first."))
    expect(dialog.get_by_role("combobox")).to_be_focused()
    keys.type("Mobiliteit")
    tab_to(page, dialog.get_by_role("button", name=nl("Close"), exact=True))
    keys.press("Enter")
    expect(dialog).to_be_hidden()
    expect(citizen.button("New chat")).to_be_visible()
    found = office.state(conversation=office.newest())
    assert (found["state"], found["topic"]) == ("closed", "mobiliteit")


def test_shortcuts_take_hop_and_explain(new_context, agent, office):
    keys, page = agent.page.keyboard, agent.page
    for words in ("De eerste vraag", "De tweede vraag"):
        Citizen(new_context().new_page()).open_chat().write(words)
        expect(agent.card(words)).to_be_visible()
    keys.press("Alt+n")
    agent.sees("De eerste vraag")
    expect(agent.field).to_be_focused()
    keys.press("Alt+n")
    agent.sees("De tweede vraag")
    keys.press("Alt+ArrowUp")
    agent.sees("De eerste vraag")
    keys.type("Ken ik niet?")  # the one key without Alt is a letter while one types
    expect(agent.dialog("Keyboard shortcuts")).to_be_hidden()
    expect(agent.field).to_have_value("Ken ik niet?")
    keys.press("Alt+h")
    expect(agent.dialog("Keyboard shortcuts")).to_be_visible()
    keys.press("Escape")
    expect(agent.dialog("Keyboard shortcuts")).to_be_hidden()
    keys.press("Alt+p")
    expect(agent.available).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("document.activeElement.localName") == "textarea"
