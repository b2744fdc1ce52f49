"""Pictures and PDF in the widget: sent, shown, fetched, refused, and brought over a bad network."""

import json

import pytest
from playwright.sync_api import FileChooser, Locator, Route, expect

from common.testing.uploads import picture
from tests.e2e.attached import BROKEN, FILM, PHOTO, UPLOADS, attach, row, send_as_agent
from tests.e2e.citizen import Citizen
from tests.e2e.complaints import LOST_CONNECTION
from tests.e2e.later import without
from tests.e2e.spoken import listen, spoken
from tests.e2e.talk import QUESTION, Talk
from tests.e2e.waiting import until
from tests.e2e.words import nl

# What is shown of a file is the browser's; chat/tests bring files to both databases.
pytestmark = pytest.mark.once

CORNERS = """canvas => [0.25, 0.75].map(part => {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const at = copy.getImageData(width * part, height / 2, 1, 1).data;
  return at[0] > 200 && at[2] < 60 ? "red" : at[2] > 200 && at[0] < 60 ? "blue" : "none";
})"""
LET_GO = """([how, name, content]) => {
  const panel = document.querySelector("hasselt-chat").shadowRoot.querySelector(".panel");
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(content)], name, { type: "image/jpeg" }));
  const options = { bubbles: true, cancelable: true };
  const event = how === "drop" ? new DragEvent(how, { ...options, dataTransfer: data })
    : new ClipboardEvent(how, { ...options, clipboardData: data });
  panel.querySelector("textarea").dispatchEvent(event);
  return event.defaultPrevented;
}"""


@pytest.fixture
def talk(citizen, agent, office) -> Talk:
    return Talk.begin(citizen, agent, office)


def files(talk: Talk) -> list[tuple[int, str]]:
    """Number and sender of each file that is stored."""
    messages = talk.office.messages(conversation=talk.conversation)
    assert [message["seq"] for message in messages] == list(range(1, len(messages) + 1))
    return [(one["seq"], one["author"]) for one in messages if one["kind"] == "file"]


def colours(canvas: Locator) -> list[str]:
    return canvas.evaluate(CORNERS)


def test_a_picture_of_the_citizen_is_stored_once_and_shown_small(talk):
    attach(talk.citizen, PHOTO)
    sent = row(talk.citizen, "put.jpg")
    expect(sent).to_contain_text(nl("read"))
    expect(sent.get_by_role("button", name=nl("Download"))).to_be_visible()
    canvas = sent.get_by_role("img", name="put.jpg")
    until(talk.citizen.page, lambda: colours(canvas) == ["red", "blue"], what="the picture")
    assert files(talk) == [(3, "citizen")]
    expect(talk.citizen.log.locator(".file")).to_have_count(1)


def test_a_file_of_the_agent_is_heard_once_shown_and_kept(new_context, agent, office):
    context = new_context()
    listen(context)
    talk = Talk.begin(Citizen(context.new_page()), agent, office)
    talk.write(agent="Ik stuur u een plan.")
    talk.check()
    send_as_agent(talk, "plan.jpg")
    got = row(talk.citizen, "plan.jpg")
    canvas = got.get_by_role("img", name="plan.jpg")
    until(talk.citizen.page, lambda: colours(canvas) == ["red", "blue"], what="the picture")
    assert [region for region, _ in spoken(talk.citizen.page, "plan.jpg")] == [nl("Messages")]
    assert nl("File:") in spoken(talk.citizen.page, "plan.jpg")[0][1]
    with talk.citizen.page.expect_download() as download:
        got.get_by_role("button", name=nl("Download")).click()
    assert download.value.suggested_filename == "plan.jpg"
    assert download.value.path().read_bytes()[:3] == b"\xff\xd8\xff"


def test_a_file_whose_drawing_cannot_be_fetched_is_named_and_drawn_later(talk, complaints):
    complaints.expect(LOST_CONNECTION)
    with without(talk.citizen.page, "file"):
        send_as_agent(talk, "plan.jpg")
        got = row(talk.citizen, "plan.jpg")
        expect(got).to_contain_text(f"{nl('File:')} plan.jpg")
        expect(got.get_by_role("button")).to_have_count(0)
    talk.write(agent="Dit is het plan.")
    canvas = got.get_by_role("img", name="plan.jpg")
    until(talk.citizen.page, lambda: colours(canvas) == ["red", "blue"], what="the picture")
    expect(got.get_by_role("button", name=nl("Download"))).to_have_count(1)


def test_the_history_shows_files_again_after_a_reload(talk):
    attach(talk.citizen, PHOTO)
    expect(row(talk.citizen, "put.jpg")).to_contain_text(nl("read"))
    talk.citizen.page.reload()
    canvas = row(talk.citizen, "put.jpg").get_by_role("img", name="put.jpg")
    until(talk.citizen.page, lambda: colours(canvas) == ["red", "blue"], what="the picture")


def test_before_the_first_message_there_is_nothing_to_add_a_file_to(citizen, agent):
    citizen.open_chat()
    expect(citizen.field).to_be_visible()
    expect(citizen.button("Add a file")).to_be_hidden()
    citizen.write(QUESTION)
    expect(citizen.button("Add a file")).to_be_visible()


def test_a_city_that_takes_no_files_shows_no_button(citizen, agent, office, house):
    office.rules(files_allowed=False)
    try:
        page = citizen.page
        settings = f"{house.url}/chat/panel.json?lang=nl"
        until(
            page, lambda: page.request.get(settings).json()["files"] is None, what="the new rules"
        )
        citizen.open_chat()
        citizen.write(QUESTION)
        citizen.sees(QUESTION)
        expect(citizen.button("End the chat")).to_be_visible()
        expect(citizen.button("Add a file")).to_be_hidden()
    finally:
        office.rules(files_allowed=True)


def test_a_wrong_kind_or_size_is_refused_before_it_is_sent(talk):
    posted = []
    talk.citizen.page.on("request", lambda request: posted.append(request.url))
    large = {"name": "groot.jpg", "mimeType": "image/jpeg", "buffer": bytes(10 * 1024 * 1024 + 1)}
    for file in (FILM, large):
        attach(talk.citizen, file)
        refused = "{name} cannot be sent. Choose a photo (JPG, PNG or WebP) or a PDF of at most "
        words = nl(refused + "10 MB.", name=file["name"])
        expect(talk.citizen.panel.get_by_role("alert").filter(has_text=words)).to_be_visible()
    assert not [url for url in posted if "files.json" in url]
    expect(talk.citizen.log.locator(".file")).to_have_count(0)


def test_what_the_portal_refuses_says_why_and_is_put_away(talk, complaints):
    complaints.expect_status(400)
    attach(talk.citizen, BROKEN, PHOTO)
    refused = row(talk.citizen, "brief.pdf")
    expect(refused).to_contain_text(
        nl("We cannot read this file. It may be damaged; save it again and retry.")
    )
    expect(refused).to_contain_text(nl("not sent"))
    expect(refused.get_by_role("button", name=nl("Try again"))).to_be_hidden()
    expect(row(talk.citizen, "put.jpg")).to_contain_text(nl("read"))
    refused.get_by_role("button", name=nl("Do not send")).click()
    expect(refused).to_have_count(0)
    expect(talk.citizen.field).to_be_focused()
    assert len(files(talk)) == 1


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

    talk.citizen.page.route(UPLOADS, lose_the_first)
    attach(talk.citizen, PHOTO)
    expect(row(talk.citizen, "put.jpg")).to_contain_text(nl("read"))
    assert len(files(talk)) == 1
    expect(talk.citizen.log.locator(".file")).to_have_count(1)


def test_a_portal_that_is_away_for_a_moment_gets_the_file_later(talk, complaints):
    complaints.expect(LOST_CONNECTION)
    tries = []

    def refuse_two(route: Route) -> None:
        tries.append(route.request)
        route.abort("connectionrefused") if len(tries) <= 2 else route.continue_()

    talk.citizen.page.route(UPLOADS, refuse_two)
    attach(talk.citizen, PHOTO)
    expect(row(talk.citizen, "put.jpg")).to_contain_text(nl("read"))
    assert len(tries) == 3
    assert len(files(talk)) == 1


def test_what_may_pass_can_be_tried_again_by_hand(talk, complaints):
    complaints.expect_status(503)
    sentence = "We kunnen even niet kijken."
    frame = {"type": "error", "code": "file_unscanned", "text": sentence}
    talk.citizen.page.route(UPLOADS, lambda route: route.fulfill(status=503, json=frame))
    attach(talk.citizen, PHOTO)
    refused = row(talk.citizen, "put.jpg")
    expect(refused).to_contain_text(sentence)
    talk.citizen.page.unroute(UPLOADS)
    refused.get_by_role("button", name=nl("Try again")).click()
    expect(refused).to_contain_text(nl("read"))
    expect(talk.citizen.field).to_be_focused()


def test_a_file_under_way_can_be_stopped(talk):
    talk.citizen.page.route(UPLOADS, lambda route: None)
    attach(talk.citizen, PHOTO)
    under_way = row(talk.citizen, "put.jpg")
    expect(under_way).to_contain_text(nl("sending…"))
    under_way.get_by_role("button", name=nl("Do not send")).click()
    expect(under_way).to_have_count(0)
    talk.write(citizen="Laat maar.")
    talk.check()


def test_after_a_reload_an_unsent_file_is_named_and_must_be_chosen_again(talk):
    talk.citizen.page.route(UPLOADS, lambda route: None)
    attach(talk.citizen, PHOTO)
    expect(row(talk.citizen, "put.jpg")).to_contain_text(nl("sending…"))
    talk.citizen.page.reload()
    lost = row(talk.citizen, "put.jpg")
    expect(lost).to_contain_text(nl("Choose this file again: it was not sent yet."))
    lost.get_by_role("button", name=nl("Do not send")).click()
    talk.citizen.page.reload()
    talk.citizen.sees(QUESTION)
    expect(row(talk.citizen, "put.jpg")).to_have_count(0)


@pytest.mark.parametrize("how", ["drop", "paste"])
def test_a_picture_that_is_let_go_or_pasted_is_sent(talk, how):
    page = talk.citizen.page
    assert page.evaluate(LET_GO, [how, "los.jpg", list(picture())]) is (how == "drop")
    expect(row(talk.citizen, "los.jpg")).to_contain_text(nl("read"))
    assert len(files(talk)) == 1


def test_a_file_is_added_with_the_keyboard_alone(talk):
    page, choosers = talk.citizen.page, []

    def opened(chooser: FileChooser) -> None:
        choosers.append(chooser)

    # Not `expect_file_chooser`: a key may open the chooser before the browser knows who wants it.
    page.on("filechooser", opened)
    talk.citizen.field.focus()
    page.keyboard.press("Shift+Tab")
    expect(talk.citizen.button("Add a file")).to_be_focused()
    page.keyboard.press("Enter")
    until(page, lambda: choosers, what="a choice of files")
    choosers[0].set_files([PHOTO])
    expect(row(talk.citizen, "put.jpg")).to_contain_text(nl("read"))


def test_nothing_of_a_file_stays_in_this_browser_once_it_is_stored(talk):
    attach(talk.citizen, PHOTO)
    expect(row(talk.citizen, "put.jpg")).to_contain_text(nl("read"))
    kept = talk.citizen.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "put.jpg" not in kept
    assert "hasselt-chat.files" not in json.loads(kept)[1]
