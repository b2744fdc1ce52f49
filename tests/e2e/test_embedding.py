"""One tag on a site of another origin, whatever that site has of its own."""

import re

import pytest
from playwright.sync_api import expect

from common.testing.uploads import picture
from hasselt_portal.tests.running import eventually
from tests.e2e import axe
from tests.e2e.citizen import Citizen
from tests.e2e.host_page import HostPage, HostSite, may_ask
from tests.e2e.talk import QUESTION, Talk
from tests.e2e.waiting import until
from tests.e2e.words import nl

pytestmark = pytest.mark.once

# What the browser says of a page that the portal does not answer; ours to cause, not to prevent.
REFUSED = re.compile(r"blocked by CORS policy|net::ERR_FAILED|status of 403|response code: 403")
WATCH_THE_PAGE = """
  window.shifts = 0;
  window.violations = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.shifts += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    window.violations.push(`${violatedDirective} ${blockedURI}`));
"""
PUSH_DOWN = """() => new Promise(resolve => {
  const block = document.createElement("p");
  block.append("Er komt iets bij.");
  document.body.prepend(block);
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 50)));
})"""


class Guest(Citizen):
    """A citizen on a page of another site."""

    site: HostSite

    @property
    def home(self) -> str:
        return f"{self.site.origin}/"

    def visit(self, page: HostPage | None = None) -> "Guest":
        self.page.goto(self.site.show(page))
        return self


@pytest.fixture
def guest(new_context, site) -> Guest:
    context = new_context()
    context.add_init_script(WATCH_THE_PAGE)
    guest = Guest(context.new_page())
    guest.site = site
    return guest


def test_a_whole_conversation_under_the_strictest_policy(allowed, guest, agent, office):
    allowed.show()
    talk = Talk.begin(guest, agent, office)
    assert guest.page.evaluate("document.cookie") == ""
    talk.write(agent="Dag, welkom bij de stad.", citizen="Ik zit op de site van de bibliotheek.")
    talk.check()
    talk.type_drafts()
    guest.page.reload()
    expect(guest.panel).to_be_visible()
    talk.check()
    talk.check_drafts()
    talk.write(agent="Bent u er nog?", citizen="Ja, de pagina was even weg.")
    talk.check()
    problems = axe.check(guest.page, name="talking on another site")
    guest.button("End the chat").click()
    guest.button("Yes, end it").click()
    expect(guest.button("New chat")).to_be_visible()
    problems += axe.check(guest.page, name="ended on another site")
    assert [line for line in problems if "hasselt-chat" in line] == []
    assert guest.page.evaluate("violations") == []
    until(
        guest.page,
        lambda: office.state(conversation=talk.conversation)["reason"] == "citizen",
        what="a conversation that the citizen ended",
    )


def test_files_a_rating_and_a_copy_pass_the_strictest_policy_too(allowed, guest, agent, office):
    allowed.show()
    talk = Talk.begin(guest, agent, office)
    with guest.page.expect_file_chooser() as chooser:
        guest.button("Add a file").click()
    content = picture(size=(300, 200))
    chooser.value.set_files({"name": "gat.jpg", "mimeType": "image/jpeg", "buffer": content})
    guest.sees("gat.jpg")
    guest.button("Download").wait_for()
    guest.page.reload()  # now the picture comes from the portal
    canvas = guest.log.get_by_role("img", name="gat.jpg")
    until(guest.page, lambda: canvas.evaluate(IS_PAINTED), what="the picture")
    assert saved(guest, "Download")[:3] == b"\xff\xd8\xff"
    agent.close_with_topic("Afval")
    guest.panel.get_by_role("radio").last.check()
    guest.button("Send").filter(visible=True).first.click()
    state = {"conversation": talk.conversation}
    until(guest.page, lambda: office.state(**state)["rating"] == 5, what="a rating")
    guest.panel.get_by_text(guest.say("Keep this chat"), exact=True).click()
    assert QUESTION in saved(guest, "Download text").decode()
    assert guest.page.evaluate("violations") == []


IS_PAINTED = """canvas => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(canvas.width / 4, canvas.height / 2, 1, 1).data[3] === 255;
}"""


def saved(guest: Guest, button: str) -> bytes:
    """What the browser gets to keep by this button."""
    with guest.page.expect_download() as download:
        guest.button(button).click()
    return download.value.path().read_bytes()


def test_the_page_does_not_move(allowed, guest, present):
    allowed.show(HostPage(body="<p>Een lange tekst.</p>" * 60))
    guest.open_chat()
    guest.page.keyboard.press("Escape")
    expect(guest.launcher).to_be_visible()
    assert guest.page.evaluate("shifts") == 0
    guest.page.evaluate(PUSH_DOWN)
    assert guest.page.evaluate("shifts") > 0, "the observer sees nothing"


def test_a_page_with_another_policy_says_so_in_its_console(allowed, guest, complaints, present):
    """So that the tests above would notice one."""
    complaints.expect(re.compile("Content Security Policy"))
    guest.visit(HostPage(policy="default-src 'none'; script-src {portal}"))
    until(guest.page, lambda: guest.page.evaluate("violations"), what="a violation")
    expect(guest.launcher).to_have_count(0)


def test_a_site_that_is_not_allowed_stays_as_it_was(site, guest, house, complaints, present):
    complaints.expect(REFUSED)
    guest.visit()
    with guest.page.expect_event("requestfailed", lambda request: "status.json" in request.url):
        guest.page.reload()
    expect(guest.launcher).to_have_count(0)
    expect(guest.page.get_by_role("heading", name="Bibliotheek")).to_be_visible()
    assert guest.page.evaluate("violations") == []
    assert guest.page.evaluate(OPEN_SOCKET, house.url.replace("http", "ws", 1)) == "refused"
    assert guest.page.evaluate(SAY_HELLO, house.url) == "refused"


OPEN_SOCKET = """url => new Promise(resolve => {
  const socket = new WebSocket(`${url}/ws/chat/`);
  socket.onopen = () => resolve("opened");
  socket.onerror = () => resolve("refused");
})"""
SAY_HELLO = """url => fetch(`${url}/chat/frames.json`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: '{"frames":[{"type":"hello","v":1,"token":"' + "x".repeat(43) + '","after":0}]}',
}).then(() => "answered", () => "refused")"""


def test_an_allowed_site_may_do_what_another_may_not(allowed, guest, house, complaints):
    """So that the refusals above say something."""
    guest.visit()
    expect(guest.launcher).to_be_visible()
    assert guest.page.evaluate(OPEN_SOCKET, house.url.replace("http", "ws", 1)) == "opened"
    assert guest.page.evaluate(SAY_HELLO, house.url) == "answered"


def test_a_site_that_is_taken_off_the_list_loses_its_launcher(
    allowed, guest, house, office, complaints, present
):
    complaints.expect(REFUSED)
    guest.visit()
    expect(guest.launcher).to_be_visible()
    office.allow_site(origin=allowed.origin, is_active=False)
    eventually(
        lambda: not may_ask(house.portal.url, allowed.origin),
        within_s=20,
        what="a portal that knows",
    )
    # The answer may be kept for half a minute; that is not what is tested.
    guest.page.context.new_cdp_session(guest.page).send("Network.clearBrowserCache")
    guest.page.reload()
    expect(guest.launcher).to_have_count(0)


@pytest.mark.parametrize(
    "instead",
    [
        pytest.param("{tag}{tag}", id="twice"),
        pytest.param("<hasselt-chat></hasselt-chat>{tag}", id="beside an element of its own"),
        pytest.param('<script type="module" src="{portal}/widget.js"></script>', id="as a module"),
    ],
)
def test_however_the_tag_is_written_there_is_one_launcher(allowed, guest, present, instead):
    guest.visit(HostPage(instead=instead))
    expect(guest.launcher).to_have_count(1)
    guest.launcher.click()
    expect(guest.panel).to_be_visible()
    assert guest.page.locator("hasselt-chat").count() == 1
    assert guest.page.evaluate("violations") == []


def test_a_page_that_takes_the_chat_away_and_puts_it_back(allowed, guest, agent, office):
    """As a page does that draws itself anew without loading."""
    allowed.show()
    talk = Talk.begin(guest, agent, office)
    guest.page.evaluate("document.querySelector('hasselt-chat').remove()")
    talk.agent.write("Bent u er nog?")
    talk.sent.append("Bent u er nog?")
    guest.page.evaluate("document.body.append(document.createElement('hasselt-chat'))")
    expect(guest.panel).to_be_visible()
    talk.write(citizen="Ja, ik ben er.")
    talk.check()


def test_the_same_element_elsewhere_on_the_page_keeps_working(allowed, guest, present):
    allowed.show()
    guest.open_chat()
    guest.page.evaluate(
        "document.querySelector('main').append(document.querySelector('hasselt-chat'))"
    )
    expect(guest.launcher).to_be_visible()
    guest.launcher.click()
    expect(guest.panel).to_have_count(1)
    expect(guest.field).to_be_visible()


def test_two_tabs_of_two_sites_do_not_share_a_conversation(allowed, guest, house, agent, office):
    """Each site has its own storage: what was said on one is not shown on another."""
    allowed.show()
    Talk.begin(guest, agent, office)
    other = Citizen(guest.page.context.new_page())
    other.open_chat(house.url + "/")
    expect(other.panel).not_to_contain_text(QUESTION)


def test_a_browser_that_keeps_nothing_can_still_chat(allowed, guest, agent, office):
    guest.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } });"
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('blocked') } });"
    )
    allowed.show()
    talk = Talk.begin(guest, agent, office)
    talk.write(citizen="Mijn browser bewaart niets.", agent="Dat geeft niet.")
    talk.check()


def test_a_page_that_comes_back_from_the_browser_history_goes_on(allowed, guest, agent, office):
    allowed.show()
    talk = Talk.begin(guest, agent, office)
    guest.page.goto(allowed.show(HostPage(instead=""), path="/boeken/"))
    talk.agent.write("Zoekt u een boek?")
    talk.sent.append("Zoekt u een boek?")
    guest.page.go_back()
    expect(guest.panel).to_be_visible()
    talk.write(citizen="Ja, over Hasselt.")
    talk.check()


OWN_BUTTON = (
    "<h1>Museum</h1><p>Wij zijn vandaag open.</p>"
    "<button class='own' type='button'>Naar boven</button>"
)
CORNER = ".own {{ position: fixed; right: 16px; bottom: 16px; width: 64px; height: 64px }}"


def corner(side: str = "right") -> str:
    return CORNER.format().replace("right:", f"{side}:")


HOSTS = {
    "plain": HostPage(),
    "own button, chat left": HostPage(
        body=OWN_BUTTON, style=corner(), attributes='data-side="left"'
    ),
    "own button, chat above": HostPage(
        body=OWN_BUTTON, style=corner(), attributes='data-bottom="96"'
    ),
    "own button left, chat above left": HostPage(
        body=OWN_BUTTON, style=corner("left"), attributes='data-side="left" data-bottom="96"'
    ),
    "right to left": HostPage(html='lang="ar" dir="rtl"', attributes='data-lang="nl"'),
    "large text": HostPage(style="html { font-size: 200% }"),
    "small rem": HostPage(style="html { font-size: 62.5% }"),
    "dark": HostPage(style=":root { color-scheme: dark } body { background: #111; color: #eee }"),
    "rules for everything": HostPage(
        style="body * { font: italic 40px/3 cursive !important; color: red !important;"
        " text-transform: uppercase; letter-spacing: 9px; text-align: center; direction: rtl;"
        " position: relative; transform: rotate(2deg); opacity: .5; transition: all 9s;"
        " visibility: visible; max-width: 50px }"
        " button { background: lime !important; border: 9px solid !important }"
        " hasselt-chat { display: block; float: left; filter: blur(2px) }"
    ),
    "high up": HostPage(
        body="<h1>Museum</h1><div class='top'></div>",
        style=".top { position: fixed; inset: auto 0 0 0; height: 60vh; background: gold;"
        " z-index: 999999 }",
    ),
}


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("name", HOSTS)
def test_it_stays_in_view_and_covers_nothing_of_the_page(allowed, guest, present, name, width):
    guest.page.set_viewport_size({"width": width, "height": 740})
    guest.visit(HOSTS[name])
    expect(guest.launcher).to_be_visible()
    own = guest.page.locator(".own")
    assert_in_view(guest.page, guest.launcher)
    assert not overlap(guest.launcher, own)
    guest.launcher.click()
    expect(guest.panel).to_be_visible()
    assert_in_view(guest.page, guest.panel)
    assert_looks_like_ours(guest)
    # On a phone the panel takes the whole screen.
    assert width == 360 or not overlap(guest.panel, own)
    guest.page.keyboard.press("Escape")
    expect(guest.launcher).to_be_focused()
    assert guest.page.evaluate("violations") == []


def assert_in_view(page, part) -> None:
    box, view = part.bounding_box(), page.viewport_size
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= view["width"]
    assert box["y"] + box["height"] <= view["height"]
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    on_top = "([x, y]) => document.elementFromPoint(x, y).tagName"
    assert page.evaluate(on_top, middle) == "HASSELT-CHAT"


def assert_looks_like_ours(guest: Guest) -> None:
    style = guest.panel.evaluate(
        """panel => {
          const { fontStyle, fontSize, color, textTransform, letterSpacing, direction, textAlign }
            = getComputedStyle(panel);
          return [fontStyle, parseFloat(fontSize) >= 16, color, textTransform, letterSpacing,
            direction, textAlign];
        }"""
    )
    ours = ["normal", True, "rgb(23, 37, 42)", "none", "normal", "ltr", "start"]
    assert style == ours


def overlap(one, other) -> bool:
    if not other.count():
        return False
    (a, b) = (one.bounding_box(), other.bounding_box())
    return not (
        a["x"] + a["width"] <= b["x"]
        or b["x"] + b["width"] <= a["x"]
        or a["y"] + a["height"] <= b["y"]
        or b["y"] + b["height"] <= a["y"]
    )


def test_the_language_of_the_tag_wins_over_that_of_the_page(allowed, new_context, present):
    guest = Guest(new_context().new_page(), "en")
    guest.site = allowed
    guest.visit(HostPage(html='lang="nl"', attributes='data-lang="en"'))
    expect(guest.launcher).to_be_visible()
    guest.launcher.click()
    expect(guest.panel).to_be_visible()
    expect(guest.page.get_by_text(nl("Chat with the city"))).to_have_count(0)


def test_a_page_can_hide_the_chat(allowed, guest, present):
    guest.visit()
    expect(guest.launcher).to_be_visible()
    guest.page.evaluate("document.querySelector('hasselt-chat').hidden = true")
    expect(guest.launcher).to_be_hidden()
