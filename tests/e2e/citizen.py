"""The citizen at the chat on the city's pages."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.words import said, starting

# One entry for each line of the log: who wrote which text, or that something happened.
READ_LOG = """log => [...log.querySelectorAll(".row")].map(row => {
  const bubble = row.querySelector(".bubble");
  if (!bubble) return ["event", ""];
  return [row.querySelector(".mine") ? "citizen" : "agent", bubble.textContent];
})"""


class Citizen:
    """One tab. Finds everything as a person does: by role and by name."""

    def __init__(self, page: Page, language: str = "nl") -> None:
        self.page = page
        self.language = language

    def say(self, sentence: str, **values: object) -> str:
        return said(sentence, self.language, **values)

    @property
    def home(self) -> str:
        return "/" if self.language == "nl" else "/en/"

    @property
    def launcher(self) -> Locator:
        return self.page.get_by_role("button", name=starting(self.say("Chat with the city")))

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("region", name=self.say("Chat with the city"), exact=True)

    @property
    def field(self) -> Locator:
        return self.panel.get_by_role("textbox")

    @property
    def log(self) -> Locator:
        return self.panel.get_by_role("log", name=self.say("Messages"))

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=self.say(name), exact=True)

    def link(self, name: str) -> Locator:
        return self.panel.get_by_role("link", name=self.say(name), exact=True)

    def open_chat(self, path: str | None = None) -> "Citizen":
        """Comes to a page and opens the chat."""
        self.page.goto(path or self.home)
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def write(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def sees(self, text: str, *, timeout_ms: int = 15_000) -> None:
        expect(self.log).to_contain_text(text, timeout=timeout_ms)

    def screen(self) -> list[list[str]]:
        return self.log.evaluate(READ_LOG)


class PlainCitizen:
    """The citizen whose browser runs no script."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name=starting(said("Your message", "nl")))

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=said(name, "nl"), exact=True)

    def look_again(self) -> None:
        self.page.get_by_role("link", name=said("Show new messages", "nl")).click()

    def events(self) -> list[list[str]]:
        """Each line of the conversation; a text with who wrote it."""
        found = []
        for item in self.page.locator("ol.plain-log > li").all():
            text = item.locator(".plain-text")
            who = (item.get_attribute("class") or "").removeprefix("from-")
            found.append([who, text.text_content() or ""] if text.count() else ["portal", ""])
        return found
