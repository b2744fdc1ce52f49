"""Ready answers, suggestions, link cards and notes, by keys alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen, PlainCitizen
from tests.e2e.talk import QUESTION, Talk
from tests.e2e.words import nl

PERMIT = "Hoe vraag ik een bewonerskaart aan?"
PERMIT_PAGE = "Bewonerskaart om te parkeren"
SUPERVISOR = "supervisor@hasselt.example"


@pytest.fixture
def talk(citizen, agent, office) -> Talk:
    return Talk.begin(citizen, agent, office)


@pytest.fixture
def permit(citizen, agent, office) -> Talk:
    """A conversation whose question has a page of its own."""
    citizen.open_chat()
    citizen.write(PERMIT)
    agent.take(PERMIT)
    return Talk(citizen, agent, office, office.newest(), [PERMIT])


def hints(agent: Agent):
    return agent.talk.get_by_role("group", name=nl("Fits this question"))


def notes_field(agent: Agent):
    return agent.page.get_by_role("textbox", name=nl("New note"))


def palette(page: Page):
    return page.get_by_role("dialog", name=nl("Show the way"))


def kinds(talk: Talk) -> list[str]:
    return [row["kind"] for row in talk.office.messages(conversation=talk.conversation)]


def test_a_ready_answer_is_chosen_with_a_slash(talk):
    agent, keys = talk.agent, talk.agent.page.keyboard
    agent.field.focus()
    keys.type("Dag! /pinco")
    options = agent.talk.get_by_role("listbox", name=nl("Ready answers")).get_by_role("option")
    expect(options).to_have_count(1)
    chosen = agent.field.get_attribute("aria-activedescendant")
    assert chosen == options.first.get_attribute("id")
    keys.press("Enter")
    expect(agent.field).to_have_value(re.compile(r"^Dag! Bent u uw pincode kwijt\?"))
    expect(options).to_have_count(0)
    expect(agent.field).to_be_focused()
    keys.press("Enter")
    talk.citizen.sees("maakt daarmee aan het loket een nieuwe pincode")


def test_the_list_of_answers_is_left_with_escape_and_the_slash_stays(talk):
    agent, keys = talk.agent, talk.agent.page.keyboard
    agent.field.focus()
    keys.type("/")
    listbox = agent.talk.get_by_role("listbox", name=nl("Ready answers"))
    expect(listbox).to_be_visible()
    first = agent.field.get_attribute("aria-activedescendant")
    keys.press("ArrowDown")
    assert agent.field.get_attribute("aria-activedescendant") != first
    keys.press("Escape")
    expect(listbox).to_be_hidden()
    keys.type("bib")
    expect(listbox).to_be_hidden()
    expect(agent.field).to_have_value("/bib")
    keys.press("Enter")
    talk.citizen.sees("/bib")


def test_an_answer_with_a_gap_is_shown_and_never_sent(talk, office):
    office.ready_answer(shortcut="oud", text="Kom op {dag_van_vroeger} langs.")
    agent, keys = talk.agent, talk.agent.page.keyboard
    agent.page.reload()
    agent.field.focus()
    try:
        keys.type("/oud")
        expect(agent.talk.get_by_role("option")).to_have_count(1)
        keys.press("Enter")
        problem = agent.talk.get_by_role("alert").filter(has_text="{dag_van_vroeger}")
        expect(problem).to_be_visible()
        keys.press("Enter")
        expect(agent.field).to_have_value("Kom op {dag_van_vroeger} langs.")
        assert kinds(talk) == ["text", "joined"]
        agent.field.fill("Kom op maandag langs.")
        keys.press("Enter")
        talk.citizen.sees("Kom op maandag langs.")
    finally:
        office.remove_answer(shortcut="oud")


def test_one_key_says_that_it_is_looked_up_and_the_draft_stays(talk):
    agent, keys = talk.agent, talk.agent.page.keyboard
    agent.field.fill("Ik kijk in")
    keys.press("Alt+z")
    talk.citizen.sees("Ik zoek het even op.")
    expect(agent.field).to_have_value("Ik kijk in")


def test_a_page_is_sent_in_two_keystrokes_after_its_name(talk):
    agent, keys = talk.agent, talk.agent.page.keyboard
    agent.field.focus()
    keys.press("Alt+k")
    expect(palette(agent.page)).to_be_visible()
    keys.type("bewonersk")
    expect(palette(agent.page).get_by_role("option")).to_have_count(1)
    keys.press("Enter")
    expect(palette(agent.page)).to_be_hidden()
    expect(agent.field).to_be_focused()
    link = talk.citizen.panel.get_by_role("link", name=re.compile(PERMIT_PAGE))
    expect(link).to_contain_text("Parkeer in uw eigen straat")
    expect(link).to_have_attribute("href", re.compile("^http.*/producten/bewonerskaart/$"))
    expect(agent.log.get_by_role("link", name=re.compile(PERMIT_PAGE))).to_be_visible()
    assert kinds(talk) == ["text", "joined", "card"]


def test_a_search_that_finds_nothing_says_so_and_escape_leaves(talk):
    agent, keys = talk.agent, talk.agent.page.keyboard
    agent.field.focus()
    keys.press("Alt+k")
    keys.type("qqqqq")
    nothing = nl("Nothing on the website fits “{query}”.", query="qqqqq")
    expect(palette(agent.page)).to_contain_text(nothing)
    keys.press("Enter")
    expect(palette(agent.page)).to_be_visible()
    keys.press("Escape")
    expect(palette(agent.page)).to_be_hidden()
    expect(agent.field).to_be_focused()
    assert kinds(talk) == ["text", "joined"]


def test_a_suggested_page_goes_out_at_the_second_press_only(permit):
    agent, keys = permit.agent, permit.agent.page.keyboard
    expect(hints(agent).get_by_role("button").first).to_contain_text("Bewonerskaart")
    keys.press("Alt+1")
    armed = hints(agent).get_by_role(
        "button", name=nl("Send the page “{title}”: press Enter", title=PERMIT_PAGE)
    )
    expect(armed).to_be_focused()
    assert kinds(permit) == ["text", "joined"]
    keys.press("Alt+a")
    expect(armed).to_have_count(0)
    agent.page.wait_for_timeout(350)  # a held key repeats faster than that
    keys.press("Alt+1")
    expect(armed).to_be_focused()
    agent.page.wait_for_timeout(350)
    keys.press("Enter")
    permit.citizen.sees(PERMIT_PAGE)
    expect(agent.field).to_be_focused()
    sent = agent.page.get_by_role(
        "button", name=nl("The page “{title}” was sent", title=PERMIT_PAGE)
    )
    expect(sent).to_have_attribute("aria-disabled", "true")
    topic = agent.page.locator("#context-topic option:checked")
    expect(topic).to_have_text("Mobiliteit en parkeren")


def test_a_note_is_kept_for_colleagues_and_its_draft_survives_a_reload(
    talk, agent_context, complaints
):
    agent, keys = talk.agent, talk.agent.page.keyboard
    agent.field.focus()
    keys.press("Alt+o")
    expect(notes_field(agent)).to_be_focused()
    keys.type("Lift op smalle stoep")
    agent.page.reload()
    expect(notes_field(agent)).to_have_value("Lift op smalle stoep")
    notes_field(agent).focus()
    keys.press("Enter")
    expect(notes_field(agent)).to_have_value("")
    notes = agent.page.get_by_role("list", name=nl("Note, for us only"))
    expect(notes).to_contain_text("Lift op smalle stoep")
    colleague = Agent(agent_context(SUPERVISOR).new_page()).open_console()
    colleague.page.goto(f"/werkbank/chat/#{talk.conversation}")
    expect(colleague.page.locator("console-notes")).to_contain_text("Lift op smalle stoep")
    assert "Lift op smalle stoep" not in talk.citizen.page.content()
    assert kinds(talk) == ["text", "joined"]


def test_axe_finds_nothing_in_answers_palette_cards_and_notes(permit):
    agent, page = permit.agent, permit.agent.page
    problems = []
    for scheme in ("dark", "light"):
        page.evaluate("scheme => { document.documentElement.dataset.scheme = scheme }", scheme)
        agent.field.fill("")
        agent.field.press_sequentially("/")
        problems += axe.check(page, name=f"answers, {scheme}")
        page.keyboard.press("Escape")
        agent.field.fill("")
        page.keyboard.press("Alt+k")
        page.keyboard.type("reis")
        problems += axe.check(page, name=f"palette, {scheme}")
        page.keyboard.press("Enter")
        permit.citizen.sees("Reistoelating")
        page.keyboard.press("Alt+1")
        problems += axe.check(page, name=f"armed, {scheme}")
        page.keyboard.press("Alt+o")
        page.keyboard.type("Voor ons")
        page.keyboard.press("Enter")
        problems += axe.check(page, name=f"note, {scheme}")
    assert not problems + axe.check(permit.citizen.page, name="a card in the widget")


def test_without_javascript_the_card_is_a_link(new_context, agent, office):
    plain = PlainCitizen(new_context(java_script_enabled=False).new_page())
    plain.page.goto("/chat/")
    plain.field.fill(QUESTION)
    plain.button("Send and start the chat").click()
    agent.take(QUESTION)
    agent.page.keyboard.press("Alt+k")
    agent.page.keyboard.type("bewonersk")
    agent.page.keyboard.press("Enter")
    expect(agent.log.get_by_role("link", name=re.compile(PERMIT_PAGE))).to_be_visible()
    expect(agent.log).not_to_contain_text(nl("sending…"))
    plain.page.goto("/chat/")
    link = plain.page.get_by_role("link", name=re.compile(PERMIT_PAGE))
    expect(link).to_have_attribute("href", re.compile("/producten/bewonerskaart/$"))


def test_on_another_site_the_card_opens_the_portal_in_a_new_window(
    allowed, new_context, agent, office
):
    page = new_context().new_page()
    citizen = Citizen(page).open_chat(allowed.show())
    citizen.write(QUESTION)
    agent.take(QUESTION)
    agent.page.keyboard.press("Alt+k")
    agent.page.keyboard.type("bewonersk")
    agent.page.keyboard.press("Enter")
    link = citizen.panel.get_by_role("link", name=re.compile(PERMIT_PAGE))
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_contain_text(nl("(opens in a new window)"))
