"""A whole chat in a browser that runs no script."""

import pytest
from playwright.sync_api import expect

from tests.e2e.citizen import PlainCitizen
from tests.e2e.waiting import until_equal
from tests.e2e.words import nl


@pytest.fixture
def plain(new_context) -> PlainCitizen:
    return PlainCitizen(new_context(java_script_enabled=False).new_page())


def stored(office, conversation):
    return [
        [row["author"], row["text"]] if row["kind"] == "text" else ["portal", ""]
        for row in office.messages(conversation=conversation)
    ]


def test_a_citizen_chats_with_an_agent_and_ends_it(plain, agent, office):
    page = plain.page
    page.goto("/")
    page.get_by_role("complementary").get_by_role("link", name="Chat").click()
    plain.field.fill("Is het zwembad morgen open?")
    page.get_by_role("textbox", name=nl("Your name")).fill("Fatima")
    plain.button("Send and start the chat").click()
    expect(page.get_by_role("main")).to_contain_text("Is het zwembad morgen open?")

    expect(agent.card("Fatima")).to_be_visible()
    agent.take("zwembad")
    agent.write("Ja, van 7 tot 20 uur.")
    agent.sees("Ja, van 7 tot 20 uur.")
    plain.look_again()
    expect(page.get_by_role("main")).to_contain_text("Ja, van 7 tot 20 uur.")
    plain.field.fill("Dank u wel!")
    plain.button("Send").click()
    agent.sees("Dank u wel!")
    page.reload()
    conversation = office.newest()
    until_equal(agent.page, plain.events, lambda: stored(office, conversation))

    plain.button("End the chat").click()
    expect(plain.button("Start a new chat")).to_be_visible()
    assert office.state(conversation=conversation)["reason"] == "citizen"
    assert plain.events() == stored(office, conversation)
    expect(agent.notice).to_contain_text("Fatima")


def test_a_text_that_is_too_long_stays_in_the_field(plain, office, complaints):
    complaints.expect_status(422)
    office.presence(email="agent1@hasselt.example", state="available", hours=1)
    long = "te lang " * 260
    plain.page.goto("/chat/")
    # Without scripts nothing counts along, and the browser itself cuts at maxlength.
    plain.field.evaluate("field => field.removeAttribute('maxlength')")
    plain.field.fill(long)
    plain.button("Send and start the chat").click()
    expect(plain.field).to_have_attribute("aria-invalid", "true")
    assert plain.field.input_value().strip() == long.strip()
    assert office.count(first_words="te lang") == 0


def test_sending_the_same_form_twice_makes_one_message(plain, agent, office):
    plain.page.goto("/chat/")
    plain.field.fill("Een keer is genoeg.")
    plain.button("Send and start the chat").click()
    agent.take("Een keer is genoeg.")
    plain.look_again()
    plain.field.fill("Ook maar een keer.")
    with plain.page.expect_request(lambda request: request.method == "POST") as posted:
        plain.button("Send").click()
    plain.look_again()
    answer = plain.page.request.post(
        "/chat/",
        data=posted.value.post_data,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": plain.page.url},
    )
    assert answer.ok
    texts = [row["text"] for row in office.messages(conversation=office.newest())]
    assert texts.count("Ook maar een keer.") == 1


def test_a_closed_chat_says_when_and_how_else(plain, office):
    plain.page.goto("/chat/")
    expect(plain.page.get_by_role("main")).to_contain_text(nl("Nobody is available at the moment"))
    expect(plain.page.get_by_role("textbox")).to_have_count(0)
    help_ = plain.page.get_by_role("complementary")
    expect(help_.get_by_role("link", name="Bel")).to_have_attribute("href", "tel:+3211000000")
    expect(help_.get_by_role("link", name="Mail")).to_be_visible()
