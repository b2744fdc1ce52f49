"""A whole chat in a browser that runs no script."""

import pytest
from playwright.sync_api import expect

from common.testing.uploads import pdf, picture
from tests.e2e import axe
from tests.e2e.citizen import PlainCitizen
from tests.e2e.waiting import until_equal
from tests.e2e.words import containing, nl

PHOTO = {"name": "put.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(600, 400))}
BROKEN = {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing"}
LETTER = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": pdf()}
QUESTION = "Is de put in de stoep gemeld?"
NATIONAL_NUMBER = "85.07.30-033.28"


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
    agent.knows_stored("Ja, van 7 tot 20 uur.")
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


def test_a_text_that_is_too_long_stays_in_the_field(plain, office, present, complaints):
    complaints.expect_status(422)
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
        data=posted.value.post_data_buffer,
        headers={
            "Content-Type": posted.value.headers["content-type"],
            "Referer": plain.page.url,
        },
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
    form = plain.page.get_by_role("main").get_by_role("link", name=nl("Leave your question"))
    expect(form).to_have_attribute("href", "/contact/vraag/")
    expect(help_.get_by_role("link", name=nl("Write"))).to_have_attribute("href", "/contact/vraag/")


def begin(plain, agent):
    plain.page.goto("/chat/")
    plain.field.fill(QUESTION)
    plain.button("Send and start the chat").click()
    agent.take(QUESTION)
    plain.look_again()


def choose(plain, file):
    plain.page.get_by_label(nl("Add a file")).set_input_files([file])


def test_files_go_both_ways(plain, agent, office):
    begin(plain, agent)
    choose(plain, PHOTO)
    plain.field.fill("Dit is hem.")
    plain.button("Send").click()
    agent.sees("put.jpg")
    agent.sees("Dit is hem.")
    agent.page.locator("console-attach input[type=file]").set_input_files([LETTER])
    expect(agent.log.locator(".msg-file")).to_have_count(2)
    agent.sees(nl("sent"))
    plain.look_again()
    for name in ("put.jpg", "plan.pdf"):
        with plain.page.expect_download() as download:
            plain.page.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == name


def test_a_refused_file_is_told_at_its_field_and_the_text_stays(plain, agent, complaints):
    complaints.expect_status(422)
    begin(plain, agent)
    choose(plain, BROKEN)
    plain.field.fill("Hier is de brief.")
    plain.button("Send").click()
    wrong = nl("We cannot read this file. It may be damaged; save it again and retry.")
    field = plain.page.get_by_label(nl("Add a file"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(containing(wrong))
    expect(plain.field).to_have_value("Hier is de brief.")


def test_a_number_that_is_left_out_is_told(plain, agent):
    begin(plain, agent)
    plain.field.fill(f"Mijn nummer is {NATIONAL_NUMBER}.")
    plain.button("Send").click()
    notice = plain.page.get_by_role("status").filter(
        has_text=nl("We left out your national register number.")
    )
    expect(notice).to_be_visible()
    expect(plain.page.get_by_role("main")).not_to_contain_text(NATIONAL_NUMBER)


def test_after_the_end_a_rating_and_a_copy(plain, agent, office, complaints):
    complaints.expect_status(422)
    page = plain.page
    begin(plain, agent)
    plain.button("End the chat").click()
    plain.button("Send my answer").click()
    expect(page.get_by_role("alert")).to_contain_text(nl("Choose one of the answers."))
    page.get_by_role("radio", name=nl("Satisfied"), exact=True).check()
    plain.button("Send my answer").click()
    expect(page.get_by_role("main")).to_contain_text(nl("Thank you. This helps us do better."))
    expect(page.get_by_role("radio")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name=nl("Download text")).click()
    assert QUESTION in download.value.path().read_text(encoding="utf-8")
    mail = page.get_by_role("textbox", name=nl("Or by e-mail. Your e-mail address"))
    mail.fill("an@voorbeeld.be")
    plain.button("Send by e-mail").click()
    sent = nl("We send it to {mail}.", mail="an@voorbeeld.be")
    expect(page.get_by_role("main")).to_contain_text(sent)


@pytest.mark.once
def test_files_and_the_end_are_accessible(new_context, agent, complaints):
    """The same document as without scripts; axe itself is one."""
    complaints.expect_status(422)
    plain = PlainCitizen(new_context().new_page())
    begin(plain, agent)
    choose(plain, PHOTO)
    plain.button("Send").click()
    problems = axe.check(plain.page, name="plain file") + axe.large_text(plain.page)
    choose(plain, BROKEN)
    plain.button("Send").click()
    problems += axe.check(plain.page, name="plain refused file")
    plain.button("End the chat").click()
    plain.button("Send my answer").click()
    problems += axe.check(plain.page, name="plain rating error") + axe.large_text(plain.page)
    assert not problems
