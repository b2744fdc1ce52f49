"""What every test of the chat starts from."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from django.utils import timezone, translation

from chat.testing import passed_on, world
from chat.testing.files import disk  # noqa: F401  a fixture
from chat.testing.sockets import Wires
from city.remembered import forget
from common.testing.smtp import mail_server  # noqa: F401  a fixture
from questions.actions import routing
from questions.testing.rows import make_department


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Neither rows kept for two seconds nor the language of a page reach the next test."""
    forget()
    translation.activate("nl")
    yield
    forget()


@pytest.fixture
def open_chat(agent):
    """The chat is open at `world.NOW`, Anke is available."""
    return world.open_for_business(agent)


@pytest.fixture
def open_now(agent):
    """The chat is open on the clock of this machine, which sockets use."""
    return world.open_for_business(agent, timezone.now(), world.ROUND_THE_CLOCK)


@pytest_asyncio.fixture
async def wires() -> AsyncIterator[Wires]:
    """Opens sockets; closes them at the end."""
    opened = Wires()
    yield opened
    await opened.close()


@pytest.fixture
def mobility(specialist):
    """The department that gets the questions."""
    return make_department("mobiliteit", specialist)


@pytest.fixture
def chat(open_chat, agent):
    """A conversation of Anke's, with a question for a department."""
    return world.a_chat_with(agent, text=passed_on.TEXT)


@pytest.fixture
def escalation(chat, agent, mobility):
    """That question, shown, passed on, and with the department."""
    passed_on.show(chat, agent, mobility)
    found = passed_on.pass_on(chat, agent, passed_on.passed(chat, mobility))
    routing.route_chosen(escalation=found, now=world.NOW)
    found.refresh_from_db()
    return found
