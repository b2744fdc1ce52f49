"""A citizen and an agent, from the home page to the end of the chat."""

from playwright.sync_api import expect

from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
from tests.e2e.conftest import AGENT
from tests.e2e.figures import tell
from tests.e2e.waiting import until, until_equal
from tests.e2e.words import containing, nl

SEEN_WITHIN_MS = 5_000  # only ends a failure; what it took is told
# When a text first stands on the page, by the clock that both browsers share.
WATCH_FOR = """words => {
  window.seenAt = 0;
  const watch = new MutationObserver(() => {
    if (!document.body.textContent.includes(words)) return;
    window.seenAt = performance.timeOrigin + performance.now();
    watch.disconnect();
  });
  watch.observe(document, { subtree: true, childList: true, characterData: true });
}"""
NOW = "performance.timeOrigin + performance.now()"


def stored(office, conversation):
    """The messages of the database as a screen shows them."""
    return [
        [row["author"], row["text"]] if row["kind"] == "text" else ["event", ""]
        for row in office.messages(conversation=conversation)
    ]


def test_a_citizen_asks_and_an_agent_answers_until_the_end(new_context, office):
    agent = Agent(new_context().new_page())
    agent.log_in(AGENT)
    agent.become_available()

    citizen = Citizen(new_context().new_page())
    citizen.page.goto("/")
    expect(citizen.launcher).to_have_attribute("aria-expanded", "false")
    citizen.launcher.click()
    expect(citizen.field).to_be_focused()

    agent.page.evaluate(WATCH_FOR, "Tot hoe laat")
    citizen.field.fill("Tot hoe laat is het recyclagepark open?")
    sent_at = citizen.page.evaluate(NOW)
    citizen.field.press("Enter")
    expect(agent.card("Tot hoe laat")).to_be_visible(timeout=SEEN_WITHIN_MS)
    tell("a first question, from Enter to the agent's list", seen_at(agent) - sent_at)
    conversation = office.newest()

    agent.take("Tot hoe laat")
    expect(citizen.panel).to_contain_text(
        nl("{name} from the contact centre helps you.", name="Bieke")
    )
    agent.write("Vandaag tot 19.00 uur.")
    citizen.sees("Vandaag tot 19.00 uur.")
    agent.page.evaluate(WATCH_FOR, "En op zaterdag?")
    citizen.field.fill("En op zaterdag?")
    sent_at = citizen.page.evaluate(NOW)
    citizen.field.press("Enter")
    agent.sees("En op zaterdag?")
    tell("a message, from Enter to the other screen", seen_at(agent) - sent_at)

    citizen.page.reload()
    citizen.sees("En op zaterdag?")
    citizen.write("Ik bedoel het park in Kermt.")
    agent.sees("Ik bedoel het park in Kermt.")

    agent.page.reload()
    agent.sees("Ik bedoel het park in Kermt.")
    agent.write("Zaterdag is het open van 9 tot 17 uur.")
    citizen.sees("Zaterdag is het open van 9 tot 17 uur.")
    until_equal(citizen.page, citizen.screen, lambda: stored(office, conversation))
    until_equal(agent.page, agent.screen, lambda: stored(office, conversation))

    agent.close_with_topic("Afval")
    expect(citizen.panel).to_contain_text(nl("{name} ended the chat.", name="Bieke"))
    expect(citizen.field).to_be_hidden()
    expect(citizen.button("New chat")).to_be_visible()
    until_equal(citizen.page, citizen.screen, lambda: stored(office, conversation))
    until(
        agent.page,
        lambda: office.state(conversation=conversation)["state"] == "closed",
        what="a closed conversation",
    )
    assert office.state(conversation=conversation)["topic"] == "afval"
    expect(agent.notice).to_contain_text(containing(nl("closed")))


def seen_at(agent: Agent) -> float:
    until(agent.page, lambda: agent.page.evaluate("window.seenAt"), what="the text on the screen")
    return agent.page.evaluate("window.seenAt")
