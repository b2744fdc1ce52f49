"""What every test of the chat starts from."""

from collections.abc import Iterator

import pytest

from chat.testing import world
from city.remembered import forget


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Rows kept in the process for two seconds never reach the next test."""
    forget()
    yield
    forget()


@pytest.fixture
def open_chat(agent):
    """The chat is open at `world.NOW`, Anke is available."""
    return world.open_for_business(agent)
