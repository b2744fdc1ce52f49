"""Limits for anonymous doors, counted in Redis so that every process sees the same number."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis import RedisError

from common.errors import RuleBroken

PEOPLE_AT_ONE_ADDRESS = 40  # of a library or a school
RETRY_AFTER_S = 15  # the minute that is counted began at an unknown moment


def check(door: str, *, key: str, limit: int, period_s: int) -> None:
    """Counts one use of `door` by `key`; raises RuleBroken("too_many") past `limit` a period.

    A fixed window: at worst twice the limit across a boundary, which these doors can bear. When
    Redis is gone the door stays open: a citizen with a question goes before a perfect count.
    """
    name = f"throttle:{door}:{key}"
    try:
        cache.add(name, 0, timeout=period_s)
        count = cache.incr(name)
        if count == 1:
            # The name may have run out between the two, and then counts on without an end.
            cache.touch(name, timeout=period_s)
    except (RedisError, OSError, ValueError):
        return
    if count > limit:
        raise RuleBroken("too_many", limit=limit, period_s=period_s)


def keep_pace(
    door: str, *, who: str, address: str, per_minute: int, people: int = PEOPLE_AT_ONE_ADDRESS
) -> None:
    """One holder of a secret may knock so often, and an address as often as so many people.

    Raises RuleBroken("too_fast").
    """
    try:
        check(door, key=who, limit=per_minute, period_s=60)
        limit = people * per_minute
        check(f"{door}-address", key=address, limit=limit, period_s=60)
    except RuleBroken:
        raise RuleBroken("too_fast", retry_after_s=RETRY_AFTER_S) from None


def client_address(peer: str, forwarded_for: str) -> str:
    """The citizen's address: the peer, or behind n trusted proxies the n-th hop from the right.

    An IPv6 address is cut to its /64, the smallest net a household has.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    proxies = settings.TRUSTED_PROXIES
    address = hops[-proxies] if proxies and len(hops) >= proxies else peer
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6 and not parsed.ipv4_mapped:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def scope_address(scope: Mapping[str, Any]) -> str:
    """`client_address` of a socket."""
    forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1")
    return client_address((scope.get("client") or ("", 0))[0], forwarded)


def request_address(meta: Mapping[str, str]) -> str:
    """`client_address` of an HTTP request's META."""
    return client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""))
