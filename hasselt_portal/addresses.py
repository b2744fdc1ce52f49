"""Every address of the portal and who may enter there, read from the URLconf itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Role

# Doors without `staff_door` that guard themselves.
ADMIN = "beheer/"
LOGIN = "aanmelden/"


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf. `roles` is None where no staff door stands."""

    route: str
    name: str | None
    roles: frozenset[str] | None
    room: str


def all_addresses() -> list[Address]:
    return sorted(_walk(get_resolver().url_patterns, ""), key=lambda address: address.route)


def staff_table() -> str:
    """The table of docs/roles.md: each staff address and the roles that open it."""
    head = ["address", *Role.values]
    rows = [head, ["---"] * len(head)]
    for address in all_addresses():
        if address.roles is not None:
            rows.append(_row(address.route, address.roles))
    rows.append(_row(ADMIN + "…", frozenset({Role.ADMINISTRATOR})))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(route: str, roles: frozenset[str]) -> list[str]:
    return [f"`/{route}`", *("yes" if role in roles else "–" for role in Role)]


def _walk(patterns: list[Any], before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            roles = getattr(pattern.callback, "roles", None)
            yield Address(
                route=route,
                name=pattern.name,
                roles=None if roles is None else frozenset(map(str, roles)),
                room=pattern.callback.__module__.partition(".")[0],
            )
