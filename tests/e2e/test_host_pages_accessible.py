"""axe finds nothing in the chat, whatever the page that carries it looks like."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.after_end import copies, mail_field, score
from tests.e2e.attached import row, send_as_agent
from tests.e2e.citizen import Citizen
from tests.e2e.host_page import HostPage
from tests.e2e.talk import Talk

pytestmark = pytest.mark.once

DARK = ":root { color-scheme: dark } body { background: #111; color: #eee }"
HOSTS = {
    "dark": HostPage(style=DARK),
    "large text": HostPage(style="html { font-size: 200% }"),
    "right to left": HostPage(html='lang="ar" dir="rtl"', attributes='data-lang="nl"'),
}
ADD_FAULT = """() => {
  const { shadowRoot } = document.querySelector("hasselt-chat");
  shadowRoot.querySelector("footer").append(document.createElement("button"));
}"""


def of_chat(page: Page, name: str) -> list[str]:
    """The page itself is not ours, apart from what makes it scroll sideways."""
    found = axe.check(page, name=name)
    return [line for line in found if "hasselt-chat" in line or "wide" in line]


@pytest.mark.parametrize("name", HOSTS)
def test_the_chat_is_accessible_on_a_page_that_is(allowed, new_context, agent, office, name):
    allowed.show(HOSTS[name])
    scheme = "dark" if name == "dark" else "light"
    citizen = Citizen(new_context(base_url=allowed.origin, color_scheme=scheme).new_page())
    page = citizen.page
    page.goto("/")
    expect(citizen.launcher).to_be_visible()
    problems = of_chat(page, "launcher")
    talk = Talk.begin(citizen, agent, office)
    send_as_agent(talk, "plan.jpg")
    expect(row(citizen, "plan.jpg")).to_be_visible()
    problems += of_chat(page, "talking")
    agent.close_with_topic("Afval")
    score(citizen, "Satisfied").check()
    copies(citizen).click()
    expect(mail_field(citizen)).to_be_visible()
    problems += of_chat(page, "rating and copies")
    assert not problems


def test_a_fault_in_the_chat_would_be_seen(allowed, new_context, present):
    allowed.show()
    citizen = Citizen(new_context(base_url=allowed.origin).new_page()).open_chat()
    citizen.page.evaluate(ADD_FAULT)
    assert "button-name" in of_chat(citizen.page, "a fault")[0]
