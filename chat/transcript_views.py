"""Doors to take a copy of the own conversation home: by token, and by cookie on the plain page."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from chat import access
from chat.doors import STATUS, download, private, refused, token_in
from chat.models import Conversation
from chat.plain import COOKIE
from chat.sentences import sentence
from chat.transcript import as_pdf, as_text, file_name
from common.errors import RuleBroken
from common.throttle import keep_pace, request_address

COPIES_PER_MINUTE = 6


@require_safe
def text(request: HttpRequest) -> HttpResponse:
    """As text; the secret stands in the header."""
    return _by_token(request, _as_text_file)


@require_safe
def pdf(request: HttpRequest) -> HttpResponse:
    """As PDF; the secret stands in the header."""
    return _by_token(request, _as_pdf_file)


@require_safe
def page_text(request: HttpRequest) -> HttpResponse:
    """As text for the page without JavaScript, whose secret is in its cookie."""
    return _by_cookie(request, _as_text_file)


@require_safe
def page_pdf(request: HttpRequest) -> HttpResponse:
    """As PDF for the page without JavaScript, whose secret is in its cookie."""
    return _by_cookie(request, _as_pdf_file)


def _by_token(
    request: HttpRequest, as_file: Callable[[Conversation], HttpResponse]
) -> HttpResponse:
    language = get_language() or "nl"
    try:
        conversation = _opened_by(token_in(request), request)
        language = conversation.language
        return as_file(conversation)
    except RuleBroken as error:
        return refused(error, language)


def _by_cookie(
    request: HttpRequest, as_file: Callable[[Conversation], HttpResponse]
) -> HttpResponse:
    language = get_language() or "nl"
    try:
        token = request.COOKIES.get(f"{COOKIE}_{language}", "")
        return as_file(_opened_by(token, request))
    except RuleBroken as error:
        if error.code == "wrong_token":
            raise Http404 from error
        said = HttpResponse(sentence(error, language), content_type="text/plain; charset=utf-8")
        said.status_code = STATUS.get(error.code, 400)
        return private(said)


def _opened_by(token: str, request: HttpRequest) -> Conversation:
    """The conversation of this secret. Each try counts: a PDF is dear."""
    address = request_address(request.META)
    keep_pace("transcript", who=access.hashed(token), address=address, per_minute=COPIES_PER_MINUTE)
    return access.of_citizen(token)


def _as_text_file(conversation: Conversation) -> HttpResponse:
    response = HttpResponse(as_text(conversation), content_type="text/plain; charset=utf-8")
    return download(response, _name(conversation, "txt"))


def _as_pdf_file(conversation: Conversation) -> HttpResponse:
    response = HttpResponse(as_pdf(conversation), content_type="application/pdf")
    return download(response, _name(conversation, "pdf"))


def _name(conversation: Conversation, ending: str) -> str:
    with override(conversation.language):
        return f"{file_name()}.{ending}"
