"""The telephone exchange reports how many calls wait: `POST /api/telefooncentrale/`.

Not a door of people: a token of the machine's own, JSON in and out, and a sentence for the
technician who sets it up.
"""

from typing import Annotated

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from chat.actions import rush
from chat.doors import private
from common import throttle
from common.errors import RuleBroken

MAX_BYTES = 1_024
MOST_CALLS = 10_000
WRONG_TOKENS_PER_MINUTE = 20
SENTENCES = {
    "not_found": _("This portal listens to no telephone exchange."),
    "wrong_method": _("Use POST."),
    "no_token": _("The header Authorization with the token of the exchange is missing."),
    "wrong_token": _("This is not the token of the exchange."),
    "too_many": _("Too many wrong tokens. Wait a minute."),
    "wrong_type": _("Send JSON: Content-Type must be application/json."),
    "too_big": _("This is too long for a report."),
    "bad_report": _('Send the number of waiting calls, 0 to 10000, like {"waiting_calls": 4}.'),
}
STATUS = {"not_found": 404, "wrong_method": 405, "no_token": 401, "wrong_token": 403}
STATUS["too_many"] = 429


class Report(msgspec.Struct, frozen=True):
    """What an exchange says; more than this is not looked at."""

    waiting_calls: Annotated[int, msgspec.Meta(ge=0, le=MOST_CALLS)]


_report = msgspec.json.Decoder(Report)


# Exempt from CSRF: no cookie is looked at; who posts knows the token.
@csrf_exempt
def report(request: HttpRequest) -> HttpResponse:
    """Takes one report; answers whether the telephone comes first now."""
    try:
        _admit(request)
        heard = _report_in(request)
    except RuleBroken as error:
        return _refused(error.code)
    is_first = rush.hear_exchange(waiting_calls=heard.waiting_calls, now=timezone.now())
    return private(JsonResponse({"phone_first": is_first}))


def _admit(request: HttpRequest) -> None:
    if not settings.EXCHANGE_TOKEN:
        raise RuleBroken("not_found")
    if request.method != "POST":
        raise RuleBroken("wrong_method")
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise RuleBroken("no_token")
    if not constant_time_compare(token.strip(), settings.EXCHANGE_TOKEN):
        # Only the wrong ones are counted, so that nobody can shut the exchange out.
        address = throttle.request_address(request.META)
        throttle.check("exchange", key=address, limit=WRONG_TOKENS_PER_MINUTE, period_s=60)
        raise RuleBroken("wrong_token")


def _report_in(request: HttpRequest) -> Report:
    if request.content_type != "application/json":
        raise RuleBroken("wrong_type")
    try:
        body = request.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise RuleBroken("too_big")
        return _report.decode(body)
    except (ValueError, UnreadablePostError, RecursionError):
        raise RuleBroken("bad_report") from None


def _refused(code: str) -> HttpResponse:
    answer = {"error": code, "text": str(SENTENCES[code])}
    response = JsonResponse(answer, status=STATUS.get(code, 400))
    if code == "wrong_method":
        response["Allow"] = "POST"
    elif code == "no_token":
        response["WWW-Authenticate"] = "Bearer"
    elif code == "too_many":
        response["Retry-After"] = "60"
    return private(response)
