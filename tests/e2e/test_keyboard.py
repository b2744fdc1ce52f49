"""The whole chat without a mouse, for both sides."""

from playwright.sync_api import expect

from accounts import demo
from tests.e2e.after_end import copies, mail_field, score, why
from tests.e2e.agent import CONSOLE, Agent
from tests.e2e.attached import PHOTO, UPLOADS, row
from tests.e2e.citizen import Citizen
from tests.e2e.conftest import AGENT
from tests.e2e.keyboard import IS_IN_CHAT, press, tab_to
from tests.e2e.talk import Talk
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


def test_files_a_rating_and_a_copy_with_keys_alone(citizen, agent, office):
    Talk.begin(citizen, agent, office)
    page = citizen.page
    # From the start: a key is faster than a browser that has yet to be told to catch a dialog.
    page.on("filechooser", lambda chooser: chooser.set_files([PHOTO]))
    page.route(UPLOADS, lambda route: None)
    attach_with_keys(citizen)
    under_way = row(citizen, "put.jpg").get_by_role("button", name=nl("Do not send"))
    tab_to(page, under_way, key="Shift+Tab")
    press(page, "Enter")
    expect(row(citizen, "put.jpg")).to_have_count(0)
    expect(citizen.field).to_be_focused()

    page.unroute(UPLOADS)
    attach_with_keys(citizen)
    expect(row(citizen, "put.jpg")).to_contain_text(nl("read"))
    assert page.evaluate(IS_IN_CHAT)
    download_with_keys(citizen, "Download", "put.jpg", key="Shift+Tab")

    tab_to(page, citizen.field)
    agent.close_with_topic("Afval")
    expect(citizen.button("New chat")).to_be_focused()
    tab_to(page, score(citizen, "Very satisfied"), key="Shift+Tab")
    press(page, "Space")
    press(page, "ArrowUp")
    expect(score(citizen, "Satisfied")).to_be_checked()
    tab_to(page, why(citizen))
    page.keyboard.type("Vlot.")
    press(page, "Tab")
    press(page, "Enter")
    expect(citizen.panel.get_by_text(nl("Thank you. This helps us do better."))).to_be_focused()

    tab_to(page, copies(citizen))
    press(page, "Enter")
    download_with_keys(citizen, "Download text", "chat-hasselt.txt")
    tab_to(page, mail_field(citizen))
    page.keyboard.type("an")
    press(page, "Enter")
    expect(mail_field(citizen)).to_have_attribute("aria-invalid", "true")
    page.keyboard.type("@voorbeeld.be")
    press(page, "Enter")
    expect(citizen.panel).to_contain_text(nl("We send it to {mail}.", mail="an@voorbeeld.be"))
    assert page.evaluate(IS_IN_CHAT)
    found = office.state(conversation=office.newest())
    assert (found["rating"], found["rating_comment"]) == (4, "Vlot.")


def attach_with_keys(citizen: Citizen) -> None:
    tab_to(citizen.page, citizen.field)
    tab_to(citizen.page, citizen.button("Add a file"), key="Shift+Tab")
    press(citizen.page, "Enter")
    expect(row(citizen, "put.jpg")).to_be_visible()
    assert citizen.page.evaluate(IS_IN_CHAT)


def download_with_keys(citizen: Citizen, button: str, name: str, *, key: str = "Tab") -> None:
    tab_to(citizen.page, citizen.button(button), key=key)
    with citizen.page.expect_download() as download:
        press(citizen.page, "Enter")
    assert download.value.suggested_filename == name
    expect(citizen.button(button)).to_be_focused()


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
    expect(dialog.get_by_role("combobox")).to_have_value("mobiliteit")  # suggested, not decided
    keys.press("Home")
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
