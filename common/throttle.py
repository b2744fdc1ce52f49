"""Limits for anonymous doors, counted in Redis so that every process sees the same number."""

import ipaddress
from collections.abc import Mapping

from django.conf import settings
from django.core.cache import cache
from redis import RedisError

from common.errors import RuleBroken


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


def request_address(meta: Mapping[str, str]) -> str:
    """`client_address` of an HTTP request's META."""
    return client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""))
