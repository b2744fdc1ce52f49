"""Pages before anybody chats: no trace in the browser, no shift, little weight."""

import pytest
from playwright.sync_api import expect

from tests.e2e.citizen import Citizen
from tests.e2e.figures import FIGURES

PAGES = (
    "/",
    "/producten/",
    "/producten/reispas/",
    "/zoeken/?q=paspoort",
    "/contact/",
    "/openingsuren/",
    "/privacy/",
    "/toegankelijkheid/",
    "/en/",
)
PAGE_BYTES = 100_000
OPENED_BYTES = 20 * 1024
SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""
STORED = "Object.keys(localStorage).concat(Object.keys(sessionStorage))"


def test_a_citizen_page_leaves_nothing_in_the_browser(citizen, present):
    sockets = []
    citizen.page.on("websocket", lambda socket: sockets.append(socket.url))
    for path in PAGES:
        citizen.page.goto(path)
        expect(citizen.page.get_by_role("button", name="Chat")).to_be_visible()
    citizen.page.goto("/")
    expect(citizen.launcher).to_be_visible()
    # Only the opened chat listens, to hear at once when it closes.
    assert sockets == []
    citizen.launcher.click()
    expect(citizen.field).to_be_visible()
    citizen.page.keyboard.press("Escape")
    assert citizen.page.context.cookies() == []
    assert citizen.page.evaluate(STORED) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_the_home_page_loads(new_context, present, width):
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    page.add_init_script(SHIFTS)
    page.goto("/")
    expect(Citizen(page).launcher).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => null)")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.shifts") == []


def test_a_citizen_page_is_light(new_context, present):
    heaviest = 0
    for path in ("/", "/producten/", "/producten/reispas/", "/openingsuren/"):
        page = new_context().new_page()
        loaded = transferred(page)
        page.goto(path)
        expect(Citizen(page).launcher).to_be_visible()
        page.evaluate("document.fonts.ready.then(() => null)")
        assert sum(loaded.values()) <= PAGE_BYTES, (path, loaded)
        heaviest = max(heaviest, sum(loaded.values()))
        page.close()
    FIGURES.append(f"measured: heaviest citizen page, all in: {heaviest / 1000:.1f} kB")


def test_the_opened_chat_is_light(citizen, present):
    loaded = transferred(citizen.page, headers=False)
    citizen.page.goto("/")
    expect(citizen.launcher).to_be_visible()
    before = sum(loaded.values())
    citizen.launcher.click()
    expect(citizen.field).to_be_visible()
    loader = next(size for url, size in loaded.items() if url.endswith("/widget.js"))
    opened = sum(loaded.values()) - before + loader
    FIGURES.append(f"measured: opened chat with its loader, compressed: {opened / 1000:.1f} kB")
    assert opened <= OPENED_BYTES, loaded


def transferred(page, *, headers: bool = True) -> dict[str, int]:
    """Bytes over the wire for each address, filled in as they come."""
    urls, loaded = {}, {}
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on(
        "Network.responseReceived",
        lambda event: urls.update({event["requestId"]: event["response"]["url"]}),
    )

    def count(event):
        url = urls.get(event["requestId"], "?")
        loaded[url] = loaded.get(url, 0) + int(event["encodedDataLength"])

    client.on("Network.loadingFinished" if headers else "Network.dataReceived", count)
    return loaded
