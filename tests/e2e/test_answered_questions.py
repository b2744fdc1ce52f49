"""A question answered at once: one click, one key, with or without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.keyboard import tab_to
from tests.e2e.words import nl, starting

PAGE = "/werkbank/vraag/"
TOPIC = "Rijbewijs"


def opened(context) -> Page:
    page = context.new_page()
    page.goto(PAGE)
    return page


def topic(page: Page):
    return page.get_by_role("main").get_by_role("button", name=TOPIC, exact=True)


def newest(page: Page):
    return page.get_by_role("main").locator(".own-list li").first


def test_one_click_registers_and_one_takes_it_back(agent_context, office):
    page = opened(agent_context())
    topic(page).click()
    expect(page.get_by_role("status")).to_contain_text(TOPIC)
    expect(newest(page)).to_contain_text(nl("telephone"))
    newest(page).get_by_role("button", name=starting(nl("Take back"))).click()
    expect(newest(page)).to_contain_text(nl("taken back"))


def test_the_topics_stay_where_they_are_after_a_click(agent_context, office):
    page = opened(agent_context())
    before = topic(page).bounding_box()
    topic(page).click()
    expect(page.get_by_role("status")).to_contain_text(TOPIC)
    assert topic(page).bounding_box() == before


def test_it_works_with_keys_alone(agent_context, office):
    page = opened(agent_context())
    tab_to(page, page.get_by_role("radio", name="Telefoon"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="E-mail")).to_be_checked()
    tab_to(page, topic(page))
    page.keyboard.press("Enter")
    expect(newest(page)).to_contain_text(nl("e-mail"))
    expect(page.get_by_role("radio", name="Telefoon")).to_be_checked()


def test_it_works_without_scripts(agent_context, office):
    page = opened(agent_context(java_script_enabled=False))
    page.get_by_role("radio", name="Niet voor de stad").check()
    topic(page).click()
    expect(newest(page)).to_contain_text(nl("not for the city"))


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_it_is_accessible_in_both_schemes(agent_context, office, scheme):
    page = opened(agent_context())
    page.evaluate("scheme => { document.documentElement.dataset.scheme = scheme; }", scheme)
    assert not axe.check(page, name=f"question, {scheme}") + axe.large_text(page)
