"""What every test of the chat starts from."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from django.utils import timezone, translation

from chat.testing import world
from chat.testing.files import disk  # noqa: F401  a fixture
from chat.testing.sockets import Wires
from city.remembered import forget
from common.testing.smtp import mail_server  # noqa: F401  a fixture


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
