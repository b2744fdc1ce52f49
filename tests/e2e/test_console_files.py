"""Files in the agents' console: sent in every way, shown, stopped, refused, and brought again."""

import re
from typing import Any

import pytest
from django.utils.translation import override
from playwright.sync_api import Locator, Page, Route, expect

from chat.console_texts import CONSOLE_TEXTS
from common.testing.uploads import pdf, picture
from tests.e2e import axe
from tests.e2e.agent import Agent
from tests.e2e.citizen import Citizen
from tests.e2e.complaints import LOST_CONNECTION
from tests.e2e.talk import QUESTION, Talk
from tests.e2e.waiting import until
from tests.e2e.words import nl, starting

# What is shown of a file is the browser's; chat/tests bring files to both databases.
pytestmark = pytest.mark.once

UPLOADS = "**/bestanden/"
PHOTO = {"name": "plan.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(1200, 800))}
LETTER = {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": pdf()}
BROKEN = {"name": "stuk.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing"}
NATIONAL_NUMBER = "85.07.30-033.28"
LOADED = "image => image.complete && image.naturalWidth > 0"
LET_GO = """([how, where, name, content]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(content)], name, { type: "image/jpeg" }));
  const options = { bubbles: true, cancelable: true };
  const event = how === "drop" ? new DragEvent(how, { ...options, dataTransfer: data })
    : new ClipboardEvent(how, { ...options, clipboardData: data });
  document.querySelector(where).dispatchEvent(event);
  return event.defaultPrevented;
}"""


@pytest.fixture
def talk(citizen, agent, office) -> Talk:
    return Talk.begin(citizen, agent, office)


def say(key: str, **values: object) -> str:
    """A word of the console, as it stands on the Dutch page."""
    with override("nl"):
        text = str(CONSOLE_TEXTS[key])
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def attach(agent: Agent, *files: Any) -> None:
    with agent.page.expect_file_chooser() as chooser:
        agent.talk.get_by_role("button", name=starting(nl("File"))).click()
    chooser.value.set_files(files)


def line(agent: Agent, name: str) -> Locator:
    return agent.log.locator(".msg").filter(has_text=name)


def stored(talk: Talk) -> list[str]:
    """Who sent each file, in order."""
    messages = talk.office.messages(conversation=talk.conversation)
    return [one["author"] for one in messages if one["kind"] == "file"]


def hold(page: Page) -> None:
    """Uploads get no answer, and the portal never hears of them."""
    page.route(UPLOADS, lambda route: None)


def test_a_file_of_the_agent_is_stored_once_and_reaches_the_citizen(talk):
    attach(talk.agent, PHOTO, LETTER)
    expect(line(talk.agent, "brief.pdf")).to_contain_text(say("mark_read"))
    expect(talk.citizen.log).to_contain_text("brief.pdf")
    until(
        talk.agent.page,
        lambda: line(talk.agent, "plan.jpg").get_by_role("img").evaluate(LOADED),
        what="the picture",
    )
    assert stored(talk) == ["agent", "agent"]
    expect(talk.agent.log.locator(".msg-file")).to_have_count(2)
    expect(talk.agent.card(f"{say('file')} brief.pdf")).to_be_visible()


def test_a_picture_of_the_citizen_has_its_place_before_it_is_there(talk):
    page = talk.agent.page
    page.route(re.compile("inline"), lambda route: None)
    with talk.citizen.page.expect_file_chooser() as chooser:
        talk.citizen.button("Add a file").click()
    chooser.value.set_files([PHOTO])
    image = line(talk.agent, "plan.jpg").get_by_role("img")
    expect(image).to_be_visible()
    assert image.evaluate("image => [image.offsetWidth, image.offsetHeight]") == [288, 192]
    with page.expect_download() as download:
        talk.agent.log.get_by_role("link", name=say("download_name", name="plan.jpg")).click()
    assert download.value.suggested_filename == "plan.jpg"


def test_the_shortcut_asks_for_a_file_and_is_listed(talk):
    page = talk.agent.page
    # From the start: a key is faster than a browser that has yet to be told to catch a dialog.
    page.on("filechooser", lambda chooser: chooser.set_files([LETTER]))
    talk.agent.field.focus()
    page.keyboard.press("Alt+b")
    expect(line(talk.agent, "brief.pdf")).to_contain_text(say("mark_read"))
    page.keyboard.press("Alt+h")
    expect(talk.agent.dialog("Keyboard shortcuts")).to_contain_text(nl("Send a file"))


@pytest.mark.parametrize(("how", "where"), [("drop", "console-log"), ("paste", "#reply-text")])
def test_a_picture_that_is_let_go_or_pasted_is_sent(talk, how, where):
    name = "los.jpg"
    assert talk.agent.page.evaluate(LET_GO, [how, where, name, list(picture())]) is True
    expect(line(talk.agent, name)).to_contain_text(say("mark_read"))
    assert stored(talk) == ["agent"]


def test_a_file_above_a_conversation_that_waits_is_not_sent_and_not_opened(citizen, agent, office):
    citizen.open_chat().write(QUESTION)
    agent.card(QUESTION).locator(".card-open").click()
    expect(agent.log).to_contain_text(QUESTION)
    expect(agent.talk.get_by_role("button", name=starting(nl("File")))).to_be_hidden()
    assert agent.page.evaluate(LET_GO, ["drop", "console-log", "los.jpg", list(picture())]) is True
    agent.told(say("file_not_here"))
    assert [one["kind"] for one in office.messages(conversation=office.newest())] == ["text"]


def test_a_wrong_kind_is_refused_before_it_is_sent(talk):
    hold(talk.agent.page)
    attach(talk.agent, {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"film"})
    refused = talk.agent.talk.get_by_role("alert").filter(has_text="film.mov")
    expect(refused).to_have_text(say("file_refused", name="film.mov"))
    expect(talk.agent.log.locator(".msg-file")).to_have_count(0)


def test_what_the_portal_refuses_says_why_and_is_put_away(talk, complaints):
    complaints.expect_status(400)
    attach(talk.agent, BROKEN, PHOTO)
    refused = line(talk.agent, "stuk.pdf")
    expect(refused).to_contain_text(
        nl("We cannot read this file. It may be damaged; save it again and retry.")
    )
    expect(line(talk.agent, "plan.jpg")).to_contain_text(say("mark_read"))
    refused.get_by_role("button", name=say("drop_file")).click()
    expect(refused).to_have_count(0)
    expect(talk.agent.field).to_be_focused()
    assert stored(talk) == ["agent"]


def test_an_answer_that_is_lost_stores_no_second_file(talk, complaints):
    complaints.expect(LOST_CONNECTION)
    tries = []

    def lose_the_first(route: Route) -> None:
        tries.append(route.request)
        if len(tries) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    talk.agent.page.route(UPLOADS, lose_the_first)
    attach(talk.agent, PHOTO)
    expect(line(talk.agent, "plan.jpg")).to_contain_text(say("mark_read"))
    assert stored(talk) == ["agent"]
    expect(talk.agent.log.locator(".msg-file")).to_have_count(1)


def test_what_may_pass_can_be_tried_again_by_hand(talk, complaints):
    complaints.expect_status(503)
    frame = {"type": "error", "code": "file_unscanned", "text": "We kunnen even niet kijken."}
    talk.agent.page.route(UPLOADS, lambda route: route.fulfill(status=503, json=frame))
    attach(talk.agent, PHOTO)
    refused = line(talk.agent, "plan.jpg")
    expect(refused).to_contain_text(frame["text"], timeout=40_000)
    talk.agent.page.unroute(UPLOADS)
    refused.get_by_role("button", name=say("retry")).click()
    expect(refused).to_contain_text(say("mark_read"))


def test_a_login_page_in_the_place_of_an_answer_is_no_success(talk):
    html = {"status": 200, "content_type": "text/html", "body": "<h1>Aanmelden</h1>"}
    talk.agent.page.route(UPLOADS, lambda route: route.fulfill(**html))
    attach(talk.agent, PHOTO)
    expect(line(talk.agent, "plan.jpg")).to_contain_text(say("file_page_old"))
    assert stored(talk) == []


def test_a_file_under_way_stays_while_another_conversation_is_open(talk, new_context):
    agent = talk.agent
    hold(agent.page)
    attach(agent, PHOTO)
    expect(line(agent, "plan.jpg")).to_contain_text(say("mark_sending"))
    Citizen(new_context().new_page()).open_chat().write("Een andere vraag.")
    agent.take("Een andere vraag.")
    expect(agent.log.locator(".msg-file")).to_have_count(0)
    agent.page.keyboard.press("Alt+ArrowUp")
    under_way = line(agent, "plan.jpg")
    expect(under_way).to_contain_text(say("mark_sending"))
    under_way.get_by_role("button", name=say("drop_file")).click()
    expect(under_way).to_have_count(0)
    assert stored(talk) == []


def test_closing_warns_of_a_file_that_is_not_sent_yet(talk):
    hold(talk.agent.page)
    attach(talk.agent, PHOTO)
    expect(line(talk.agent, "plan.jpg")).to_contain_text(say("mark_sending"))
    talk.agent.page.keyboard.press("Alt+w")
    dialog = talk.agent.dialog("Close the conversation")
    expect(dialog).to_contain_text(nl("A file is not sent yet. It is lost when you close."))


def test_a_number_that_is_left_out_is_warned_of_and_leaves_the_screen(talk):
    agent = talk.agent
    agent.field.fill(f"Is dit uw nummer: {NATIONAL_NUMBER}?")
    what = say("secret_rrn")
    expect(agent.talk.get_by_role("status")).to_have_text(say("secret", what=what))
    agent.field.press("Enter")
    agent.sees(nl("[national register number left out]"))
    expect(agent.log).not_to_contain_text(NATIONAL_NUMBER)


def test_the_rating_stands_beside_the_conversation_that_ended(talk):
    citizen, agent = talk.citizen, talk.agent
    rating = agent.page.locator("[data-fact=rating]")
    expect(rating).to_be_hidden()
    citizen.button("End the chat").click()
    citizen.button("Yes, end it").click()
    citizen.panel.get_by_role("radio", name=nl("Satisfied"), exact=True).check()
    citizen.button("Send").last.click()
    expect(rating).to_have_text(say("rated", score=4, word=nl("Satisfied")))


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_each_state_of_a_file_is_accessible(talk, complaints, scheme):
    complaints.expect_status(400)
    agent = talk.agent
    page = agent.page
    page.evaluate("scheme => document.documentElement.dataset.scheme = scheme", scheme)
    attach(agent, PHOTO, BROKEN)
    expect(line(agent, "stuk.pdf")).to_contain_text(say("mark_failed"))
    hold(page)
    attach(agent, {"name": "film.mov", "mimeType": "video/quicktime", "buffer": b"film"}, LETTER)
    agent.field.fill(NATIONAL_NUMBER)
    expect(line(agent, "brief.pdf")).to_contain_text(say("mark_sending"))
    assert not axe.check(page, name=f"files, {scheme}")
