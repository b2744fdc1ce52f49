"""What goes wrong in a browser: it is said, and what was typed stays."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.agent import CONSOLE, Agent
from tests.e2e.citizen import Citizen
from tests.e2e.complaints import LOST_CONNECTION
from tests.e2e.talk import QUESTION, Talk
from tests.e2e.waiting import until
from tests.e2e.words import nl, starting

TOO_LONG = "woord " * 334 + "en nog wat"
KEEP = "localStorage.setItem('hasselt-chat.{}', '{}')"


def test_a_text_that_is_too_long_stays_and_says_by_how_much(citizen, agent, office):
    talk = Talk.begin(citizen, agent, office)
    for who in (citizen, agent):
        who.write(TOO_LONG)
        expect(who.field).to_have_attribute("aria-invalid", "true")
        expect(who.field).to_have_value(TOO_LONG)
    over = len(TOO_LONG) - 2000
    expect(citizen.panel.get_by_role("alert").first).to_contain_text(str(over))
    assert len(talk.stored()) == 2
    citizen.write("Dan maar kort.")
    talk.sent.append("Dan maar kort.")
    agent.field.fill("")
    talk.check()


def test_an_empty_text_is_not_sent(citizen, present, office):
    before = office.count()
    citizen.open_chat()
    citizen.field.press("Enter")
    expect(citizen.panel).to_contain_text(nl("Type your message first."))
    citizen.field.fill("   \n ")
    citizen.field.press("Enter")
    expect(citizen.panel).to_contain_text(nl("Type your message first."))
    assert office.count() == before


@pytest.mark.parametrize("token", ["A" * 43, "not a token", ""])
def test_a_wrong_token_in_the_browser_starts_cleanly(citizen, present, office, token):
    before = office.count(first_words="Gewoon opnieuw beginnen.")
    citizen.page.goto("/privacy/")
    citizen.page.evaluate(KEEP.format("token", token))
    citizen.page.goto("/")
    citizen.launcher.click()
    expect(citizen.panel.get_by_role("textbox", name=nl("Your question"))).to_be_visible()
    citizen.write("Gewoon opnieuw beginnen.")
    citizen.sees("Gewoon opnieuw beginnen.")
    until(
        citizen.page,
        lambda: office.count(first_words="Gewoon opnieuw beginnen.") == before + 1,
        what="a new conversation",
    )


def test_a_text_for_a_conversation_that_was_removed_comes_back(citizen, agent, office, complaints):
    complaints.expect(LOST_CONNECTION)
    talk = Talk.begin(citizen, agent, office)
    citizen.page.context.set_offline(True)
    citizen.write("Kan ik hier nog terecht?")
    office.remove(conversation=talk.conversation)
    citizen.page.context.set_offline(False)
    first = citizen.panel.get_by_role("textbox", name=nl("Your question"))
    expect(first).to_have_value("Kan ik hier nog terecht?")
    expect(citizen.panel.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_have_count(1)
    first.press("Enter")
    citizen.sees("Kan ik hier nog terecht?")
    expect(agent.list_of("waiting")).to_contain_text("Kan ik hier nog terecht?")


def test_garbage_in_the_browser_does_no_harm(citizen, present, office):
    citizen.page.goto("/privacy/")
    for key in ("over", "open", "out.1", "out.2"):
        citizen.page.evaluate(KEEP.format(key, "{garbage"))
    citizen.open_chat()
    citizen.write("Werkt dit nog?")
    citizen.sees("Werkt dit nog?")
    until(citizen.page, lambda: not unsent(citizen), what="a text that arrived")


def unsent(citizen: Citizen) -> list[str]:
    texts = [nl("sending…"), nl("waits for a connection")]
    return [text for text in texts if text in (citizen.log.text_content() or "")]


def test_a_conversation_that_the_agent_closed_keeps_the_draft(citizen, agent, office):
    talk = Talk.begin(citizen, agent, office)
    citizen.field.fill("Ik was nog niet klaar")
    agent.close_with_topic("Afval")
    expect(citizen.button("New chat")).to_be_visible()
    citizen.button("New chat").click()
    expect(citizen.field).to_have_value("Ik was nog niet klaar")
    citizen.field.press("Enter")
    expect(agent.card("Ik was nog niet klaar")).to_be_visible()
    assert office.newest() != talk.conversation


def test_a_text_sent_into_a_closed_conversation_comes_back(citizen, agent, office):
    talk = Talk.begin(citizen, agent, office)
    citizen.page.context.set_offline(True)
    citizen.write("Dit kwam te laat.")
    agent.close_with_topic("Afval")
    citizen.page.context.set_offline(False)
    expect(citizen.button("New chat")).to_be_visible()
    citizen.button("New chat").click()
    expect(citizen.field).to_have_value("Dit kwam te laat.")
    assert ["citizen", "Dit kwam te laat."] not in talk.stored()


def test_too_many_messages_are_slowed_down_not_lost(citizen, agent, office):
    talk = Talk.begin(citizen, agent, office)
    for number in range(22):
        talk.write(citizen=f"Bericht {number}.")
    expect(citizen.panel.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_have_count(1)
    talk.check(within_s=60)


def test_two_agents_who_take_at_once_do_not_both_get_it(citizen, agent, agent_context, office):
    citizen.open_chat()
    citizen.write(QUESTION)
    second = Agent(agent_context("agent2@hasselt.example").new_page()).open_console()
    at = citizen.page.evaluate("Date.now() + 500")
    for desk in (agent, second):
        take = desk.list_of("waiting").get_by_role("button", name=starting(nl("Take")))
        take.evaluate("(button, at) => setTimeout(() => button.click(), at - Date.now())", at)
    until(
        agent.page,
        lambda: [desk.field.is_visible() for desk in (agent, second)].count(True) == 1,
        what="one winner",
    )
    loser = second if agent.field.is_visible() else agent
    expect(loser.list_of("waiting").get_by_role("listitem")).to_have_count(0)
    expect(loser.list_of("mine").get_by_role("listitem")).to_have_count(0)
    kinds = [row["kind"] for row in office.messages(conversation=office.newest())]
    assert kinds == ["text", "joined"]


def test_somebody_elses_conversation_does_not_open(citizen, agent, agent_context, office):
    talk = Talk.begin(citizen, agent, office)
    talk.write(citizen="Dit gaat alleen Bieke aan.")
    agent.sees("Dit gaat alleen Bieke aan.")
    second = Agent(agent_context("agent2@hasselt.example").new_page())
    second.page.goto(f"{CONSOLE}#{talk.conversation}")
    expect(second.talk).to_contain_text(nl("{name} has this conversation.", name="Bieke"))
    talk.write(citizen="En dit ook.")
    agent.sees("En dit ook.")
    assert "alleen Bieke" not in (second.page.locator("body").text_content() or "")
    assert "En dit ook" not in (second.page.locator("body").text_content() or "")
    assert second.field.is_hidden()


def test_a_specialist_has_no_console(agent_context, complaints):
    complaints.expect_status(403)
    page = agent_context("specialist@hasselt.example", where="/werkbank/").new_page()
    assert page.goto(CONSOLE).status == 403


def test_a_link_that_a_citizen_sends_cannot_run_anything(citizen, agent, office):
    bad = "javascript:alert(1) <img src=x onerror=alert(1)> https://x.example/<b>"
    talk = Talk.begin(citizen, agent, office)
    talk.write(citizen=bad)
    agent.sees("<img src=x onerror=alert(1)>")
    hrefs = agent.log.evaluate("log => [...log.querySelectorAll('a')].map(a => a.protocol)")
    assert set(hrefs) <= {"https:"}
    assert agent.log.locator("img, b").count() == 0
