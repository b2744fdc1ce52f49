"""After the end: how it was, and a copy to keep."""

import pytest
from playwright.sync_api import expect

from tests.e2e.after_end import FRAMES, copies, mail_field, rate, score, send_rating
from tests.e2e.citizen import Citizen
from tests.e2e.complaints import LOST_CONNECTION
from tests.e2e.later import without
from tests.e2e.talk import QUESTION, Talk
from tests.e2e.words import nl

# What is asked after the end is the browser's; chat/tests bring it to both databases.
pytestmark = pytest.mark.once

ANSWER = "Dag, die haalt u in het stadhuis."
TRY_AGAIN = nl("That does not work now. Try again in a moment.")


@pytest.fixture
def ended(citizen, agent, office) -> Talk:
    return end(Talk.begin(citizen, agent, office))


def end(talk: Talk) -> Talk:
    talk.write(agent=ANSWER)
    talk.citizen.sees(ANSWER)
    talk.agent.close_with_topic("Afval")
    expect(talk.citizen.button("New chat")).to_be_visible()
    return talk


@pytest.fixture
def silenced(citizen, agent, office) -> Talk:
    """Ended by silence: it may be continued, so this browser still knows it."""
    talk = Talk.begin(citizen, agent, office)
    talk.write(agent=ANSWER)
    talk.check()
    office.silent_for(conversation=talk.conversation, minutes=120)
    office.sweep()
    expect(citizen.button("I am still here")).to_be_visible()
    office.silence_over(conversation=talk.conversation)
    office.sweep()
    expect(citizen.button("Talk on")).to_be_visible()
    return talk


def rating(talk: Talk) -> tuple[int | None, str]:
    state = talk.office.state(conversation=talk.conversation)
    return state["rating"], state["rating_comment"]


def test_a_score_and_a_word_are_kept_and_not_asked_again(ended):
    rate(ended.citizen, "Satisfied", "Vlot geholpen.")
    thanks = ended.citizen.panel.get_by_text(nl("Thank you. This helps us do better."))
    expect(thanks).to_be_focused()
    assert rating(ended) == (4, "Vlot geholpen.")
    expect(score(ended.citizen, "Satisfied")).to_have_count(0)


def test_who_rated_is_not_asked_again(silenced):
    rate(silenced.citizen, "Satisfied")
    expect(silenced.citizen.panel).to_contain_text(nl("Thank you. This helps us do better."))
    silenced.citizen.open_chat()
    expect(silenced.citizen.panel).to_contain_text(nl("Keep this chat"))
    expect(score(silenced.citizen, "Satisfied")).to_have_count(0)


def test_only_a_score_is_enough_and_the_keyboard_too(ended):
    keyboard = ended.citizen.page.keyboard
    score(ended.citizen, "Not satisfied at all").focus()
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    expect(score(ended.citizen, "Not satisfied")).to_be_checked()
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(ended.citizen.panel).to_contain_text(nl("Thank you. This helps us do better."))
    assert rating(ended) == (2, "")


def test_a_chat_that_nobody_answered_is_asked_about_as_well(citizen, agent, office):
    citizen.open_chat()
    citizen.write(QUESTION)
    citizen.button("End the chat").click()
    citizen.button("Yes, end it").click()
    rate(citizen, "Very satisfied")
    expect(citizen.panel).to_contain_text(nl("Thank you. This helps us do better."))


def test_rated_in_another_tab_says_so_and_changes_nothing(silenced):
    second = Citizen(silenced.citizen.page.context.new_page()).open_chat()
    expect(score(second, "In between")).to_be_visible()
    rate(silenced.citizen, "Satisfied")
    expect(silenced.citizen.panel).to_contain_text(nl("Thank you. This helps us do better."))
    rate(second, "In between")
    expect(second.panel).to_contain_text(nl("You have rated this chat already. Thank you."))
    assert rating(silenced) == (4, "")


def test_a_portal_that_is_away_keeps_what_was_chosen(ended, complaints):
    complaints.expect(LOST_CONNECTION)
    page = ended.citizen.page
    page.route(FRAMES, lambda route: route.abort("connectionrefused"))
    rate(ended.citizen, "Satisfied", "Fijn.")
    expect(ended.citizen.panel).to_contain_text(TRY_AGAIN)
    expect(score(ended.citizen, "Satisfied")).to_be_checked()
    page.unroute(FRAMES)
    send_rating(ended.citizen)
    expect(ended.citizen.panel).to_contain_text(nl("Thank you. This helps us do better."))
    assert rating(ended) == (4, "Fijn.")


def test_what_cannot_be_fetched_at_the_end_comes_when_it_can(citizen, agent, office, complaints):
    complaints.expect(LOST_CONNECTION)
    with without(citizen.page, "exchange"):
        with citizen.page.expect_event("requestfailed", lambda failed: "exchange" in failed.url):
            end(Talk.begin(citizen, agent, office))
        expect(score(citizen, "Satisfied")).to_have_count(0)
        expect(citizen.panel.get_by_role("alert").filter(has_text=TRY_AGAIN)).to_have_count(0)
    citizen.button("New chat").focus()
    citizen.page.keyboard.press("Escape")
    citizen.launcher.click()
    rate(citizen, "Satisfied")
    expect(citizen.panel).to_contain_text(nl("Thank you. This helps us do better."))
    expect(copies(citizen)).to_be_visible()


@pytest.mark.parametrize(
    ("button", "name", "begin"),
    [("Download PDF", "chat-hasselt.pdf", b"%PDF-"), ("Download text", "chat-hasselt.txt", b"")],
)
def test_a_copy_can_be_downloaded(ended, button, name, begin):
    copies(ended.citizen).click()
    with ended.citizen.page.expect_download() as download:
        ended.citizen.button(button).click()
    assert download.value.suggested_filename == name
    content = download.value.path().read_bytes()
    assert content.startswith(begin)
    if not begin:
        assert QUESTION in content.decode()
        assert ANSWER in content.decode()


def test_a_copy_by_mail_says_where_it_goes(ended):
    copies(ended.citizen).click()
    field = mail_field(ended.citizen)
    field.fill("an@voorbeeld.be")
    field.press("Enter")
    expect(ended.citizen.panel.get_by_role("status").filter(has_text="an@")).to_have_text(
        nl("We send it to {mail}.", mail="an@voorbeeld.be")
    )
    expect(field).to_have_attribute("autocomplete", "email")


def test_a_wrong_address_is_said_at_the_field(ended):
    copies(ended.citizen).click()
    field = mail_field(ended.citizen)
    field.fill("an")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        nl("This is not a complete e-mail address. Look at it again, like jan@example.be.")
    )
    expect(field).to_be_focused()


def test_who_talks_on_sees_nothing_of_it(silenced):
    citizen = silenced.citizen
    expect(score(citizen, "Satisfied")).to_be_visible()
    citizen.button("Talk on").click()
    expect(citizen.button("End the chat")).to_be_visible()
    expect(score(citizen, "Satisfied")).to_have_count(0)
    expect(citizen.panel.get_by_text(nl("Keep this chat"))).to_have_count(0)


def test_a_new_chat_begins_clean(ended):
    ended.citizen.button("New chat").click()
    expect(ended.citizen.panel).to_contain_text(nl("Hello! What is your question?"))
    expect(score(ended.citizen, "Satisfied")).to_have_count(0)
