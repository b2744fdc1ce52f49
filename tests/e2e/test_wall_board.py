"""The wall board: live, honest about old figures, and back by itself."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.complaints import LOST_CONNECTION
from tests.e2e.words import containing, nl

BOARD = "/werkbank/chat/muurbord/"
SUPERVISOR = "supervisor@hasselt.example"
QUESTION = "Is het containerpark vandaag open?"


def figure(page: Page, name: str):
    return page.locator(f"[data-figure={name}]")


@pytest.fixture
def board(agent_context, present) -> Page:
    page = agent_context(SUPERVISOR, where=BOARD).new_page()
    page.goto(BOARD)
    expect(figure(page, "waiting")).to_have_text("0")
    return page


def test_who_comes_in_shows_by_itself(board, citizen):
    expect(figure(board, "longest")).to_have_text("–")
    expect(board.locator("[data-agents]")).to_contain_text("Bieke")
    citizen.open_chat().write(QUESTION)
    citizen.sees(QUESTION)
    expect(figure(board, "waiting")).to_have_text("1")
    expect(figure(board, "longest")).to_have_text(containing(":"))


def test_a_lost_connection_is_told_with_the_time_and_ends_by_itself(board, citizen, complaints):
    complaints.expect(LOST_CONNECTION)
    label = board.locator("[data-at-text]")
    fresh = nl("Figures of {time}").replace("{time}", "")
    expect(label).to_contain_text(fresh)
    board.context.set_offline(True)
    lost = nl("No connection. These are the figures of {time}; this page tries again by itself.")
    expect(label).to_contain_text(lost.partition("{time}")[0])
    expect(board.get_by_role("status")).to_contain_text(lost.partition("{time}")[0])
    citizen.open_chat().write(QUESTION)
    citizen.sees(QUESTION)
    expect(figure(board, "waiting")).to_have_text("0")
    board.context.set_offline(False)
    expect(figure(board, "waiting")).to_have_text("1", timeout=30_000)
    expect(label).to_contain_text(fresh)
    expect(board.get_by_role("status")).to_have_text(nl("The connection is back."))


def test_without_scripts_it_shows_the_figures_and_a_way_to_newer_ones(
    agent_context, present, citizen
):
    citizen.open_chat().write(QUESTION)
    citizen.sees(QUESTION)
    page = agent_context(SUPERVISOR, where=BOARD, java_script_enabled=False).new_page()
    page.goto(BOARD)
    expect(figure(page, "waiting")).to_have_text("1")
    page.get_by_role("link", name=nl("Load the figures again")).click()
    expect(figure(page, "waiting")).to_have_text("1")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_it_is_accessible_in_both_schemes(board, scheme):
    board.evaluate("scheme => { document.documentElement.dataset.scheme = scheme; }", scheme)
    board.get_by_text(nl("What the figures mean")).click()
    problems = axe.check(board, name=f"wall board, {scheme}", widths=(*axe.WIDTHS, 1920))
    assert not problems + axe.large_text(board)
