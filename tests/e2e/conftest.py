"""The house, the browser, and the people in it."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from hasselt_portal.tests.running import eventually
from tests.e2e import chromium
from tests.e2e.agent import CONSOLE, Agent
from tests.e2e.citizen import Citizen
from tests.e2e.complaints import Complaints
from tests.e2e.figures import FIGURES
from tests.e2e.host_page import HostSite, host_site, may_ask
from tests.e2e.house import House, open_house
from tests.e2e.office import Office
from tests.e2e.words import nl

AGENT = "agent1@hasselt.example"
MakeContext = Callable[..., BrowserContext]
PATIENCE_MS = 15_000  # only ends a failure
_logins: dict[str, Any] = {}


expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for line in FIGURES:
        terminalreporter.write_line(line)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands its figures to who tells them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = FIGURES


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    FIGURES.extend(getattr(node, "workeroutput", {}).get("figures", ()))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser, or a plain word that these tests are left out."""
    path = chromium.find()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("CI must run the browser tests, and no Chromium or Chrome was found.")
    if path is None:
        pytest.skip("No Chromium or Chrome was found; install one to run the browser tests.")
    return path


@pytest.fixture(scope="session")
def house(chromium_path: str) -> Iterator[House]:
    with open_house() as house:
        yield house


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with chromium.open_browser(chromium_path) as browser:
        yield browser


@pytest.fixture
def office(house: House) -> Office:
    """The back office, after it made a clean start: open day and night, and nobody there yet."""
    house.office.clear()
    house.office.always_open()
    # A process of the portal remembers the hours for two seconds.
    eventually(
        lambda: house.status()["sentence"] == nl("Nobody is available at the moment"),
        within_s=20,
        what="a portal that knows of the clean start",
    )
    return house.office


@pytest.fixture
def somebody_comes(house: House, office: Office) -> Callable[[], None]:
    """Makes somebody available, without a console, and returns when the portal knows."""

    def come() -> None:
        office.presence(email=AGENT, state="available", hours=1)
        # What it answered a moment ago holds for the others who ask in that moment.
        eventually(
            lambda: house.status()["state"] != "closed",
            within_s=20,
            what="a portal that knows who is present",
        )

    return come


@pytest.fixture
def present(somebody_comes: Callable[[], None]) -> None:
    """Somebody is available."""
    somebody_comes()


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Every page of every test is listened to."""
    complaints = Complaints()
    yield complaints
    assert not complaints.unexpected


@pytest.fixture
def new_context(
    browser: Browser, house: House, complaints: Complaints, office: Office
) -> Iterator[MakeContext]:
    """Makes a browser of its own for a person; more arguments go to Playwright."""
    contexts = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"base_url": house.url, "locale": "nl-BE", **options})
        context.set_default_timeout(PATIENCE_MS)
        complaints.listen(context)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def citizen(new_context: MakeContext) -> Citizen:
    return Citizen(new_context().new_page())


@pytest.fixture
def agent_context(new_context: MakeContext) -> Callable[..., BrowserContext]:
    """The browser of a member of staff who logged in this session."""

    def make(email: str = AGENT, where: str = CONSOLE, **options: Any) -> BrowserContext:
        if email not in _logins:
            context = new_context()
            Agent(context.new_page()).log_in(email, where=where)
            _logins[email] = context.storage_state()
            context.close()
        return new_context(storage_state=_logins[email], **options)

    return make


@pytest.fixture
def agent(agent_context: Callable[..., BrowserContext]) -> Agent:
    """An agent who is available."""
    return Agent(agent_context().new_page()).open_console().become_available()


@pytest.fixture
def site(house: House) -> Iterator[HostSite]:
    """Another site of the city."""
    with host_site(house.url) as site:
        yield site


@pytest.fixture
def allowed(site: HostSite, office: Office, house: House) -> HostSite:
    """The site, in the list of those that may carry the chat."""
    office.allow_site(origin=site.origin)
    eventually(
        lambda: may_ask(house.portal.url, site.origin),
        within_s=20,
        what="a portal that knows the site",
    )
    return site
