"""The inbox of the departments: with keys alone, after a reload, without scripts, accessible."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import axe
from tests.e2e.conftest import AGENT
from tests.e2e.keyboard import tab_to
from tests.e2e.words import nl, starting

INBOX, ABSENCE = "/werkbank/vragen/", "/werkbank/afwezig/"
SPECIALIST, HEAD = "specialist@hasselt.example", "specialist2@hasselt.example"
DEPARTMENT = "mobiliteit"
LISTS = ("mine", "unassigned", "overdue", "waiting", "to-route", "open", "done")
MOST_QUESTIONS = 40
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
TELEPHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def tom(agent_context, office) -> Page:
    """The specialist, at the own list."""
    page = agent_context(SPECIALIST, INBOX, **DESKTOP).new_page()
    page.goto(INBOX)
    return page


def lines(page: Page) -> Locator:
    return page.get_by_role("main").locator(".asked-words")


def opens(page: Page, words: str, list_: str) -> None:
    page.goto(f"{INBOX}?lijst={list_}")
    lines(page).filter(has_text=words).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("HAS-")


def answer_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name=nl("Text for the citizen"))


def note_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name=nl("For colleagues; the citizen never reads it"))


def drafts(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(key => key.includes('.draft.'))")


def test_from_the_list_to_an_answer_with_keys_alone(tom, office):
    text = "Mag een bakfiets op het voetpad staan?"
    reference = office.question_with(department=DEPARTMENT, text=text)
    tab_to(tom, tom.get_by_role("link", name=starting(nl("Nobody yet"))))
    tom.keyboard.press("Enter")
    wanted = lines(tom).filter(has_text=text)
    expect(wanted).to_be_visible()
    for _ in range(MOST_QUESTIONS):
        tom.keyboard.press("j")
        if wanted.evaluate("link => link === document.activeElement"):
            break
    tom.keyboard.press("Enter")
    expect(tom.get_by_role("heading", level=1)).to_have_text(reference)
    tom.keyboard.press("a")
    expect(answer_of(tom)).to_be_focused()
    tom.keyboard.type("Ja? Dat mag, aan de gevel.")
    tab_to(tom, tom.get_by_role("button", name=nl("Send the answer")))
    tom.keyboard.press("Enter")
    expect(tom.get_by_role("status")).to_contain_text(
        nl("Answered. The citizen gets it in the chosen way.")
    )
    assert office.question(reference=reference)["said"] == [text, "Ja? Dat mag, aan de gevel."]
    tom.keyboard.press("u")
    expect(tom.get_by_role("heading", level=1)).to_have_text(nl("Questions"))


def test_a_question_mark_lists_the_keys_unless_somebody_types(tom, office):
    help_ = tom.get_by_role("dialog", name=nl("Keys"))
    tom.keyboard.press("?")
    expect(help_).to_contain_text(nl("Next and previous question"))
    tom.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    tom.keyboard.press("/")
    tom.keyboard.type("?")
    expect(tom.get_by_role("searchbox")).to_have_value("?")
    expect(help_).to_be_hidden()


def test_what_is_typed_survives_a_reload_and_is_gone_after_sending(tom, office):
    text = "Waar staat de nieuwe laadpaal in de Demerstraat?"
    office.question_with(department=DEPARTMENT, text=text)
    opens(tom, text, "unassigned")
    answer_of(tom).fill("Op de hoek met")
    tom.locator("summary").filter(has_text=nl("Internal note")).click()
    note_of(tom).fill("Gevraagd aan de ploeg.")
    tom.reload()
    expect(answer_of(tom)).to_have_value("Op de hoek met")
    expect(note_of(tom)).to_have_value("Gevraagd aan de ploeg.")

    tom.get_by_role("button", name=nl("Keep the note")).click()
    expect(tom.get_by_role("status")).to_be_visible()
    expect(answer_of(tom)).to_have_value("Op de hoek met")
    expect(tom.locator("#note")).to_have_value("")
    answer_of(tom).fill("Op de hoek met de Kapelstraat.")
    tom.get_by_role("button", name=nl("Send the answer")).click()
    expect(tom.get_by_role("status")).to_be_visible()
    assert drafts(tom) == []


def test_without_scripts_the_answer_goes_too(agent_context, office):
    text = "Wordt de brug over het kanaal hersteld?"
    reference = office.question_with(department=DEPARTMENT, text=text)
    page = agent_context(SPECIALIST, INBOX, java_script_enabled=False).new_page()
    opens(page, text, "unassigned")
    answer_of(page).fill("Ja, in mei.")
    page.get_by_role("button", name=nl("Send the answer")).click()
    expect(page.get_by_role("status")).to_be_visible()
    assert office.question(reference=reference)["state"] == "answered"


def test_on_a_telephone_whom_to_call_comes_first_and_what_to_do_last(agent_context, office):
    text = "Mag mijn container een week op straat staan?"
    office.question_with(department=DEPARTMENT, text=text)
    page = agent_context(SPECIALIST, INBOX, **TELEPHONE).new_page()
    opens(page, text, "unassigned")
    parts = [
        page.get_by_role("region", name=nl("About this question")),
        page.get_by_role("region", name=nl("Question"), exact=True),
        page.get_by_role("region", name=nl("What happened")),
        answer_of(page),
        page.get_by_role("button", name=nl("Take in hand")),
    ]
    tops = [part.bounding_box()["y"] for part in parts]
    assert tops == sorted(tops)
    page.set_viewport_size(DESKTOP["viewport"])
    facts, question, _course, _answer, take = [part.bounding_box() for part in parts]
    assert facts["x"] > question["x"] + question["width"]
    assert abs(facts["y"] - question["y"]) < 2
    assert take["y"] - (facts["y"] + facts["height"]) < 60


@pytest.mark.parametrize("email", [SPECIALIST, AGENT])
def test_no_list_asks_for_anything_that_is_refused(agent_context, office, email):
    page = agent_context(email, INBOX).new_page()
    refused: list[str] = []
    page.on("response", lambda got: refused.append(got.url) if got.status >= 400 else None)
    for list_ in LISTS:
        page.goto(f"{INBOX}?lijst={list_}")
    assert not refused


@pytest.mark.once
def test_axe_finds_nothing_on_any_page_in_either_scheme(tom, agent_context, office):
    problems: list[str] = []

    def look(page: Page, name: str) -> None:
        for scheme in ("dark", "light"):
            page.evaluate("to => { document.documentElement.dataset.scheme = to; }", scheme)
            problems.extend(axe.check(page, widths=(360, 1280), name=f"{name}, {scheme}"))

    look(tom, "mine")
    for name, words, list_ in [
        ("own", "parkeerautomaat", "mine"),
        ("waiting", "fietspad", "waiting"),
        ("answered", "verhuisfirma", "done"),
    ]:
        opens(tom, words, list_)
        look(tom, name)
    tom.goto(f"{INBOX}?lijst=overdue")
    expect(lines(tom).first).to_be_visible()
    look(tom, "overdue")
    tom.goto(ABSENCE)
    look(tom, "absence")
    head = agent_context(HEAD, INBOX, **DESKTOP).new_page()
    head.goto(INBOX)
    expect(lines(head)).to_have_count(0)
    look(head, "empty")
    opens(head, "parkeerautomaat", "open")
    look(head, "a colleague's")
    assert not problems
