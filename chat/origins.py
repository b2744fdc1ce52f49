"""Which pages may carry the chat: the portal's own, and those of the allowed sites.

A browser names the site of a page in `Origin`, and no script there can change that. It is looked at
in the handshake of a socket, at the doors of a conversation, and for the headers of CORS.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port, validate_host

from chat import access
from chat.doors import refused
from common.database import in_database_thread
from common.errors import RuleBroken

DEFAULT_PORTS = {"http": "80", "https": "443"}
View = Callable[..., HttpResponse]


def is_own(origin: str, host: str) -> bool:
    """Whether `origin` is the portal itself, asked for under the name `host` (port included).

    Of the scheme the portal knows nothing behind a proxy. Another port is another site.
    """
    scheme, _, place = origin.partition("://")
    if scheme not in DEFAULT_PORTS:
        return False
    (name, port), (own_name, own_port) = split_domain_port(place), split_domain_port(host)
    default = DEFAULT_PORTS[scheme]
    is_same = (name, port or default) == (own_name, own_port or default)
    # Anybody may point a name of their own at this machine.
    is_ours = is_same and validate_host(name, settings.ALLOWED_HOSTS)
    return is_ours or origin in settings.CSRF_TRUSTED_ORIGINS


def may_carry(request: HttpRequest) -> bool:
    """Whether the page that asks may carry the chat; what names no page is no other site's."""
    origin = request.headers.get("Origin")
    return origin is None or is_own(origin, request.get_host()) or access.may_embed(origin)


def allows_cors(sender: Any, request: HttpRequest, **kwargs: Any) -> bool:
    """Receives the question of django-cors-headers, which asks for every address of the portal."""
    is_door = re.match(settings.CORS_URLS_REGEX, request.path_info)
    return bool(is_door and "Origin" in request.headers and may_carry(request))


def for_allowed_sites(view: View) -> View:
    """A door of a conversation: to the page of another site it stays shut, not only unreadable."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if may_carry(request):
            return view(request, *args, **kwargs)
        return refused(RuleBroken("wrong_origin"), "nl")

    return guarded


class OwnPages:
    """Passes on sockets of the portal's own pages; others are refused with 403.

    `site` in the scope is the site that a socket comes from, empty for the portal itself.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get(b"origin", "")
        own = is_own(origin, headers.get(b"host", ""))
        if own or await self.may_enter(origin):
            scope = {**scope, "site": "" if own else origin}
            await self.application(scope, receive, send)
        else:
            await WebsocketDenier()(scope, receive, send)

    async def may_enter(self, origin: str) -> bool:
        """Whether a page of another site may connect."""
        return False


class AllowedPages(OwnPages):
    """Passes on sockets of the allowed sites as well."""

    async def may_enter(self, origin: str) -> bool:
        return await in_database_thread(access.may_embed, origin)


def own_origin(scope: Any) -> str:
    """The portal's scheme and host, as a socket of `OwnPages` that is no other site's came by."""
    headers = dict(scope["headers"])
    return str(headers[b"origin"].decode("latin-1"))
