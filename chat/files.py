"""Doors for files of a chat over HTTP: a citizen by token or by cookie, an agent by login.

A refusal is the `error` frame of the protocol with a status of 400 or more.
"""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    RawPostDataException,
    UnreadablePostError,
)
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.access import CHAT_ROLES, staff_door
from accounts.models import User
from chat import access
from chat.actions import sharing, writing
from chat.doors import download, private, refused, token_in
from chat.models import Attachment, Conversation
from chat.plain import COOKIE
from chat.states import Author
from common.errors import RuleBroken
from common.throttle import keep_pace, request_address
from common.uploads import MAX_BYTES

FORM_BYTES = 16 * 1024  # what the form may take beside the file in it
UPLOADS_PER_MINUTE = 30
READS_PER_MINUTE = 240


# Exempt from CSRF: no cookie is looked at; who sends knows the secret of the conversation.
@csrf_exempt
@require_POST
def citizen_upload(request: HttpRequest) -> HttpResponse:
    """A file of the citizen; the secret stands in the header."""
    language = get_language() or "nl"
    try:
        token = token_in(request)
        _require_not_too_fast("file-send", request, access.hashed(token), UPLOADS_PER_MINUTE)
        conversation = access.of_citizen(token)
        language = conversation.language
        return _shared(request, conversation, Author.CITIZEN, None)
    except RuleBroken as error:
        return refused(error, language)


@require_safe
def citizen_file(request: HttpRequest, file: UUID) -> HttpResponse:
    """The content of a file of the own conversation; the secret stands in the header."""
    try:
        token = token_in(request)
        _require_not_too_fast("file-read", request, access.hashed(token), READS_PER_MINUTE)
        return attachment_response(access.file_of_citizen(token, file))
    except RuleBroken as error:
        return refused(error, get_language() or "nl")


@require_safe
def page_file(request: HttpRequest, file: UUID) -> HttpResponse:
    """The same for the page without JavaScript, whose secret is in its cookie."""
    token = request.COOKIES.get(f"{COOKIE}_{get_language()}", "")
    try:
        _require_not_too_fast("file-read", request, access.hashed(token), READS_PER_MINUTE)
        return attachment_response(access.file_of_citizen(token, file))
    except RuleBroken as error:
        raise Http404 from error


@staff_door(*CHAT_ROLES)
@require_POST
def agent_upload(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """A file of the agent to the citizen of an own conversation."""
    agent = request.user
    assert isinstance(agent, User)
    try:
        _require_not_too_fast("file-send", request, str(agent.pk), UPLOADS_PER_MINUTE)
        found = access.readable_by(agent, conversation)
        return _shared(request, found, Author.AGENT, agent)
    except RuleBroken as error:
        return refused(error, get_language() or "nl")


@staff_door(*CHAT_ROLES)
@require_safe
def agent_file(request: HttpRequest, file: UUID) -> HttpResponse:
    """The content of a file that this agent may read; `?inline` shows a picture on the page."""
    assert isinstance(request.user, User)
    try:
        found = access.file_readable_by(request.user, file)
        return attachment_response(found, inline="inline" in request.GET)
    except RuleBroken as error:
        return refused(error, get_language() or "nl")


def attachment_response(attachment: Attachment, *, inline: bool = False) -> HttpResponse:
    """The content, to be saved; only a picture may be shown on a page that asks for it.

    The type is one of four of our own.
    Raises RuleBroken("not_found") when the content was removed at this very moment.
    """
    try:
        with attachment.content.open("rb") as kept:
            response = HttpResponse(kept.read(), content_type=attachment.media_type)
    except FileNotFoundError:
        raise RuleBroken("not_found") from None
    shown = inline and attachment.media_type != Attachment.MediaType.PDF
    return download(response, attachment.name, shown=shown)


def _shared(
    request: HttpRequest, conversation: Conversation, author: Author, agent: User | None
) -> HttpResponse:
    ref, upload = _sent(request)
    try:
        stored = sharing.share_file(
            conversation=conversation,
            author=author,
            agent=agent,
            upload=upload,
            client_ref=ref,
            now=timezone.now(),
        )
    except Conversation.DoesNotExist:  # removed while the file was on its way
        raise RuleBroken("not_found" if agent else "wrong_token") from None
    frame = writing.acknowledgement(stored, sent=stored.text, client_ref=ref)
    return private(JsonResponse({**frame, "message": stored.payload}))


def _sent(request: HttpRequest) -> tuple[UUID, UploadedFile]:
    """`ref` and `file` of the form. What says that it is too long is not read at all."""
    if _content_length(request.META) > MAX_BYTES + FORM_BYTES:
        raise RuleBroken("file_too_big")
    try:
        ref, upload = UUID(request.POST.get("ref", "")), request.FILES.get("file")
    except (
        *(ValueError, MultiPartParserError, SuspiciousOperation),
        *(RawPostDataException, UnreadablePostError),
    ):
        raise RuleBroken("bad_frame") from None
    if upload is None or not upload.size:
        raise RuleBroken("file_missing")
    return ref, upload


def _content_length(meta: Mapping[str, str]) -> int:
    try:
        return int(meta.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise RuleBroken("bad_frame") from None


def _require_not_too_fast(door: str, request: HttpRequest, who: str, per_minute: int) -> None:
    """Counts each try, also those that are refused: a check of a file is dear."""
    keep_pace(door, who=who, address=request_address(request.META), per_minute=per_minute)
