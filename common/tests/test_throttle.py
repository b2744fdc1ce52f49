"""Limits for anonymous doors."""

import pytest
from redis import ConnectionError as RedisConnectionError

from common import throttle
from common.errors import RuleBroken


def knock(times: int, key: str = "token", limit: int = 3) -> None:
    for _ in range(times):
        throttle.check("door", key=key, limit=limit, period_s=60)


def test_up_to_the_limit_the_door_opens():
    knock(3)


def test_one_past_the_limit_is_refused_with_the_numbers():
    with pytest.raises(RuleBroken) as refusal:
        knock(4)
    assert refusal.value.code == "too_many"
    assert refusal.value.params == {"limit": 3, "period_s": 60}


def test_each_key_has_its_own_count():
    knock(3, key="one")
    knock(3, key="two")


def test_each_door_has_its_own_count():
    knock(3)
    throttle.check("window", key="token", limit=3, period_s=60)


def test_the_count_ends_with_the_period(redis_client):
    knock(3)
    [counter] = redis_client.keys("*throttle:door:token")
    assert 0 < redis_client.ttl(counter) <= 60
    redis_client.delete(counter)  # what Redis does when the period is over
    knock(3)


def test_without_redis_the_door_stays_open(monkeypatch):
    def gone(*args, **kwargs):
        raise RedisConnectionError

    monkeypatch.setattr(throttle.cache, "add", gone)
    knock(10)


def test_a_count_that_expires_between_two_steps_leaves_the_door_open(monkeypatch):
    monkeypatch.setattr(throttle.cache, "add", lambda *args, **kwargs: False)
    knock(10)


def keep_pace(who: str, address: str = "192.0.2.7") -> None:
    throttle.keep_pace("door", who=who, address=address, per_minute=2, people=3)


def test_who_knocks_too_often_is_told_when_to_come_back():
    keep_pace("one")
    keep_pace("one")
    with pytest.raises(RuleBroken) as refusal:
        keep_pace("one")
    assert refusal.value.code == "too_fast"
    assert 1 <= refusal.value.params["retry_after_s"] <= 60
    keep_pace("another")


def test_an_address_may_knock_as_often_as_so_many_people():
    for who in "abcdef":
        keep_pace(who)
    with pytest.raises(RuleBroken):
        keep_pace("g")
    keep_pace("g", address="192.0.2.8")


def test_address_behind_a_socket(settings):
    settings.TRUSTED_PROXIES = 1
    scope = {"headers": [(b"x-forwarded-for", b"203.0.113.9")], "client": ("10.0.0.1", 40_000)}
    assert throttle.scope_address(scope) == "203.0.113.9"
    assert throttle.scope_address({"headers": [], "client": None}) == "unknown"


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        (0, "192.0.2.7", "", "192.0.2.7"),
        (0, "192.0.2.7", "203.0.113.9", "192.0.2.7"),  # nobody vouches for the header
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # the left part is the client's own
        (2, "10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.1", "203.0.113.9", "10.0.0.1"),  # a hop is missing
        (1, "10.0.0.1", "nonsense", "unknown"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "", "", "unknown"),
    ],
)
def test_address_of_a_citizen(settings, proxies, peer, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    meta = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    assert throttle.request_address(meta) == address
