"""Who may enter which door. Views of staff are marked with `staff_door`, nothing else decides."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from accounts.models import Role, User

View = Callable[..., HttpResponse]

CHAT_ROLES = (Role.AGENT, Role.SUPERVISOR)


def has_second_step(user: User) -> bool:
    """Whether the account is behind a second step. The demo's are public, so they need none."""
    return settings.DEMO or is_mfa_enabled(user)


def staff_door(*roles: str) -> Callable[[View], View]:
    """Opens a view to members of staff with one of `roles`; without roles, to every one with any.

    A stranger is sent to the login, a member of staff without the role gets 403. Pages behind the
    door are never cached. `view.roles` is read by the test that walks every address as every role.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not user.has_role(*(roles or Role.values)):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        guarded.roles = frozenset(roles or Role.values)  # type: ignore[attr-defined]
        return guarded

    return decorate
