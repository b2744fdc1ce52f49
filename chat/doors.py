"""What the doors of a conversation over HTTP share: who knocks, and what a refusal looks like."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header

from chat import access
from chat.sentences import error_frame
from common.errors import RuleBroken

STATUS = {
    "wrong_origin": 403,
    "wrong_token": 404,
    "not_allowed": 403,
    "not_found": 404,
    "file_too_big": 413,
    "frame_too_big": 413,
    "too_fast": 429,
    "file_unscanned": 503,
    "failed": 503,
}


def token_in(request: HttpRequest) -> str:
    """The secret in the header; raises RuleBroken("wrong_token")."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not access.TOKEN.fullmatch(token):
        raise RuleBroken("wrong_token")
    return token


def refused(error: RuleBroken, language: str) -> HttpResponse:
    """The `error` frame of the protocol with a status of 400 or more."""
    status = STATUS.get(error.code, 400)
    response = JsonResponse(error_frame(error, language), status=status)
    if "retry_after_s" in error.params:
        response["Retry-After"] = str(error.params["retry_after_s"])
    return private(response)


def private(response: HttpResponse) -> HttpResponse:
    """Kept by no browser and no proxy."""
    add_never_cache_headers(response)
    return response


def download(response: HttpResponse, name: str, *, shown: bool = False) -> HttpResponse:
    """A file to save as `name`; with `shown` a page may show it.

    The browser is told to guess nothing and to run nothing.
    """
    response["Content-Disposition"] = content_disposition_header(not shown, name) or ""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return private(response)
