"""A question by the contact form, in a browser that runs no script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe
from tests.e2e.words import containing, nl, said

QUESTION = "Op de hoek van de Kapelstraat staat een paal scheef. Wie zet hem recht?"
ASKED = "Aan welke kant van de straat?"
REPLY = "Aan de kant van de bakker."
ANSWER = "Onze ploeg zet hem donderdag recht."
NATIONAL_NUMBER = "85.07.30-033.28"
QUICKEST_MS = 3_100  # a program would be quicker


@pytest.fixture
def page(new_context, office) -> Page:
    return new_context(java_script_enabled=False).new_page()


def press(page: Page, name: str, language: str = "nl") -> None:
    page.get_by_role("main").get_by_role("button", name=said(name, language), exact=True).click()


def field(page: Page, label: str, language: str = "nl"):
    return page.get_by_role("main").get_by_role(
        "textbox", name=re.compile(rf"^{re.escape(said(label, language))}")
    )


def fill(page: Page, language: str = "nl") -> None:
    page.goto("/contact/vraag/" if language == "nl" else "/en/contact/vraag/")
    field(page, "Your question", language).fill(QUESTION)
    field(page, "Your e-mail address", language).fill("fatima@burger.example")
    page.wait_for_timeout(QUICKEST_MS)


def sent(page: Page, language: str = "nl") -> str:
    """Asks, and returns the reference on the confirmation."""
    fill(page, language)
    press(page, "Go on", language)
    press(page, "Send my question", language)
    return page.locator(".reference-code").inner_text()


def main_says(page: Page, sentence: str, **values: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(nl(sentence) % values)


def test_a_question_is_asked_followed_replied_to_and_answered(page, office):
    page.goto("/contact/")
    page.get_by_role("main").get_by_role(
        "link", name=containing(nl("Ask your question in writing"))
    ).click()
    field(page, "Your question").fill(f"{QUESTION} Mijn nummer is {NATIONAL_NUMBER}.")
    field(page, "Your e-mail address").fill("fatima@burger.example")
    page.wait_for_timeout(QUICKEST_MS)
    press(page, "Go on")
    main_says(page, "We leave out your national register number.")
    expect(page.get_by_role("main")).not_to_contain_text(NATIONAL_NUMBER)
    press(page, "Change something")
    field(page, "Your question").fill(QUESTION)
    press(page, "Go on")
    press(page, "Send my question")

    reference = page.locator(".reference-code").inner_text()
    assert re.fullmatch(r"HAS-\d{4}-\d{6}-[A-Z]", reference)
    expect(page.get_by_role("main")).to_contain_text("fatima@burger.example")
    page.reload()
    expect(page.locator(".reference-code")).to_have_text(reference)
    page.get_by_role("link", name=nl("Follow my question")).click()
    main_says(page, "The contact centre looks for the right department for your question.")

    name = office.send_question(reference=reference, department="mobiliteit")
    office.ask_back(reference=reference, text=ASKED)
    page.reload()
    main_says(page, "The department %(department)s has asked you something.", department=name)
    expect(page.locator(".course-act")).to_contain_text(ASKED)
    label = nl("Your answer to the department %(department)s") % {"department": name}
    page.get_by_role("textbox", name=label).fill(REPLY)
    press(page, "Send")
    main_says(page, "Your message has arrived. The department sees it with your question.")
    assert office.question(reference=reference)["state"] == "in_progress"

    office.answer(reference=reference, text=ANSWER)
    page.reload()
    expect(page.locator(".course-answer")).to_contain_text(ANSWER)
    press(page, "Yes, my question is answered")
    main_says(page, "Thank you for letting us know. Your question is closed.")
    field(page, "What do you still want to know?").fill("Is dat voormiddag?")
    press(page, "Send")
    main_says(page, "Your question is with the department %(department)s.", department=name)
    stored = office.question(reference=reference)
    assert stored["state"] == "reopened"
    assert stored["said"] == [QUESTION, ASKED, REPLY, ANSWER, "Is dat voormiddag?"]


def test_back_and_sent_again_it_is_the_same_question(page, office):
    fill(page)
    press(page, "Go on")
    with page.expect_request(lambda request: request.method == "POST") as posted:
        press(page, "Send my question")
    first = page.url
    before = office.count_questions()
    answer = page.request.post(
        "/contact/vraag/",
        data=posted.value.post_data_buffer,
        headers={"Content-Type": posted.value.headers["content-type"]},
    )
    assert answer.url == first
    assert office.count_questions() == before


def test_what_is_missing_is_said_at_its_field_and_the_text_stays(page, office, complaints):
    complaints.expect_status(422)
    page.goto("/contact/vraag/")
    field(page, "Your question").fill(QUESTION)
    page.get_by_role("radio", name=nl("By telephone: we call you")).check()
    press(page, "Go on")
    wrong = nl("For an answer by telephone we need a telephone number.")
    expect(page.get_by_role("alert")).to_contain_text(wrong)
    phone = field(page, "Your telephone number")
    expect(phone).to_have_attribute("aria-invalid", "true")
    expect(phone).to_have_accessible_description(containing(wrong))
    expect(field(page, "Your question")).to_have_value(QUESTION)


def test_the_whole_way_by_keyboard(page, office):
    page.goto("/contact/vraag/")
    page.wait_for_timeout(QUICKEST_MS)
    field(page, "Your question").focus()
    page.keyboard.type(QUESTION)
    for _ in range(3):  # past the topic and the way of answering
        page.keyboard.press("Tab")
    expect(field(page, "Your e-mail address")).to_be_focused()
    page.keyboard.type("fatima@burger.example")
    page.keyboard.press("Enter")
    main_says(page, "Is this right?")
    send = page.get_by_role("button", name=nl("Send my question"))
    for _ in range(20):
        page.keyboard.press("Tab")
        if send.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".reference-code")).to_be_visible()


@pytest.mark.once
@pytest.mark.parametrize("language", ["nl", "en"])
def test_axe_finds_nothing_in_any_state(new_context, office, complaints, language):
    """The same documents as without scripts; axe itself is one."""
    complaints.expect(re.compile("status of (404|410|422)"))
    page = new_context().new_page()
    problems: list[str] = []

    def look(name: str) -> None:
        problems.extend(axe.check(page, name=name))
        problems.extend(f"{name}, large: {line}" for line in axe.large_text(page))

    page.goto("/contact/vraag/" if language == "nl" else "/en/contact/vraag/")
    look("form")
    press(page, "Go on", language)
    look("form with errors")
    fill(page, language)
    field(page, "Your question", language).fill(f"{QUESTION} {NATIONAL_NUMBER}")
    press(page, "Go on", language)
    look("summary")
    press(page, "Send my question", language)
    look("confirmation")
    reference = page.locator(".reference-code").inner_text()
    page.get_by_role("link", name=said("Follow my question", language)).click()
    look("new")
    office.send_question(reference=reference, department="mobiliteit")
    office.ask_back(reference=reference, text=ASKED)
    page.reload()
    look("asked back")
    press(page, "Send", language)
    look("refused reply")
    page.get_by_role("main").get_by_role("textbox").fill(REPLY)
    press(page, "Send", language)
    look("replied")
    office.answer(reference=reference, text=ANSWER)
    page.reload()
    look("answered")
    press(page, "Yes, my question is answered", language)
    look("closed")
    office.closed_for(reference=reference, days=20)
    page.reload()
    look("closed too long ago")
    office.closed_for(reference=reference, days=400)
    page.reload()
    look("expired")
    page.goto(f"/vraag/{reference}/verkeerd/")
    look("wrong link")
    assert not problems
