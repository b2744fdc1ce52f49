"""Sound and desktop notifications of the console: on the agent's wish, and once."""

import pytest
from playwright.sync_api import expect

from tests.e2e import axe
from tests.e2e.agent import Agent
from tests.e2e.talk import QUESTION, Talk
from tests.e2e.waiting import until
from tests.e2e.words import nl

# What the desktop would show, and when the person was asked; headless browsers show nothing.
DESKTOP = """
  const shown = JSON.parse(sessionStorage.shown ?? "[]");
  window.shown = shown;
  window.asked = 0;
  window.isLookedAt = true;
  class Notification extends EventTarget {
    static permission = "default";
    static async requestPermission() {
      window.asked += 1;
      Notification.permission = "granted";
    }
    constructor(title, { body, tag }) { super(); shown.push({ body, tag }); }
    close() {}
  }
  Object.defineProperty(window, "Notification", { value: Notification });
  Document.prototype.hasFocus = () => window.isLookedAt;
"""


@pytest.fixture
def listening(agent_context) -> Agent:
    """An agent who switched desktop notifications on."""
    page = agent_context().new_page()
    page.add_init_script(DESKTOP)
    agent = Agent(page).open_console().become_available()
    assert page.evaluate("asked") == 0
    menu(agent).click()
    page.get_by_role("checkbox", name=nl("On my desktop")).click()
    until(page, lambda: page.evaluate("asked") == 1, what="the question of the browser")
    page.keyboard.press("Escape")
    return agent


def menu(agent: Agent):
    return agent.page.locator("button[popovertarget=me-menu]")


def shown(agent: Agent) -> list[str]:
    return [note["body"] for note in agent.page.evaluate("shown")]


def look_away(agent: Agent) -> None:
    agent.page.evaluate("window.isLookedAt = false")


def test_who_looks_elsewhere_is_told_once_of_each_thing(listening, citizen, office):
    look_away(listening)
    citizen.open_chat().write(QUESTION)
    until(listening.page, lambda: shown(listening), what="somebody waits")
    assert len(shown(listening)) == 1
    assert QUESTION not in shown(listening)[0]
    expect(listening.page.locator("[data-nav-count=chat]")).to_contain_text("1")


def test_a_message_on_the_screen_is_told_only_to_who_looks_away(listening, citizen, office):
    talk = Talk.begin(citizen, listening, office)
    talk.write(citizen="Ik wacht nog.")
    listening.sees("Ik wacht nog.")
    assert shown(listening) == []
    look_away(listening)
    talk.write(citizen="Bent u daar?")
    until(listening.page, lambda: len(shown(listening)) == 1, what="a notification")


def test_alt_m_switches_the_sound_and_it_is_remembered(agent):
    page = agent.page
    sound = page.get_by_role("checkbox", name=nl("With a sound"))
    page.keyboard.press("Alt+m")
    agent.told(nl("Sound is on."))
    page.reload()
    expect(agent.connection).to_contain_text(nl("Connected"))
    menu(agent).click()
    expect(sound).to_be_checked()
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+m")
    agent.told(nl("Sound is off."))
    menu(agent).click()
    expect(sound).not_to_be_checked()


def test_the_menu_with_its_switches_is_accessible(agent):
    menu(agent).click()
    assert not axe.check(agent.page, name="menu")
