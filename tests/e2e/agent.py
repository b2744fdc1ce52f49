"""The agent at the console."""

import re

from playwright.sync_api import Locator, Page, expect

from accounts import demo
from tests.e2e.words import containing, nl, starting

CONSOLE = "/werkbank/chat/"
READ_LOG = """log => [...log.querySelectorAll(".msg, .log-system")].map(line => {
  if (line.matches(".log-system")) return ["event", ""];
  const who = line.matches(".msg-mine") ? "agent" : "citizen";
  return [who, line.querySelector(".msg-text").textContent];
})"""


class Agent:
    """One tab with the console."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def log_in(self, email: str, where: str = CONSOLE) -> None:
        """By the form, as at the start of a day; ends where the agent wanted to go."""
        self.page.goto(where)
        # The labels are words of the login library, not of our catalogue.
        self.page.get_by_role("textbox", name="E-mailadres").fill(email)
        self.page.get_by_role("textbox", name="Wachtwoord").fill(demo.PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name=nl("Log in")).click()
        self.page.wait_for_url(f"**{where}")

    def open_console(self) -> "Agent":
        self.page.goto(CONSOLE)
        expect(self.connection).to_have_text(re.compile(re.escape(nl("Connected"))))
        return self

    @property
    def connection(self) -> Locator:
        return self.page.locator("console-link")

    @property
    def available(self) -> Locator:
        return self.presence.get_by_role("button", name=nl("Available"), exact=True)

    @property
    def presence(self) -> Locator:
        return self.page.get_by_role("group", name=nl("Your availability"))

    def become_available(self) -> "Agent":
        self.available.click()
        expect(self.available).to_have_attribute("aria-pressed", "true")
        return self

    def card(self, words: str) -> Locator:
        """A line in the lists, by its first words, name or number."""
        lists = self.page.get_by_role("region", name=nl("Conversations"), exact=True)
        return lists.get_by_role("listitem").filter(has_text=words)

    def list_of(self, which: str) -> Locator:
        """`waiting`, `mine` or `colleagues`."""
        return self.page.locator(f"console-cards[of={which}]")

    def take(self, words: str) -> None:
        """Takes who waits with these first words, and has that conversation on the screen."""
        card = self.list_of("waiting").get_by_role("listitem").filter(has_text=words)
        conversation = card.get_attribute("data-key")
        card.get_by_role("button", name=starting(nl("Take"))).click()
        expect(self.page).to_have_url(re.compile(f"#{conversation}$"))
        expect(self.field).to_be_visible()

    @property
    def talk(self) -> Locator:
        return self.page.get_by_role("region", name=nl("Conversation"), exact=True)

    @property
    def field(self) -> Locator:
        return self.talk.get_by_role("textbox", name=nl("Your answer"))

    @property
    def log(self) -> Locator:
        return self.talk.get_by_role("log", name=nl("Messages"))

    def write(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def sees(self, text: str, *, timeout_ms: int = 15_000) -> None:
        expect(self.log).to_contain_text(text, timeout=timeout_ms)

    def knows_stored(self, text: str) -> None:
        """On the screen at once, but others may read it only after this."""
        line = self.log.locator(".msg").filter(has_text=text)
        expect(line.locator(".msg-mark[data-mark=sent], .msg-mark[data-mark=read]")).to_be_visible()

    def screen(self) -> list[list[str]]:
        return self.log.evaluate(READ_LOG)

    def dialog(self, name: str) -> Locator:
        return self.page.get_by_role("dialog", name=nl(name))

    def close_with_topic(self, topic: str) -> None:
        self.talk.get_by_role("button", name=starting(nl("Close"))).click()
        dialog = self.dialog("Close the conversation")
        dialog.get_by_role("combobox", name=nl("Topic")).select_option(label=topic)
        dialog.get_by_role("button", name=nl("Close"), exact=True).click()
        expect(dialog).to_be_hidden()

    @property
    def notice(self) -> Locator:
        return self.page.locator("console-notice")

    def told(self, words: str) -> None:
        expect(self.notice).to_contain_text(containing(words))
