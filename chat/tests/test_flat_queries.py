"""What a console costs the database does not grow: not with history, not with a rush."""

import pytest
from channels.db import database_sync_to_async as in_db
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from chat import watch
from chat.models import Conversation
from chat.testing import crowds
from city.remembered import forget

pytestmark = pytest.mark.django_db(transaction=True)


class Queries:
    """Counts those of every thread: the sockets' work is done in one of its own."""

    def __init__(self, monkeypatch):
        self.count = 0
        real = CursorWrapper.execute

        def counted(cursor, sql, params=None):
            self.count += 1
            return real(cursor, sql, params)

        monkeypatch.setattr(CursorWrapper, "execute", counted)

    def since_last(self):
        count, self.count = self.count, 0
        return count


@pytest.fixture
def queries(monkeypatch):
    # The lookout looks when the test says so.
    monkeypatch.setattr(watch, "LOOK_EVERY_S", 3_600)
    return Queries(monkeypatch)


async def cost_of_a_console(wires, client, queries):
    """(arriving, one look) of a console that has one conversation on the screen."""
    shown = await in_db(Conversation.objects.filter(agent__isnull=False).first)()
    forget()  # the whole price, however long it took to make the rows
    queries.since_last()
    wire = await wires.agent(client, greet=False)
    welcome = await wire.hello({"conversation": str(shown.public_id), "after": 0})
    await wire.hear("messages")
    arriving = queries.since_last()
    forget()
    await watch.lookout().look()
    looking = queries.since_last()
    await wire.close()
    return len(welcome["cards"]), arriving, looking


async def test_a_long_history_and_a_rush_cost_no_more_queries(
    wires, open_now, agent, agent_client, queries
):
    now = timezone.now()
    await in_db(crowds.closed_conversations)(10, now=now, agent=agent)
    await in_db(crowds.open_conversations)(5, now=now, agent=agent)
    few = await cost_of_a_console(wires, agent_client, queries)
    await in_db(crowds.closed_conversations)(10_000, now=now, agent=agent)
    await in_db(crowds.open_conversations)(195, now=now, agent=agent)
    many = await cost_of_a_console(wires, agent_client, queries)
    assert (few[0], many[0]) == (5, 200)
    assert many[1:] == few[1:]
    assert few[1] < 36
    assert few[2] <= 12
