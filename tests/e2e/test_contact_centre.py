"""Three citizens and two agents: a full house, a silent agent, passing on, the end of a shift."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
from tests.e2e.conftest import AGENT
from tests.e2e.waiting import until
from tests.e2e.words import nl

COLLEAGUE = "agent2@hasselt.example"
QUESTIONS = ["Kan ik zaterdag langskomen?", "Mijn vuilbak is niet geleegd.", "Waar is loket 3?"]
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


def picture(page: Page, name: str) -> None:
    """Into the folder of PICTURES, for who wants to look at what this test walks through."""
    if folder := os.environ.get("PICTURES"):
        page.wait_for_timeout(300)  # for the eye only
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


@pytest.fixture
def at_two(office):
    """At most two chats each; they do not come by themselves yet."""
    office.rules(default_cap=2)
    return office


@pytest.fixture
def bieke(at_two, agent_context) -> Agent:
    return Agent(agent_context(**DESKTOP).new_page()).open_console().become_available()


@pytest.fixture
def joris(bieke, agent_context) -> Agent:
    context = agent_context(COLLEAGUE, **DESKTOP)
    return Agent(context.new_page()).open_console().become_available()


def owners(office) -> dict[str, str]:
    return {row["words"]: row["agent"] for row in office.queue()}


def offers_a_colleague(agent: Agent, dialog: Locator) -> bool:
    """Looks for a moment: who could be chosen when the dialog opened stays so in it."""
    agent.page.keyboard.press("Alt+t")
    expect(dialog).to_be_visible()
    is_offered = dialog.get_by_role("radio").is_checked()
    agent.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    return is_offered


def asked(new_context, question: str) -> Citizen:
    citizen = Citizen(new_context().new_page()).open_chat()
    citizen.write(question)
    citizen.sees(question)
    return citizen


def test_a_full_house_a_silent_agent_and_the_end_of_a_shift(at_two, bieke, joris, new_context):
    office = at_two
    first, *_ = [asked(new_context, question) for question in QUESTIONS]
    expect(joris.list_of("waiting").get_by_role("listitem")).to_have_count(3)
    picture(bieke.page, "centre-three-wait")

    office.rules(assigns_automatically=True)
    office.sweep()
    until(bieke.page, lambda: all(owners(office).values()), what="three chats given")
    given = owners(office)
    assert sorted(given.values()) in (["Bieke", "Bieke", "Joris"], ["Bieke", "Joris", "Joris"])
    busy, other = (bieke, joris) if list(given.values()).count("Bieke") == 2 else (joris, bieke)
    expect(busy.presence).to_contain_text("2 van 2")
    expect(other.presence).to_contain_text("1 van 2")
    picture(busy.page, "centre-given")

    # The one with two chats lets both lie: the first goes to the colleague, who has room for one.
    email = AGENT if busy is bieke else COLLEAGUE
    silent = "Bieke" if busy is bieke else "Joris"
    lying = [words for words, name in given.items() if name == silent]
    office.rules(first_answer_seconds=90)
    office.lets_lie(email=email, seconds=91)
    office.sweep()
    office.rules(first_answer_seconds=10_000)
    expect(busy.list_of("mine").get_by_role("listitem")).to_have_count(0)
    expect(busy.page.locator("console-away")).to_contain_text(nl("You are away."))
    expect(busy.notice).to_contain_text("Alt + P")
    picture(busy.page, "centre-let-lie")
    name = "Joris" if busy is bieke else "Bieke"
    until(bieke.page, lambda: owners(office)[lying[0]] == name, what="the first in its old place")
    assert [row["words"] for row in office.queue()] == QUESTIONS
    assert owners(office)[lying[1]] == ""

    # One key, and the other one comes.
    busy.page.keyboard.press("Alt+p")
    expect(busy.list_of("mine")).to_contain_text(lying[1])
    expect(busy.notice).to_contain_text(nl("New chat for you: {name}.", name="").strip(" ."))

    busy.list_of("mine").get_by_role("button").first.click()
    busy.write("Ik kijk even.")
    busy.sees("Ik kijk even.")
    busy.field.fill("Half getypt")
    dialog = busy.dialog("Pass on to a colleague")
    # A colleague who was offered and is full since is no choice when the dialog opens again.
    office.rules(default_cap=3)
    until(busy.page, lambda: offers_a_colleague(busy, dialog), what="a colleague with room")
    office.rules(default_cap=2)
    until(busy.page, lambda: not offers_a_colleague(busy, dialog), what="a full colleague")
    busy.page.keyboard.press("Alt+t")
    expect(dialog).to_be_visible()
    dialog.get_by_role("textbox").fill("Vraagt ook naar het containerpark.")
    picture(busy.page, "centre-colleague-full")
    expect(dialog.get_by_role("radio")).to_be_disabled()
    dialog.get_by_role("button", name=nl("Pass on"), exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text(nl("Choose a colleague first."))

    # Room is made meanwhile, and seen in the dialog.
    office.rules(default_cap=3)
    expect(dialog.get_by_role("radio")).to_be_enabled()
    dialog.get_by_role("radio").check()
    picture(busy.page, "centre-transfer")
    dialog.get_by_role("button", name=nl("Pass on"), exact=True).click()
    expect(dialog).to_be_hidden()
    expect(other.list_of("mine").get_by_role("listitem")).to_have_count(3)
    conversation = next(r["conversation"] for r in office.queue() if r["words"] == lying[1])
    assert office.notes(conversation=conversation) == ["Vraagt ook naar het containerpark."]
    # What was typed is still there to copy.
    left = busy.talk.get_by_role("textbox", name=nl("Not sent"))
    expect(left).to_have_value("Half getypt")
    picture(busy.page, "centre-passed-on")
    picture(other.page, "centre-received")

    other.page.keyboard.press("Alt+e")
    ending = other.dialog("End of your shift?")
    picture(other.page, "centre-end-of-shift")
    ending.get_by_role("button", name=nl("Hand over and stop")).click()
    expect(ending).to_be_hidden()
    expect(other.list_of("mine").get_by_role("listitem")).to_have_count(0)
    expect(busy.list_of("mine").get_by_role("listitem")).to_have_count(3)
    expect(other.page.locator("console-away")).to_be_visible()
    picture(other.page, "centre-gone-home")
    expect(first.panel).to_contain_text("Bieke" if busy is bieke else "Joris")
    picture(first.page, "centre-citizen")


def test_the_time_to_round_off_runs_and_ends_with_a_key(at_two, bieke, new_context):
    at_two.rules(assigns_automatically=True, wrap_up_seconds=600, default_cap=1)
    asked(new_context, QUESTIONS[0])
    bieke.list_of("mine").get_by_role("button").first.click()
    asked(new_context, QUESTIONS[1])
    expect(bieke.list_of("waiting")).to_contain_text(QUESTIONS[1])
    bieke.close_with_topic("Afval")
    wrap_up = bieke.page.locator("console-wrap-up")
    expect(wrap_up).to_be_visible()
    picture(bieke.page, "centre-rounding-off")
    bieke.page.keyboard.press("Alt+c")
    expect(wrap_up).to_be_hidden()
    expect(bieke.list_of("mine")).to_contain_text(QUESTIONS[1])


def test_a_claim_above_the_cap_is_explained(at_two, bieke, new_context):
    at_two.rules(default_cap=1)
    for question in QUESTIONS[:2]:
        asked(new_context, question)
    bieke.take(QUESTIONS[0])
    bieke.page.keyboard.press("Alt+n")
    expect(bieke.notice).to_contain_text("(1)")
    expect(bieke.list_of("waiting")).to_contain_text(QUESTIONS[1])


def test_an_abusive_chat_ends_with_a_reason(at_two, bieke, new_context):
    citizen = asked(new_context, QUESTIONS[0])
    bieke.take(QUESTIONS[0])
    bieke.page.keyboard.press("Alt+w")
    dialog = bieke.dialog("Close the conversation")
    dialog.get_by_role("combobox", name=nl("Topic")).select_option(label="Afval")
    dialog.get_by_role("checkbox", name=nl("End it because of abuse")).check()
    picture(bieke.page, "centre-abuse")
    dialog.get_by_role("button", name=nl("Close"), exact=True).click()
    expect(citizen.panel).to_contain_text("met respect voor onze medewerkers")
    picture(citizen.page, "centre-abuse-citizen")
