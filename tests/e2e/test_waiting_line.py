"""Citizens who wait: place, range and offers on the screen, aloud, and without a script."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e import axe
from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen, PlainCitizen
from tests.e2e.complaints import LOST_CONNECTION, NO_SOCKET
from tests.e2e.conftest import AGENT
from tests.e2e.gate import gate_to
from tests.e2e.spoken import forget, listen, spoken
from tests.e2e.waiting import until
from tests.e2e.words import nl, starting

QUESTIONS = [
    "Hoe vraag ik een reispas aan voor mijn zoon?",
    "Waar is mijn gele PMD-zak?",
    "Mijn identiteitskaart is gestolen, wat nu?",
]
MINUTES = [3, 4, 5, 6, 8, 10, 12, 15] * 4
RANGE = re.compile(r"U wacht nog (minder dan \d+|ongeveer \d+ tot \d+|langer dan \d+) minuten\.")


@pytest.fixture
def desk(agent_context, office) -> Agent:
    """One agent who takes one chat at a time, by hand, and has handled enough of them."""
    office.handled(email=AGENT, minutes=MINUTES)
    office.rules(default_cap=1, assigns_automatically=False)
    yield Agent(agent_context().new_page()).open_console().become_available()
    office.rules(default_cap=3)


def place(citizen: Citizen) -> Locator:
    return citizen.panel.locator(".place")


def wait_in_line(new_context, questions, **options) -> list[Citizen]:
    line = []
    for number, question in enumerate(questions, start=1):
        context = new_context(**options)
        listen(context)
        citizen = Citizen(context.new_page())
        citizen.page.clock.install()
        citizen.open_chat().write(question)
        expect(place(citizen)).to_contain_text(nl("You are number %(place)s.") % {"place": number})
        line.append(citizen)
    return line


def test_places_move_up_when_the_first_is_taken(new_context, desk):
    first, second, third = wait_in_line(new_context, QUESTIONS)
    for citizen in (first, second, third):
        expect(place(citizen)).to_have_text(re.compile(RANGE.pattern + "$"))
    expect(third.panel).to_contain_text("U mag dit venster sluiten, uw plaats blijft bewaard.")
    expect(third.panel.get_by_role("link", name=starting("Identiteitskaart"))).not_to_have_count(0)
    third.page.keyboard.press("Escape")
    expect(third.launcher).to_contain_text("U bent nummer 3.")
    desk.take(QUESTIONS[0])
    expect(place(first)).to_have_count(0)
    expect(place(second)).to_contain_text("U bent nummer 1.")
    expect(third.launcher).to_contain_text("U bent nummer 2.")


def test_the_place_is_kept_on_the_next_page_and_when_it_comes_back(new_context, desk):
    first, second = wait_in_line(new_context, QUESTIONS[:2])
    second.page.goto("/contact/")
    expect(place(second)).to_contain_text("U bent nummer 2.")
    desk.take(QUESTIONS[0])
    expect(place(second)).to_contain_text("U bent nummer 1.")
    desk.page.keyboard.press("Alt+R")
    dialog = desk.dialog("Back to the queue?")
    dialog.get_by_role("button", name=starting(nl("Back to the queue"))).click()
    expect(place(first)).to_contain_text("U bent nummer 1.")
    expect(place(second)).to_contain_text("U bent nummer 2.")


def test_the_place_is_said_at_once_and_at_most_once_in_half_a_minute(new_context, desk):
    _, second, third = wait_in_line(new_context, QUESTIONS)
    until(third.page, lambda: spoken(third.page, "U bent nummer 3."), what="the place, said")
    desk.take(QUESTIONS[0])
    expect(place(third)).to_contain_text("U bent nummer 2.")
    second.button("End the chat").click()
    second.button("Yes, end it").click()
    expect(place(third)).to_contain_text("U bent nummer 1.")
    assert len(spoken(third.page, "U bent nummer")) == 1
    third.page.clock.fast_forward("00:31")
    until(third.page, lambda: spoken(third.page, "U bent nummer 1."), what="the new place, said")
    assert len(spoken(third.page, "U bent nummer")) == 2
    forget(third.page)
    third.page.clock.fast_forward("02:00")
    assert spoken(third.page, "U bent nummer") == []


def test_who_left_the_question_may_end_the_chat(new_context, desk):
    [citizen] = wait_in_line(new_context, QUESTIONS[:1])
    link = citizen.panel.get_by_role(
        "link", name=starting(nl("Leave your question and get the answer later"))
    )
    assert link.get_attribute("href").endswith("/contact/vraag/")
    end = citizen.panel.get_by_role("button", name=nl("End the chat"), exact=True).last
    asked = nl("Did you send your question? Then you can end this chat.")
    expect(citizen.panel.get_by_text(asked)).to_be_hidden()
    link.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    link.click()
    end.click()
    citizen.button("Yes, end it").click()
    expect(citizen.button("New chat")).to_be_visible()
    expect(place(citizen)).to_have_count(0)


def test_who_polls_moves_up_too(new_context, desk, house, complaints):
    complaints.expect(LOST_CONNECTION)
    complaints.expect(NO_SOCKET)
    with gate_to(house.portal.port) as gate:
        gate.block()
        _, second = wait_in_line(new_context, QUESTIONS[:2], base_url=gate.url)
        desk.take(QUESTIONS[0])
        second.page.clock.fast_forward("00:05")
        expect(place(second)).to_contain_text("U bent nummer 1.")
        second.page.context.close()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_in_who_waits(new_context, desk, language):
    page = new_context(locale={"nl": "nl-BE", "en": "en-GB"}[language]).new_page()
    citizen = Citizen(page, language)
    citizen.open_chat().write(QUESTIONS[2])
    expect(place(citizen)).to_be_visible()
    problems = axe.check(page, name="waiting")
    link = citizen.panel.locator(".queue a[href$='/contact/vraag/']")
    link.evaluate("link => link.addEventListener('click', event => event.preventDefault())")
    link.click()
    problems += axe.check(page, name="waiting, question left")
    assert not problems + axe.large_text(page)


def test_without_a_script_the_page_says_place_range_and_products(new_context, desk):
    context = new_context(java_script_enabled=False)
    plain = PlainCitizen(context.new_page())
    plain.page.goto("/chat/")
    plain.page.get_by_role("textbox").first.fill(QUESTIONS[2])
    plain.button("Send and start the chat").click()
    box = plain.page.locator(".plain-waiting")
    expect(box).to_contain_text("U bent nummer 1.")
    expect(box).to_contain_text(RANGE)
    expect(box.get_by_role("link", name=starting("Identiteitskaart"))).not_to_have_count(0)
