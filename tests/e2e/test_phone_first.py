"""The telephone first, and the chat closed for now: from the supervisor's click to every screen."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
from tests.e2e.spoken import forget, listen, spoken
from tests.e2e.talk import Talk
from tests.e2e.waiting import until
from tests.e2e.words import nl

SUPERVISOR = "supervisor@hasselt.example"
BUSY = "Het is nu druk aan de telefoon."
CALLS_FIRST = "Telefoon eerst, tot"


@pytest.fixture
def supervisor(agent_context) -> Page:
    return Agent(agent_context(SUPERVISOR).new_page()).open_console().page


@pytest.fixture
def talking(new_context, agent, office) -> Citizen:
    """A citizen in a conversation."""
    return Talk.begin(visitor(new_context), agent, office).citizen


def visitor(new_context) -> Citizen:
    context = new_context()
    listen(context)
    return Citizen(context.new_page())


def toggle(page: Page):
    return page.get_by_role("button", name=nl("Telephone first"), exact=True)


def strip(page: Page):
    return page.locator("console-rush-state")


def heard_once(page: Page, words: str) -> None:
    until(page, lambda: spoken(page, words), what=f"an announcement of {words}")
    page.wait_for_timeout(1_500)  # a look of the portal later it is still said once
    assert len(spoken(page, words)) == 1, spoken(page)
    forget(page)


def test_open_widgets_show_it_and_hear_it_once_and_it_ends_by_itself(
    talking, supervisor, agent, new_context, office
):
    opened = visitor(new_context).open_chat()
    reading = visitor(new_context)
    reading.page.goto("/")
    for citizen in (talking, opened):
        forget(citizen.page)
    toggle(supervisor).click()
    for citizen in (talking, opened):
        expect(citizen.panel).to_contain_text(BUSY)
        heard_once(citizen.page, BUSY)
    expect(strip(agent.page)).to_contain_text(CALLS_FIRST)
    assert not toggle(agent.page).is_visible()
    expect(toggle(supervisor)).to_have_attribute("aria-pressed", "true")
    reading.page.goto("/contact/")
    expect(reading.page.locator(".announce")).to_contain_text(BUSY)
    expect(reading.launcher).to_contain_text(nl("Busy, answers take longer"))
    office.end_phone_first()
    for citizen in (talking, opened):
        expect(citizen.panel).not_to_contain_text(BUSY)
    expect(strip(agent.page)).to_be_hidden()
    expect(toggle(supervisor)).to_have_attribute("aria-pressed", "false")
    assert talking.field.is_enabled()


def test_the_panel_listens_again_when_a_new_chat_may_begin(talking, supervisor):
    talking.button("End the chat").click()
    talking.button("Yes, end it").click()
    with talking.page.expect_websocket():
        talking.button("New chat").click()
    toggle(supervisor).click()
    expect(talking.panel).to_contain_text(BUSY)


def test_who_opens_the_panel_while_it_is_on_hears_it_once(supervisor, agent, new_context):
    toggle(supervisor).click()
    expect(strip(supervisor)).to_contain_text(CALLS_FIRST)
    late = visitor(new_context)
    late.page.goto("/")
    expect(late.page.locator(".announce")).to_contain_text(BUSY)
    forget(late.page)
    late.launcher.click()
    heard_once(late.page, BUSY)


def test_a_folded_panel_holds_no_socket_and_an_opened_one_holds_one(agent, new_context):
    citizen, sockets = visitor(new_context), []
    citizen.page.on("websocket", lambda socket: sockets.append(socket))  # noqa: PLW0108  it marks it
    citizen.page.goto("/")
    expect(citizen.launcher).to_contain_text(nl("Open now"))
    assert sockets == []
    citizen.launcher.click()
    until(citizen.page, lambda: len(sockets) == 1, what="a socket that listens")
    until(citizen.page, lambda: not sockets[0].is_closed(), what="an open socket")
    citizen.page.keyboard.press("Escape")
    until(citizen.page, sockets[0].is_closed, what="a closed socket")
    citizen.launcher.click()
    until(citizen.page, lambda: len(sockets) == 2, what="another socket")
    citizen.write("Tot hoe laat bent u open?")
    expect(agent.list_of("waiting")).to_contain_text("Tot hoe laat")
    until(citizen.page, sockets[1].is_closed, what="the end of listening")


def test_the_keys_switch_it_and_close_the_chat(supervisor, new_context, agent):
    opened = visitor(new_context).open_chat()
    supervisor.keyboard.press("Alt+f")
    expect(supervisor.get_by_role("button", name=nl("30 minutes"))).to_be_focused()
    supervisor.keyboard.press("Tab")
    supervisor.keyboard.press("Enter")
    expect(strip(supervisor)).to_contain_text(CALLS_FIRST)
    supervisor.keyboard.press("Alt+f")
    for _ in range(4):
        supervisor.keyboard.press("Tab")
    supervisor.keyboard.press("Enter")
    text = supervisor.get_by_role("textbox", name=nl("What citizens read"))
    expect(text).to_be_focused()
    text.fill("")
    supervisor.keyboard.press("Tab")
    supervisor.get_by_role("dialog").get_by_role("button", name=nl("Close the chat")).press("Enter")
    expect(
        supervisor.get_by_role("alert").filter(has_text=nl("Write what citizens read."))
    ).to_be_visible()
    text.fill("Wij helpen nu aan de telefoon.")
    supervisor.get_by_role("dialog").get_by_role("button", name=nl("Close the chat")).press("Enter")
    expect(opened.panel).to_contain_text("Wij helpen nu aan de telefoon.")
    expect(strip(agent.page)).to_contain_text("Wij helpen nu aan de telefoon.")
    supervisor.get_by_role("button", name=nl("Open the chat again")).press("Enter")
    expect(opened.field).to_be_visible()
    expect(toggle(supervisor)).to_be_focused()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_with_all_of_it_on(supervisor, scheme):
    supervisor.get_by_role("button", name="Nadia").click()
    supervisor.get_by_role("radio", name=nl(scheme.capitalize())).check()
    supervisor.keyboard.press("Escape")
    toggle(supervisor).click()
    expect(strip(supervisor)).to_contain_text(CALLS_FIRST)
    supervisor.keyboard.press("Alt+f")
    problems = axe.check(supervisor, name="menu")
    supervisor.get_by_role("button", name=nl("Close the chat…")).click()
    problems += axe.check(supervisor, name="dialog")
    supervisor.get_by_role("dialog").get_by_role("button", name=nl("Close the chat")).click()
    expect(strip(supervisor)).to_contain_text("De chat is gesloten tot")
    problems += axe.check(supervisor, name="both")
    assert not problems
