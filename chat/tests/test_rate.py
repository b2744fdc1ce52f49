"""How fast a citizen may write: 20 at once, then one each 3 seconds."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.models import Conversation
from chat.testing import world
from chat.testing.world import after, citizen_says
from common.errors import RuleBroken

pytestmark = pytest.mark.django_db
BURST, EVERY_S = 20, 3


@pytest.fixture
def chat(open_chat, agent):
    return world.a_chat_with(agent)


def is_stored(chat, now) -> bool:
    try:
        citizen_says(chat, "nog iets", now)
    except RuleBroken as broken:
        if broken.code != "too_fast":
            raise
        return False
    return True


class SlowBucket:
    """The rule as a person would say it, in whole milliseconds: a bucket of 20 that fills again."""

    def __init__(self) -> None:
        self.fill_ms, self.at_ms = BURST * EVERY_S * 1_000, 0

    def takes(self, at_ms: int) -> bool:
        # A clock that went back fills nothing; the bucket waits until it has caught up.
        if at_ms > self.at_ms:
            self.fill_ms = min(BURST * EVERY_S * 1_000, self.fill_ms + at_ms - self.at_ms)
            self.at_ms = at_ms
        if self.fill_ms < EVERY_S * 1_000:
            return False
        self.fill_ms -= EVERY_S * 1_000
        return True


def test_twenty_at_once_then_one_each_three_seconds(chat):
    assert [is_stored(chat, world.NOW) for _ in range(21)] == [True] * 20 + [False]
    assert not is_stored(chat, after(2.9))
    assert is_stored(chat, after(3))
    assert not is_stored(chat, after(5.9))
    assert is_stored(chat, after(6))


def test_the_refusal_says_how_long_to_wait_and_that_is_enough(chat):
    for _ in range(20):
        citizen_says(chat, "x")
    for late in (0, 0.4, 1.7, 2.999):
        with pytest.raises(RuleBroken) as broken:
            citizen_says(chat, "x", after(late))
        wait_s = broken.value.params["retry_after_s"]
        assert isinstance(wait_s, int)
        assert 3 - late <= wait_s <= 5 - late
    assert is_stored(chat, after(2.999 + wait_s))


def test_a_refused_text_costs_nothing(chat):
    for _ in range(20):
        citizen_says(chat, "x")
    assert not any(is_stored(chat, after(1)) for _ in range(10))
    assert is_stored(chat, after(3))


def test_agents_have_no_such_limit(chat, agent):
    assert [world.agent_says(chat, agent).seq for _ in range(40)] == list(range(3, 43))


def test_two_conversations_do_not_share_a_limit(chat):
    other = world.a_chat()
    for _ in range(20):
        citizen_says(chat, "x")
    assert is_stored(other, world.NOW)


def test_a_clock_set_back_by_an_hour_silences_nobody(chat):
    for _ in range(20):
        citizen_says(chat, "x")
    earlier = world.NOW - timedelta(hours=1)
    assert [is_stored(chat, earlier) for _ in range(21)] == [True] * 20 + [False]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps_ms=st.lists(
        st.one_of(st.just(0), st.integers(0, 4_000), st.integers(-900, 20_000)), max_size=60
    )
)
def test_the_one_number_in_the_row_decides_like_a_bucket_that_fills(chat, steps_ms):
    Conversation.objects.filter(pk=chat.pk).update(citizen_tat=0)
    bucket, at_ms = SlowBucket(), 0
    for step in steps_ms:
        at_ms = max(0, at_ms + step)
        expected = bucket.takes(at_ms)
        assert is_stored(chat, after(at_ms / 1_000)) is expected, (at_ms, bucket.fill_ms)
