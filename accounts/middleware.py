"""Outside demo mode, staff sets up a second factor before anything else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.access import has_second_step


class SecondFactorMiddleware:
    """Sends a logged-in member of staff without TOTP to its set-up page.

    Demo mode is exempt: its accounts are public anyway.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._must_set_up(request):
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest) -> bool:
        staff_address = request.path.startswith(("/werkbank/", "/en/werkbank/", "/beheer/"))
        return staff_address and request.user.is_authenticated and not has_second_step(request.user)
